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

/** What is clear takes the mean colour of what is not, so that it adds no frequency. */
function planesOf({ pixels, width, height }: SmallPicture): Planes {
  const count = width * height
  const mean = [0, 0, 0]
  let opacity = 0
  // The order of the operations is the reference's: a rounding at a tie comes out alike.
  const opaqueness = (pixel: number): number => (pixels[pixel * 4 + 3] ?? 0) / 255
  for (let pixel = 0; pixel < count; pixel += 1) {
    const alpha = opaqueness(pixel)
    opacity += alpha
    for (let channel = 0; channel < 3; channel += 1) {
      mean[channel] = (mean[channel] ?? 0) + (alpha / 255) * (pixels[pixel * 4 + channel] ?? 0)
    }
  }
  const light = new Float64Array(count)
  const yellow = new Float64Array(count)
  const red = new Float64Array(count)
  const clear = new Float64Array(count)
  const ground = mean.map((sum) => (opacity > 0 ? sum / opacity : sum))
  for (let pixel = 0; pixel < count; pixel += 1) {
    const alpha = opaqueness(pixel)
    const over = (channel: number): number =>
      (ground[channel] ?? 0) * (1 - alpha) + (alpha / 255) * (pixels[pixel * 4 + channel] ?? 0)
    const [r, g, b] = [over(0), over(1), over(2)]
    light[pixel] = (r + g + b) / 3
    yellow[pixel] = (r + g) / 2 - b
    red[pixel] = r - g
    clear[pixel] = alpha
  }
  return { light, yellow, red, alpha: opacity < count ? clear : null }
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
  const found: number[] = []
  for (let cy = 0; cy < ny; cy += 1) {
    const rows = cosines(height, cy)
    for (let cx = 0; cx * ny < nx * (ny - cy); cx += 1) {
      const columns = cosines(width, cx)
      found.push(product(plane, columns, rows) / (width * height))
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
  return Float64Array.from({ length }, (_, at) => Math.cos((Math.PI / length) * frequency * (at + 0.5)))
}
