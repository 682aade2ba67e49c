import { Crc64 } from '../../src/formats/crc64.ts'

/** What a test says of one member; everything else of the header is zero. */
export interface TarMember {
  name: string | Buffer
  flag?: string
  content?: string | Buffer
  /** Fields set as they are: offset and bytes. */
  raw?: readonly (readonly [at: number, bytes: string | Buffer])[]
}

/** The 512-byte header and, for members with content, the content and its padding. */
export interface TarPiece {
  name: Buffer
  header: Buffer
  content: Buffer
  padding: Buffer
}

export const ustarMagic = [257, 'ustar\x0000'] as const
export const gnuMagic = [257, 'ustar  \0'] as const

/** Lays out one member; the size is that of the content unless `raw` says otherwise. */
export function tarPiece({ name, flag = '0', content = '', raw = [] }: TarMember): TarPiece {
  const body = Buffer.from(content)
  const header = Buffer.alloc(512)
  header.set(Buffer.from(name).subarray(0, 100), 0)
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  header.write(flag, 156, 'latin1')
  for (const [at, bytes] of [ustarMagic, ...raw]) header.set(Buffer.from(bytes), at)
  signHeader(header)
  return {
    name: Buffer.from(name),
    header,
    content: body,
    padding: Buffer.alloc((512 - (body.length % 512)) % 512),
  }
}

/** Writes the checksum of a header block. */
export function signHeader(header: Buffer): void {
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}

/** The content of a PAX header. */
export function paxRecords(records: Record<string, string | Buffer>): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')])
    let length = rest.length + 1
    while (String(length).length + rest.length !== length) length = String(length).length + rest.length
    return Buffer.concat([Buffer.from(String(length)), rest])
  })
  return Buffer.concat(lines)
}

export function writeTar(members: readonly TarMember[]): Buffer {
  const pieces = members.map(tarPiece)
  return Buffer.concat([
    ...pieces.flatMap(({ header, content, padding }) => [header, content, padding]),
    Buffer.alloc(1024),
  ])
}

/** The lines of a tar-split stream for a tar of these members; extended headers go into the segment of their member. */
export function tarSplitLines(members: readonly TarMember[]): object[] {
  const lines: object[] = []
  let segment: Buffer[] = []
  const add = (entry: object): void => {
    lines.push({ ...entry, position: lines.length })
  }
  const flush = (): void => {
    add({ type: 2, payload: Buffer.concat(segment).toString('base64') })
    segment = []
  }
  for (const member of members) {
    const { name, header, content, padding } = tarPiece(member)
    segment.push(header)
    if ('xgLK'.includes(member.flag ?? '0')) {
      segment.push(content, padding)
      continue
    }
    flush()
    const isText = Buffer.from(name.toString()).equals(name)
    const crc = new Crc64().update(content).digest().toString('base64')
    add({
      type: 1,
      ...(isText ? { name: name.toString() } : { name_raw: name.toString('base64') }),
      ...(content.length === 0 ? { payload: null } : { size: content.length, payload: crc }),
    })
    segment.push(padding)
  }
  segment.push(Buffer.alloc(1024))
  flush()
  return lines
}
