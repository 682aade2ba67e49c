/*
 * Header blocks of tar as Go's archive/tar reads them: ustar, GNU, star and V7, numbers in octal or base 256.
 */

/** Headers, and the content behind them, fill whole blocks. */
export const blockLength = 512

/** The fields of a header block: where each stands and how long it is. */
const field = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeflag: [156, 1],
  linkName: [157, 100],
  magic: [257, 6],
  devMajor: [329, 8],
  devMinor: [337, 8],
  prefix: [345, 155],
  starPrefix: [345, 131],
  starTrailer: [508, 4],
} as const satisfies Record<string, readonly [at: number, length: number]>

type Field = readonly [at: number, length: number]

/** What a header describes; `global` is a PAX header that stands alone, `other` a kind that no engine unpacks. */
export type TarType =
  | 'file'
  | 'hardlink'
  | 'symlink'
  | 'char'
  | 'block'
  | 'dir'
  | 'fifo'
  | 'sparse'
  | 'global'
  | 'other'

const typeOfFlag = new Map<string, TarType>([
  ['0', 'file'],
  ['\0', 'file'],
  ['7', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'char'],
  ['4', 'block'],
  ['5', 'dir'],
  ['6', 'fifo'],
  ['S', 'sparse'],
])

/** What one header block says by itself; `size` is as stated, `mode` the permission bits, `mtime` in seconds since 1970. */
export interface TarBlock {
  flag: string
  name: Buffer
  type: TarType
  mode: number
  uid: number
  gid: number
  size: number
  mtime: number
  linkName: Buffer
  devMajor: number
  devMinor: number
}

/** Why a tar cannot be read on: it ends too early, a block is no header, or an extended header is malformed. */
export type TarErrorCode = 'cut-off' | 'bad-header' | 'bad-pax'

/** Says where a tar is damaged; the message is a phrase for people. */
export class TarError extends Error {
  override readonly name = 'TarError'
  readonly code: TarErrorCode

  constructor(code: TarErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Reads one block, as if no extended header came before it; throws TarError if a field holds no usable number. */
export function parseTarBlock(block: Buffer): TarBlock {
  const magic = slice(block, field.magic).toString('latin1')
  const isUstar = magic === 'ustar\0'
  const isStar = isUstar && slice(block, field.starTrailer).toString('latin1') === 'tar\0'
  const prefix = isUstar ? text(block, isStar ? field.starPrefix : field.prefix) : Buffer.alloc(0)
  const name = text(block, field.name)
  const hasDevices = magic.startsWith('ustar')
  const size = numeric(block, field.size)
  if (size < 0) throw new TarError('bad-header', 'a tar header states a negative size')
  const flag = slice(block, field.typeflag).toString('latin1')
  return {
    flag,
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    type: typeOfFlag.get(flag) ?? 'other',
    mode: numeric(block, field.mode) & 0o7777,
    uid: numeric(block, field.uid),
    gid: numeric(block, field.gid),
    size,
    mtime: numeric(block, field.mtime),
    linkName: text(block, field.linkName),
    devMajor: hasDevices ? numeric(block, field.devMajor) : 0,
    devMinor: hasDevices ? numeric(block, field.devMinor) : 0,
  }
}

/** Rounds a content size up to whole blocks. */
export const paddedLength = (size: number): number => Math.ceil(size / blockLength) * blockLength

const zeroBlock = Buffer.alloc(blockLength)

/** Tells the zero block, or the lack of any, that ends a tar. */
export const isEnd = (block: Buffer): boolean => block.length === 0 || block.equals(zeroBlock)

/** The checksum counts its own field as blanks; some old writers summed signed bytes. */
export function hasRightChecksum(block: Buffer): boolean {
  const [start, length] = field.checksum
  let unsigned = 0x20 * length
  let negatives = 0
  for (let at = 0; at < blockLength; at++) {
    if (at >= start && at < start + length) continue
    const byte = block[at] ?? 0
    unsigned += byte
    if (byte > 0x7f) negatives++
  }
  const stated = octal(slice(block, field.checksum))
  return stated === unsigned || stated === unsigned - 256 * negatives
}

function numeric(block: Buffer, where: Field): number {
  const bytes = slice(block, where)
  const number = ((bytes[0] ?? 0) & 0x80) === 0 ? octal(bytes) : base256(bytes)
  if (number === null) throw new TarError('bad-header', 'a tar header holds no usable number')
  return number
}

/** Blanks and NULs may stand before the digits, and end them. */
function octal(bytes: Buffer): number | null {
  let value = 0
  let hasDigits = false
  for (const byte of bytes) {
    const isFiller = byte === 0x20 || byte === 0
    if (isFiller && hasDigits) break
    if (isFiller) continue
    if (byte < 0x30 || byte > 0x37) return null
    value = value * 8 + byte - 0x30
    hasDigits = true
  }
  return value
}

/** Two's complement, big-endian, the topmost bit being only the mark of this form. */
function base256(bytes: Buffer): number | null {
  const unsigned = BigInt(`0x${bytes.toString('hex')}`)
  const number = Number(BigInt.asIntN(8 * bytes.length - 1, unsigned))
  return Number.isSafeInteger(number) ? number : null
}

const slice = (block: Buffer, [at, length]: Field): Buffer => block.subarray(at, at + length)

const text = (block: Buffer, where: Field): Buffer => untilNul(slice(block, where))

/** Cuts a text field at the NUL that ends it, if any does. */
export function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}
