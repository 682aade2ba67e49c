import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { MODIFIED_S } from './layer-files.mjs'

const BLOCK = 512
const FLAGS = { file: '0', hardlink: '1', symlink: '2', directory: '5' }

/**
 * Lays out a layer's tar without keeping it: the sha256 of the whole, and the gzip'd tar-split stream, which holds
 * everything but the contents of the files.
 *
 * @param {readonly import('./layer-files.mjs').LayerEntry[]} entries
 * @returns {{ diffId: string, tarSplit: Buffer }}
 */
export function splitTar(entries) {
  const hash = createHash('sha256')
  const lines = []
  let padding = Buffer.alloc(0)
  const addLine = (line) => lines.push(JSON.stringify({ ...line, position: lines.length }))
  const addSegment = (bytes) => {
    hash.update(bytes)
    addLine({ type: 2, payload: bytes.toString('base64') })
  }
  for (const entry of entries) {
    // A segment begins with what fills up the last block of the file before it.
    addSegment(Buffer.concat([padding, tarHeader(entry)]))
    hash.update(entry.content)
    addLine({
      type: 1,
      name: tarName(entry),
      ...(entry.content.length === 0
        ? { payload: null }
        : { size: entry.content.length, payload: crc64(entry.content).toString('base64') }),
    })
    padding = Buffer.alloc((BLOCK - (entry.content.length % BLOCK)) % BLOCK)
  }
  addSegment(Buffer.concat([padding, Buffer.alloc(2 * BLOCK)]))
  return {
    diffId: `sha256:${hash.digest('hex')}`,
    tarSplit: gzipSync(`${lines.join('\n')}\n`, { level: 1 }),
  }
}

const tarName = ({ name, kind }) => (kind === 'directory' ? `${name}/` : name)

function tarHeader(entry) {
  const header = Buffer.alloc(BLOCK)
  const octal = (value, at, length) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  header.write(tarName(entry), 0)
  octal(entry.kind === 'directory' ? 0o755 : entry.kind === 'symlink' ? 0o777 : 0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(entry.content.length, 124, 12)
  octal(MODIFIED_S, 136, 12)
  header.write(FLAGS[entry.kind], 156, 'latin1')
  header.write(entry.target, 157)
  header.write('ustar\x0000', 257, 'latin1')
  header.fill(' ', 148, 156)
  let sum = 0
  for (const byte of header) sum += byte
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

// The upper halves of the table of the reflected ISO polynomial 0xD800000000000000; the lower halves are zero.
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let high = 0
  let low = byte
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1
    low = ((high & 1) << 31) | (low >>> 1)
    high = (high >>> 1) ^ (carry === 1 ? 0xd8000000 : 0)
  }
  return high
})

/** CRC-64/GO-ISO, big-endian. */
function crc64(bytes) {
  let high = 0xffffffff
  let low = 0xffffffff
  for (let at = 0; at < bytes.length; at++) {
    const step = CRC_TABLE[(low ^ bytes[at]) & 0xff]
    low = (low >>> 8) | (high << 24)
    high = (high >>> 8) ^ step
  }
  const sum = Buffer.alloc(8)
  sum.writeUInt32BE(~high >>> 0, 0)
  sum.writeUInt32BE(~low >>> 0, 4)
  return sum
}
