import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Row, readFrame, type Size } from '../../../src/tui/screen/cells.ts'
import { diff } from '../../../src/tui/screen/diff.ts'
import { ENTER_SCREEN } from '../../../src/tui/screen/modes.ts'
import { agreedFrame, anyFrame, framePairs, sizes } from './frames.ts'
import { createTerminal, type Measure } from './terminal.ts'

const RUNS = Number(process.env['DIFF_RUNS'] ?? 300)

async function cellsAfter(updates: readonly string[], size: Size, measure: Measure): Promise<string[]> {
  const terminal = createTerminal(size, measure)
  await terminal.show(ENTER_SCREEN + updates.join(''))
  const cells = terminal.cells()
  terminal.dispose()
  return cells
}

function update(before: string, after: string, columns = 80, rows = 24): string {
  const previous = readFrame(before, { columns, rows })
  return diff(previous, readFrame(after, { columns, rows }, previous), columns)
}

/** All that may be sent: text, CR, LF, and these few sequences. */
const KNOWN =
  /\x1b\[[\d;]*m|\x1b\[\d*(?:;\d+)?H|\x1b\[\d*C|\x1b\[\d+X|\x1b\[[KJ]|\x1b\[\d*[LM]|\x1b\[\?2026[hl]|\r\n*/g

describe('any frame after any other', () => {
  for (const measure of ['old', 'modern'] as const) {
    test(`looks as if it was the first, in a terminal with ${measure} tables`, {
      timeout: 120_000,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(framePairs(anyFrame), sizes, async ([one, other], size) => {
          const first = readFrame(one, size)
          const second = readFrame(other, size, first)
          const fresh = cellsAfter([diff(null, second, size.columns)], size, measure)
          const updated = [diff(null, first, size.columns), diff(first, second, size.columns)]
          expect(await cellsAfter(updated, size, measure)).toEqual(await fresh)
        }),
        { numRuns: RUNS },
      )
    })
  }

  test('looks like the frame itself, where all terminals agree about widths', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(framePairs(agreedFrame), sizes, async ([one, other], size) => {
        const first = readFrame(one, size)
        const second = readFrame(other, size)
        const lines = other.split('\n').slice(0, size.rows)
        // A wide character that does not fit is dropped by us with all that follows; terminals go on.
        fc.pre(second.every((row, index) => fits(row, lines[index] ?? '', size.columns)))
        const raw = cellsAfter([lines.join('\r\n')], size, 'old')
        const updated = [diff(null, first, size.columns), diff(first, second, size.columns)]
        expect(await cellsAfter(updated, size, 'old')).toEqual(await raw)
      }),
      { numRuns: RUNS },
    )
  })

  test('is written with nothing but the sequences that every terminal knows', () => {
    fc.assert(
      fc.property(framePairs(anyFrame), sizes, ([one, other], size) => {
        const first = readFrame(one, size)
        const bytes = diff(null, first, size.columns) + diff(first, readFrame(other, size), size.columns)
        expect(bytes.replace(KNOWN, '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
      }),
      { numRuns: RUNS },
    )
  })

  test('costs nothing when it is the same', () => {
    fc.assert(
      fc.property(anyFrame, sizes, (frame, size) => {
        expect(diff(readFrame(frame, size), readFrame(frame, size), size.columns)).toBe('')
      }),
    )
  })
})

function fits(row: Row, line: string, columns: number): boolean {
  return (
    row.cells.length < columns &&
    readFrame(line, { columns: 100_000, rows: 1 })[0]?.cells.length === row.cells.length
  )
}

describe('an update', () => {
  test('writes the changed columns only', () => {
    expect(update('layer 1 of 9', 'layer 2 of 9')).toBe('\x1b[1;7H2')
  })

  test('writes a short stretch of equal columns again instead of stepping over it', () => {
    expect(update('a bc d', 'x bc y')).toBe('\x1b[Hx bc y')
    expect(update('a bcde d', 'x bcde y')).toBe('\x1b[Hx\x1b[6Cy')
  })

  test('goes to the next row with a line break', () => {
    expect(update('ab\n\ncd', 'xb\n\nyd')).toBe('\x1b[Hx\r\n\ny')
    expect(update('ab\n  cd', 'xb\n  yd')).toBe('\x1b[Hx\x1b[2;3Hy')
  })

  test('erases to the end of the row instead of writing spaces', () => {
    expect(update('name of something', 'name')).toBe('\x1b[1;6H\x1b[K')
    expect(update('name s', 'name')).toBe('\x1b[1;6H ')
  })

  test('erases a long gap inside a row', () => {
    expect(update(`${'x'.repeat(20)}|`, `${' '.repeat(20)}|`)).toBe('\x1b[H\x1b[20X')
  })

  test('changes only the attributes that differ, and leaves the default style behind', () => {
    const bytes = update('', '\x1b[1;31mbold red\x1b[22m red\x1b[39m none')
    expect(bytes).toBe('\x1b[H\x1b[1;31mbold red\x1b[22m red\x1b[m none')
    expect(update('', '\x1b[7mall')).toBe('\x1b[H\x1b[7mall\x1b[m')
  })

  test('keeps bold when only dim ends', () => {
    expect(update('', '\x1b[1;2;4mab\x1b[22;1mcd')).toBe('\x1b[H\x1b[1;2;4mab\x1b[22;1mcd\x1b[m')
  })

  test('moves scrolled rows instead of writing them', () => {
    const list = (first: number) =>
      Array.from(
        { length: 22 },
        (_, row) => `${(first + row) * 7919} ${'name'.repeat(((first + row) % 9) + 1)}`,
      )
    const one = ['head', ...list(0), 'foot'].join('\n')
    const other = ['head', ...list(1), 'foot'].join('\n')
    const bytes = update(one, other)
    expect(bytes).toContain('\x1b[2H\x1b[M')
    expect(bytes.length).toBeLessThan(80)
  })

  test('replaces a wide character as a whole', () => {
    expect(update('a世b', 'a界b')).toBe('\x1b[1;2H界')
    expect(update('世界', 'a世b')).toBe('\x1b[Ha世b')
  })

  test('puts what follows a doubtful character in its place, however the terminal draws that', async () => {
    const size = { columns: 12, rows: 1 }
    for (const doubtful of ['👍', '👨‍👩‍👧', '🇩🇪', '1️⃣']) {
      for (const measure of ['old', 'modern'] as const) {
        const updates = [diff(null, readFrame(`${doubtful}|b`, size), size.columns)]
        const [row = ''] = await cellsAfter(updates, size, measure)
        const behind = row.split('}').slice(2, 4)
        expect(behind.map((cell) => cell.charAt(0))).toEqual(['|', 'b'])
      }
    }
  })

  test('is marked as one when it is long', () => {
    expect(update('', 'x'.repeat(70))).not.toContain('2026')
    expect(update('', Array(20).fill('x'.repeat(70)).join('\n'))).toMatch(/^\x1b\[\?2026h.*\x1b\[\?2026l$/s)
  })

  test('clears a terminal of which nothing is known', () => {
    const size = { columns: 10, rows: 2 }
    expect(diff(null, readFrame('ab', size), 10)).toBe('\x1b[m\x1b[H\x1b[Jab')
  })
})
