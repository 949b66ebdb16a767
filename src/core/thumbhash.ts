/** Rows of RGBA pixels, 8 bits a channel, not premultiplied, at most 100 in each direction. */
export interface SmallPicture {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * The ThumbHash of a picture (https://evanw.github.io/thumbhash/), at most 25 bytes: its lowest frequencies as
 * brightness, yellow to blue, red to green and, where it is not opaque, alpha. A script can draw a blurred picture of it.
 */
export function thumbHash(picture: SmallPicture): Uint8Array {
  const { width, height } = picture
  const planes = planesOf(picture)
  const longest = Math.max(width, height)
  const most = planes.alpha ? 5 : 7
  const across = Math.max(1, Math.round((most * width) / longest))
  const down = Math.max(1, Math.round((most * height) / longest))
  const waves = (plane: Float64Array, nx: number, ny: number): Waves =>
    wavesOf({ plane, width, height }, nx, ny)
  const light = waves(planes.light, Math.max(3, across), Math.max(3, down))
  const yellow = waves(planes.yellow, 3, 3)
  const red = waves(planes.red, 3, 3)
  const alpha = planes.alpha ? waves(planes.alpha, 5, 5) : null
  const wide = width > height
  const colours =
    Math.round(63 * light.mean) |
    (Math.round(31.5 + 31.5 * yellow.mean) << 6) |
    (Math.round(31.5 + 31.5 * red.mean) << 12) |
    (Math.round(31 * light.scale) << 18) |
    (alpha ? 1 << 23 : 0)
  const shape =
    (wide ? down : across) |
    (Math.round(63 * yellow.scale) << 3) |
    (Math.round(63 * red.scale) << 9) |
    (wide ? 1 << 15 : 0)
  const bytes = [colours & 255, (colours >> 8) & 255, colours >> 16, shape & 255, shape >> 8]
  if (alpha) bytes.push(Math.round(15 * alpha.mean) | (Math.round(15 * alpha.scale) << 4))
  const nibbles = [light, yellow, red, ...(alpha ? [alpha] : [])].flatMap(({ levels }) =>
    levels.map((level) => Math.round(15 * level)),
  )
  for (let at = 0; at < nibbles.length; at += 2)
    bytes.push((nibbles[at] ?? 0) | ((nibbles[at + 1] ?? 0) << 4))
  return Uint8Array.from(bytes)
}

/** The channels that are transformed; `alpha` is null for an opaque picture. */
interface Planes {
  readonly light: Float64Array
  readonly yellow: Float64Array
  readonly red: Float64Array
  readonly alpha: Float64Array | null
}

/** What is clear takes the mean colour of what is not, so that it adds no frequency. Plain loops: they run for every picture. */
function planesOf({ pixels, width, height }: SmallPicture): Planes {
  const count = width * height
  const { ground, opacity } = meanOf(pixels, count)
  const light = new Float64Array(count)
  const yellow = new Float64Array(count)
  const red = new Float64Array(count)
  const clear = new Float64Array(count)
  for (let pixel = 0; pixel < count; pixel += 1) {
    const at = pixel * 4
    const alpha = (pixels[at + 3] ?? 0) / 255
    // The order of the operations is the reference's: a rounding at a tie comes out alike.
    const r = ground.r * (1 - alpha) + (alpha / 255) * (pixels[at] ?? 0)
    const g = ground.g * (1 - alpha) + (alpha / 255) * (pixels[at + 1] ?? 0)
    const b = ground.b * (1 - alpha) + (alpha / 255) * (pixels[at + 2] ?? 0)
    light[pixel] = (r + g + b) / 3
    yellow[pixel] = (r + g) / 2 - b
    red[pixel] = r - g
    clear[pixel] = alpha
  }
  return { light, yellow, red, alpha: opacity < count ? clear : null }
}

/** The mean colour of what is not clear, channels 0..1, and the sum of the opacities. */
function meanOf(
  pixels: Uint8Array,
  count: number,
): {
  readonly ground: { readonly r: number; readonly g: number; readonly b: number }
  readonly opacity: number
} {
  let [r, g, b, opacity] = [0, 0, 0, 0]
  for (let at = 0; at < count * 4; at += 4) {
    const alpha = (pixels[at + 3] ?? 0) / 255
    opacity += alpha
    r += (alpha / 255) * (pixels[at] ?? 0)
    g += (alpha / 255) * (pixels[at + 1] ?? 0)
    b += (alpha / 255) * (pixels[at + 2] ?? 0)
  }
  const parts = opacity > 0 ? opacity : 1
  return { ground: { r: r / parts, g: g / parts, b: b / parts }, opacity }
}

/** A plane's mean, the largest of its other coefficients, and those as shares of it, 0..1 with 0.5 for none. */
interface Waves {
  readonly mean: number
  readonly scale: number
  readonly levels: readonly number[]
}

/** The lowest frequencies of a cosine transform, those in the triangle of `nx` by `ny`. */
function wavesOf(
  { plane, width, height }: { readonly plane: Float64Array; readonly width: number; readonly height: number },
  nx: number,
  ny: number,
): Waves {
  const columns = Array.from({ length: nx }, (_, cx) => cosines(width, cx))
  const found: number[] = []
  for (let cy = 0; cy < ny; cy += 1) {
    const rows = cosines(height, cy)
    for (let cx = 0; cx * ny < nx * (ny - cy); cx += 1) {
      found.push(product(plane, columns[cx] ?? rows, rows) / (width * height))
    }
  }
  const [mean = 0, ...others] = found
  const scale = Math.max(0, ...others.map(Math.abs))
  return { mean, scale, levels: others.map((value) => (scale > 0 ? 0.5 + (0.5 / scale) * value : value)) }
}

/** The sum over all pixels, row by row, of the plane and a wave; in loops of its own, for it is most of the work. */
function product(plane: Float64Array, columns: Float64Array, rows: Float64Array): number {
  let sum = 0
  for (let y = 0; y < rows.length; y += 1) {
    const row = y * columns.length
    const inRow = rows[y] ?? 0
    for (let x = 0; x < columns.length; x += 1) sum += (plane[row + x] ?? 0) * (columns[x] ?? 0) * inRow
  }
  return sum
}

function cosines(length: number, frequency: number): Float64Array {
  const wave = new Float64Array(length)
  for (let at = 0; at < length; at += 1) wave[at] = Math.cos((Math.PI / length) * frequency * (at + 0.5))
  return wave
}
