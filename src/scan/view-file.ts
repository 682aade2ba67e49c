import { parseJsonBounded } from '../formats/go-json.ts'
import { type Tree, TreeError } from '../tree/tree.ts'

/** What stands in one file of a root, as lines for a person: unescaped, and of bounded number. */
export interface FileView {
  readonly kind: 'json' | 'text' | 'binary' | 'link' | 'empty' | 'blank'
  readonly sizeBytes: number
  readonly lines: readonly string[]
  /** The bytes that were looked at and that the lines show; fewer than the size where the file is longer than a view. */
  readonly shownBytes: number
}

const TEXT_BYTES = 64 * 1024
const BINARY_BYTES = 1024

/**
 * Looks into a file: JSON with a line for each member, text as it stands, anything else as bytes. Opens nothing but a
 * regular file inside the tree; of a symbolic link the target is shown, which is not followed. Throws TreeError.
 */
export function viewFile(tree: Tree, path: string): FileView {
  const stat = tree.stat(path)
  if (stat === null) throw new TreeError('missing', path, 'is missing')
  if (stat.kind === 'symlink') {
    const target = tree.readlink(path)
    return { kind: 'link', sizeBytes: stat.sizeBytes, lines: [target], shownBytes: stat.sizeBytes }
  }
  if (stat.kind !== 'file')
    throw new TreeError('not-regular', path, `is a ${stat.kind}, not a regular file, and is not opened`)
  const start = tree.readStart(path, TEXT_BYTES)
  const view = { sizeBytes: stat.sizeBytes, shownBytes: start.length }
  if (start.length === 0) return { ...view, kind: 'empty', lines: [] }
  if (start.every((byte) => byte === 0)) return { ...view, kind: 'blank', lines: [] }
  const text = textOf(start, start.length < stat.sizeBytes)
  if (text === null) {
    const shown = start.subarray(0, BINARY_BYTES)
    return { ...view, kind: 'binary', lines: hexLines(shown), shownBytes: shown.length }
  }
  const isJson = /^\s*[[{]/.test(text)
  if (!isJson || (start.length === stat.sizeBytes && !parseJsonBounded(text).ok))
    return { ...view, kind: 'text', lines: text.replace(/\n$/, '').split('\n') }
  return { ...view, kind: 'json', lines: jsonLines(text) }
}

/** Null where the bytes are no text; a character that the cut divides is left out. */
function textOf(bytes: Buffer, isCut: boolean): string | null {
  if (bytes.includes(0)) return null
  const text = bytes.toString('utf8')
  const malformed = text.replace(isCut ? /\ufffd{1,3}$/ : /$^/, '')
  return malformed.includes('\ufffd') ? null : malformed
}

/** As `hexdump -C` prints them: the offset, 16 bytes, and what of them can be read. */
function hexLines(bytes: Buffer): string[] {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const readable = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${readable}`)
  }
  return lines
}

const TOKENS = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/gs

/** Breaks JSON into lines by its tokens, as they stand: numbers keep all their digits, a cut text stays cut. */
function jsonLines(text: string): string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  const tokens = text.match(TOKENS) ?? []
  const end = (): void => {
    if (line.trim() !== '') lines.push(line)
    line = '  '.repeat(depth)
  }
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1]
    if (token === '{' || token === '[') {
      line += token
      const isEmpty = next === '}' || next === ']'
      depth++
      if (!isEmpty) end()
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1)
      if (tokens[index - 1] !== '{' && tokens[index - 1] !== '[') end()
      line += token
    } else if (token === ',') {
      line += token
      end()
    } else line += token === ':' ? ': ' : token
  }
  depth = 0
  end()
  return lines
}
