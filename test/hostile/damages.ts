import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** One damage as it is drawn: what is done, to which path, and a number that decides the rest. */
export interface Damage {
  readonly kind: DamageKind
  readonly path: string
  /** Another path of the same root, for damages that need two. */
  readonly other: string
  readonly detail: number
}

/** What damages may take from: entries that only root can make, and one of each that is costly to make. */
export interface Supplies {
  readonly fifo: string
  readonly socket: string
  /** Character devices; none where this user can make none. */
  readonly devices: readonly string[]
  readonly bomb: Buffer
}

export type DamageKind = keyof typeof KINDS

/** Whether nothing of what the file held can be read any more: then a finding has to name it. */
export const UNREADABLE: ReadonlySet<DamageKind> = new Set([
  ...(['zero', 'link', 'linkOut', 'linkToItself', 'linkToFifo', 'danglingLink', 'fifo', 'socket'] as const),
  ...(['device', 'directory', 'forbidden'] as const),
])

/** Does a damage below a root; gives the paths that it touched, none where it does not fit the place. */
export function damage(root: string, { kind, path, other, detail }: Damage, supplies: Supplies): string[] {
  const at = join(root, path)
  const stats = lstatSync(at, { throwIfNoEntry: false })
  if (path === '' || stats === undefined) return []
  // A directory is not written into: it is moved, closed, or something else stands in its place.
  if (NEEDS_FILE.has(kind) && !stats.isFile()) return []
  return KINDS[kind]({ root, path, at, other, detail, supplies })
}

interface Place {
  readonly root: string
  readonly path: string
  readonly at: string
  readonly other: string
  readonly detail: number
  readonly supplies: Supplies
}

type Act = (place: Place) => string[]

/** A damage of a regular file's bytes. */
const rewrite =
  (change: (bytes: Buffer, place: Place) => Buffer | string): Act =>
  (place) => {
    writeFileSync(place.at, change(readFileSync(place.at), place))
    return [place.path]
  }

/** Something else in the place of whatever was there. */
const replace =
  (make: (place: Place) => void): Act =>
  (place) => {
    rmSync(place.at, { recursive: true, force: true })
    make(place)
    return [place.path]
  }

const linkTo = (target: (place: Place) => string): Act =>
  replace((place) => symlinkSync(target(place), place.at))

const pick = <T>(items: readonly [T, ...T[]], detail: number): T => items[detail % items.length] ?? items[0]

const OUTSIDE: readonly [string, ...string[]] = [
  '/etc/passwd',
  '/proc/self/mem',
  '/dev/zero',
  '/etc',
  '/',
  '../'.repeat(40),
  `${'../'.repeat(40)}etc/passwd`,
]

/** Names that a program must not join to a path. */
const ESCAPES: readonly [string, ...string[]] = [
  '../../../../../../etc/passwd',
  '/etc',
  '..',
  '.',
  '../..',
  'sha256:../../../../etc',
  `l/${'../'.repeat(20)}etc`,
  'a/../../../../b',
  '',
  '\u0000',
  'x'.repeat(300),
  'x'.repeat(5000),
  '\u001b[2J\u001b]0;owned\u0007',
  '__proto__',
  'constructor',
]

