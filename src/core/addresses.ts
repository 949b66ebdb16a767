/**
 * Where a network address leads: this machine, some place no picture is fetched from (private, link-local, metadata,
 * multicast, documentation, …), or the public internet. Null for text that is not a literal address. Takes every way of
 * writing one that systems accept: `127.1`, `0x7f.1`, `017700000001`, `::ffff:10.0.0.1`, `[::1]`, `fe80::1%eth0`.
 * Sources: the IANA special-purpose address registries for IPv4 and IPv6.
 */
export function addressKind(text: string): 'loopback' | 'reserved' | 'public' | null {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  const v4 = parseV4(bare)
  if (v4 !== null) return kindOfV4(v4)
  const v6 = parseV6(bare.replace(/%.*$/, ''))
  return v6 === null ? null : kindOfV6(v6)
}

/**
 * True for names that can only mean something on this machine or in this network: `localhost`, names without a dot, and
 * the suffixes set aside for local use, cloud metadata among them.
 */
export function isLocalName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return !name.includes('.') || /\.(localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/.test(name)
}

/** `[first address, prefix length]` of what is not public, loopback aside. */
const RESERVED_V4: readonly (readonly [first: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Azure's platform channel: a public number that is only ever this machine's host.
  ['168.63.129.16', 32],
]

function kindOfV4(address: number): 'loopback' | 'reserved' | 'public' {
  if (Math.floor(address / 2 ** 24) === 127) return 'loopback'
  const reserved = RESERVED_V4.some(([first, prefix]) => {
    const size = 2 ** (32 - prefix)
    return Math.floor(address / size) === Math.floor((parseV4(first) ?? 0) / size)
  })
  return reserved ? 'reserved' : 'public'
}

/** Up to four numbers, decimal, octal or hexadecimal, of which the last fills the rest: the reading of inet_aton. */
function parseV4(text: string): number | null {
  const parts = text.replace(/\.$/, '').split('.')
  if (parts.length > 4) return null
  const numbers = parts.map(parseNumber)
  const last = numbers.pop()
  if (last === undefined || last === null || last >= 256 ** (4 - numbers.length)) return null
  let address = 0
  for (const [at, number] of numbers.entries()) {
    if (number === null || number > 255) return null
    address += number * 256 ** (3 - at)
  }
  return address + last
}

function parseNumber(text: string): number | null {
  if (/^0x[0-9a-f]*$/i.test(text)) return text.length === 2 ? 0 : Number.parseInt(text, 16)
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8)
  return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : null
}

/** Eight groups of 16 bits, or null. */
function parseV6(text: string): readonly number[] | null {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const tail = dotted ? parseV4(dotted[2] ?? '') : null
  if (dotted && tail === null) return null
  const whole =
    tail === null
      ? text
      : `${dotted?.[1] ?? ''}${Math.floor(tail / 65_536).toString(16)}:${(tail % 65_536).toString(16)}`
  const halves = whole.split('::')
  if (!whole.includes(':') || halves.length > 2) return null
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - rest.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...rest]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null
  return groups.map((group) => Number.parseInt(group, 16))
}

function kindOfV6(groups: readonly number[]): 'loopback' | 'reserved' | 'public' {
  const [first = 0, second = 0] = groups
  const embedded = (groups[6] ?? 0) * 65_536 + (groups[7] ?? 0)
  const leading = (count: number): boolean => groups.slice(0, count).every((group) => group === 0)
  if (leading(7) && embedded === 1) return 'loopback'
  // NAT64: how an IPv6-only network reaches IPv4, so as public as the address inside.
  const nat64 = first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0)
  if (nat64) return kindOfV4(embedded) === 'public' ? 'public' : 'reserved'
  // Everything else outside 2000::/3 is mapped, local, multicast or unassigned.
  if (first < 0x2000 || first > 0x3fff) return 'reserved'
  const ietf = first === 0x2001 && second < 0x200
  const documentation = (first === 0x2001 && second === 0xdb8) || (first === 0x3fff && second < 0x1000)
  const sixToFour = first === 0x2002
  return ietf || documentation || sixToFour ? 'reserved' : 'public'
}
