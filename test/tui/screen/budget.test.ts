import { expect, test } from 'vitest'
import { readFrame, type Size } from '../../../src/tui/screen/cells.ts'
import { diff } from '../../../src/tui/screen/diff.ts'

const ROW_COUNT = 40_000
const SMALL: Size = { columns: 80, rows: 24 }
const LARGE: Size = { columns: 200, rows: 50 }

/** A window into a long list of layers, as wide as the terminal, with one row selected. */
function listFrame({ columns, rows }: Size, top: number, selected: number): string {
  const lines = ['\x1b[1mlayers\x1b[22m  \x1b[2m/var/lib/docker\x1b[22m']
  for (let index = top; index < Math.min(top + rows - 2, ROW_COUNT); index++) {
    const size = `${((index * 7919) % 99_991) / 10} MB`.padStart(12)
    const name = `sha256:${((index * 2_654_435_761) % 2 ** 32).toString(16)}`
    const used = `${'█'.repeat(index % 9)}${'·'.repeat(9 - (index % 9))}`
    const text = `${name.padEnd(columns - 33)}${size} \x1b[33m${used}\x1b[39m ${String(index).padStart(10)}`
    lines.push(index === selected ? `\x1b[7m${text}\x1b[27m` : text)
  }
  lines.push(`\x1b[2m${selected + 1} of ${ROW_COUNT}\x1b[22m`)
  return lines.join('\n')
}

/** The selection goes down row by row; the list scrolls when it reaches the last row of the window. */
function meanBytesPerKey(size: Size, keys: number): number {
  const height = size.rows - 2
  let previous = readFrame(listFrame(size, 0, 0), size)
  let bytes = 0
  for (let selected = 1; selected <= keys; selected++) {
    const next = readFrame(listFrame(size, Math.max(0, selected - height + 1), selected), size, previous)
    bytes += Buffer.byteLength(diff(previous, next, size.columns))
    previous = next
  }
  return bytes / keys
}

test('moving the selection by a row costs under 350 bytes at 80x24', () => {
  expect(meanBytesPerKey(SMALL, SMALL.rows - 3)).toBeLessThan(350)
})

test('scrolling the list by a row costs no more', () => {
  expect(meanBytesPerKey(SMALL, 2000)).toBeLessThan(350)
  expect(meanBytesPerKey(LARGE, 500)).toBeLessThan(721)
})

test('the same frame costs nothing', () => {
  const rows = readFrame(listFrame(SMALL, 0, 3), SMALL)
  expect(diff(rows, readFrame(listFrame(SMALL, 0, 3), SMALL), SMALL.columns)).toBe('')
})

test('typing a letter into a line costs a few bytes', () => {
  const list = listFrame(SMALL, 0, 0)
  const previous = readFrame(`${list}\nfind: la`, SMALL)
  const next = readFrame(`${list}\nfind: lay`, SMALL, previous)
  expect(Buffer.byteLength(diff(previous, next, SMALL.columns))).toBeLessThan(16)
})