const KINDS = {
  truncate: ({ at, path, detail }) => {
    truncateSync(at, detail % (lstatSync(at).size + 1))
    return [path]
  },
  empty: rewrite(() => ''),
  zero: rewrite((bytes) => Buffer.alloc(bytes.length)),
  zeroPart: rewrite((bytes, { detail }) => {
    const from = detail % (bytes.length + 1)
    return Buffer.from(bytes).fill(0, from, Math.min(bytes.length, from + 1 + (detail % 600)))
  }),
  flip: rewrite((bytes, { detail }) => {
    const flipped = Buffer.from(bytes)
    for (let count = 0, at = detail; count <= detail % 8 && bytes.length > 0; count++, at += 7919)
      flipped[at % bytes.length] = (flipped[at % bytes.length] ?? 0) ^ (1 << (at % 8))
    return flipped
  }),
  append: rewrite((bytes, { detail }) => Buffer.concat([bytes, bytes.subarray(0, detail % 512), NOISE])),
  deepJson: rewrite((_bytes, { detail }) =>
    detail % 2 === 0 ? '['.repeat(100_000) : `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  ),
  deepMember: rewrite((bytes, { detail }) =>
    atMember(bytes, detail, `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  ),
  prototype: rewrite((bytes) =>
    bytes
      .toString()
      .replace('{', '{"__proto__":{"ID":"x","parent":"y"},"constructor":{"prototype":1},"toString":7,'),
  ),
  duplicateKeys: rewrite((bytes, { detail }) => {
    const content = bytes.toString()
    const keys = [...content.matchAll(/"([A-Za-z_-]{1,40})":/g)].map((match) => match[1])
    const key = keys[detail % Math.max(1, keys.length)]
    return content.replace(/\}\s*$/, `,"${key}":{"a":[1]},"${key?.toUpperCase()}":-1,"${key}":null}`)
  }),
  otherType: rewrite((bytes, { detail }) =>
    atMember(bytes, detail, pick(['null', '[]', '{}', '-1', 'true', '"x"', '[[{}]]'], detail >> 4)),
  ),
  hugeNumber: rewrite((bytes, { detail }) =>
    atNumber(bytes, detail, pick(['1e400', '9'.repeat(400), '-9223372036854775808', '1e-400', '00'], detail)),
  ),
  escape: rewrite((bytes, { detail }) => {
    const name = pick(ESCAPES, detail >> 3)
    const isJson = bytes[0] === 0x7b || bytes[0] === 0x5b
    return isJson ? atMember(bytes, detail, JSON.stringify(name)) : name
  }),
  badUtf8: rewrite((bytes, { detail }) => {
    const at = detail % (bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xfe, 0xc0, 0x80]), bytes.subarray(at)])
  }),
  sparse: ({ at, path, detail }) => {
    truncateSync(at, pick([70, 300, 1000, 1100, 5000], detail) * 1024 * 1024)
    return [path]
  },
  bomb: rewrite((_bytes, { supplies }) => supplies.bomb),
  cutBomb: rewrite((_bytes, { supplies }) => supplies.bomb.subarray(0, supplies.bomb.length / 2)),
  swap: ({ root, at, path, other }) => {
    const there = join(root, other)
    if (other === '' || isAbove(path, other) || isAbove(other, path) || !existsSync(there)) return []
    renameSync(at, `${at}.swap`)
    renameSync(there, at)
    renameSync(`${at}.swap`, there)
    return [path, other]
  },
  copyOther: ({ root, at, path, other }) => {
    const there = join(root, other)
    if (lstatSync(there, { throwIfNoEntry: false })?.isFile() !== true) return []
    writeFileSync(at, readFileSync(there))
    return [path]
  },
  pointAtOther: rewrite((_bytes, { other }) => `sha256:${other.split('/').find(isHex) ?? '0'.repeat(64)}`),
  remove: ({ at, path }) => {
    rmSync(at, { recursive: true, force: true })
    return [path]
  },
  moveAway: ({ at, path }) => {
    renameSync(at, `${at}-removing`)
    return [path, `${path}-removing`]
  },
  link: linkTo(({ detail }) => pick(OUTSIDE, detail)),
  linkOut: linkTo(({ path, detail }) => '../'.repeat(path.split('/').length + (detail % 3))),
  linkToItself: linkTo(({ at }) => at),
  linkToFifo: linkTo(({ supplies }) => supplies.fifo),
  danglingLink: linkTo(() => 'nothing/here'),
  linkToOther: linkTo(({ root, other }) => join(root, other)),
  fifo: replace(({ at, supplies }) => linkSync(supplies.fifo, at)),
  socket: replace(({ at, supplies }) => linkSync(supplies.socket, at)),
  device: replace(({ at, detail, supplies }) => {
    const device = supplies.devices[detail % Math.max(1, supplies.devices.length)]
    if (device === undefined) mkdirSync(at)
    else linkSync(device, at)
  }),
  directory: replace(({ at }) => mkdirSync(at)),
  file: replace(({ at }) => writeFileSync(at, 'a file where something else was')),
  forbidden: ({ at, path }) => {
    if (lstatSync(at).isSymbolicLink()) return []
    chmodSync(at, 0)
    return [path]
  },
  stray: ({ at, path, detail }) => {
    const name = pick(STRAYS, detail)
    const place = lstatSync(at).isDirectory() ? path : dirname(path)
    const made = join(place, name)
    const absolute = join(at.slice(0, at.length - path.length), made)
    if (existsSync(absolute)) return []
    if (detail % 2 === 0) mkdirSync(absolute)
    else writeFileSync(absolute, 'stray')
    return [made]
  },
  manyEntries: ({ at, path, detail }) => {
    if (!lstatSync(at).isDirectory()) return []
    const count = 50 + (detail % 500)
    const names = Array.from({ length: count }, (_, index) => `${path}/stray-${index}`)
    for (const name of names) mkdirSync(join(at, name.slice(path.length + 1)))
    // The directory itself grew.
    return [path]
  },
  brokenName: ({ at, path }) => {
    if (!lstatSync(at).isDirectory()) return []
    execFileSync('bash', ['-c', 'mkdir -p "$1"/$\'\\xff\\xfe broken\' && touch "$1"/$\'\\xc3\'', '_', at])
    // Restored with the directory itself, since no text names what lies in it.
    return [path]
  },
} satisfies Readonly<Record<string, Act>>

export const DAMAGE_KINDS = Object.keys(KINDS) as DamageKind[]

/** Damages that write into a file; the others take the place of whatever is there. */
const NEEDS_FILE: ReadonlySet<DamageKind> = new Set([
  ...(['truncate', 'empty', 'zero', 'zeroPart', 'flip', 'append', 'deepJson', 'deepMember'] as const),
  ...(['prototype', 'duplicateKeys', 'otherType', 'hugeNumber', 'escape', 'badUtf8', 'sparse'] as const),
  ...(['bomb', 'cutBomb', 'copyOther', 'pointAtOther'] as const),
])

const NOISE = Buffer.from('\u0000}]"\n{"a":1}', 'latin1')

const STRAYS: readonly [string, ...string[]] = [
  'f'.repeat(64),
  `${'e'.repeat(64)}-init`,
  `${'d'.repeat(64)}-removing`,
  'x'.repeat(255),
  '\u001b[31mred',
  'a b\nc',
  '__proto__',
  'constructor',
  '-rf',
  '..\u202e..',
]

const isHex = (part: string): boolean => /^[0-9a-f]{64}$/.test(part)

/** Whether a path is another one or lies above it. */
export const isAbove = (upper: string, path: string): boolean =>
  upper === path || upper === '' || path.startsWith(`${upper}/`)

/** Puts a text in the place of one JSON string value. */
function atMember(bytes: Buffer, detail: number, replacement: string): string {
  const content = bytes.toString()
  const values = [...content.matchAll(/:("(?:[^"\\]|\\.)*")/g)]
  const chosen = values[detail % Math.max(1, values.length)]
  if (chosen === undefined) return replacement
  const at = chosen.index + 1
  return content.slice(0, at) + replacement + content.slice(at + (chosen[1]?.length ?? 0))
}

function atNumber(bytes: Buffer, detail: number, replacement: string): string {
  const content = bytes.toString()
  const numbers = [...content.matchAll(/(?<=[:[,]|^)-?\d+/g)]
  const chosen = numbers[detail % Math.max(1, numbers.length)]
  if (chosen === undefined) return replacement
  return content.slice(0, chosen.index) + replacement + content.slice(chosen.index + chosen[0].length)
}

/** Bytes that unpack to a gigabyte. */
export const gzipBomb = (): Buffer => {
  const piece = gzipSync(Buffer.alloc(64 * 1024 * 1024, '{"type":2,"payload":"'), { level: 9 })
  return Buffer.concat(Array.from({ length: 16 }, () => piece))
}
