import fc from 'fast-check'
import type { Size } from '../../../src/tui/screen/cells.ts'

const SIZES: readonly Size[] = [
  { columns: 2, rows: 1 },
  { columns: 2, rows: 3 },
  { columns: 9, rows: 4 },
  { columns: 40, rows: 10 },
  { columns: 80, rows: 24 },
]

const sgr = fc
  .constantFrom(
    ...['', '0', '1', '2', '22', '3', '23', '4', '24', '5', '25', '7', '27', '8', '28', '9', '29'],
    ...['31', '39', '97', '42', '49', '105', '38;5;200', '48;5;17', '38;2;1;2;3', '48;2;255;0;9', '1;31;44'],
  )
  .map((parameters) => `\x1b[${parameters}m`)

const ascii = fc.string({ minLength: 1, maxLength: 30 })
const spaces = fc.integer({ min: 1, max: 30 }).map((count) => ' '.repeat(count))
const agreedText = fc.oneof(
  { weight: 4, arbitrary: ascii },
  { weight: 2, arbitrary: spaces },
  {
    weight: 2,
    arbitrary: fc.constantFrom('世界', '層は', '한국어', '│─┐', '…', '·', 'é', 'Ж', '●▸→', '世', 'ＡＢ'),
  },
)
const doubtfulText = fc.oneof(
  fc.constantFrom(
    ...[
      'e\u0301',
      '👍',
      '👍🏽',
      '👨‍👩‍👧',
      '🇩🇪',
      '1️⃣',
      '❤️',
      '❤',
      '한',
      '\u1100',
      'कि',
      'क्षि',
      '\u200b',
      '\u0301',
    ],
    ...['ﾊﾟ', 'ｶ', '\ud83d', '⌚', '◽', '\u00ad', '\u{20000}', 'ا', 'שׁ', '\u0e33', '𐍈', 'ก็', '\u{e0001}'],
  ),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => text.replaceAll('\n', '')),
)

/** A frame in which all terminals agree about the width of every character. */
export const agreedFrame = frameOf(
  fc.oneof({ weight: 3, arbitrary: agreedText }, { weight: 2, arbitrary: sgr }),
)

/** A frame with everything in it that may stand in a name. */
export const anyFrame = frameOf(
  fc.oneof(
    { weight: 3, arbitrary: agreedText },
    { weight: 2, arbitrary: sgr },
    { weight: 1, arbitrary: doubtfulText },
  ),
)

/** Two frames as they follow each other: unrelated, changed in places, or scrolled. */
export function framePairs(frame: fc.Arbitrary<string>): fc.Arbitrary<[string, string]> {
  return fc.oneof(
    fc.tuple(frame, frame),
    fc.tuple(frame, frame, changes).map(changed),
    fc.tuple(frame, frame, changes).map(scrolled),
  )
}

export const sizes = fc.constantFrom(...SIZES)

function frameOf(part: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const line = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))
  return fc.array(line, { maxLength: 26 }).map((lines) => lines.join('\n'))
}

interface Changes {
  readonly rows: readonly number[]
  readonly top: number
  readonly bottom: number
  readonly by: number
}

const changes: fc.Arbitrary<Changes> = fc.record({
  rows: fc.array(fc.nat(25), { maxLength: 4 }),
  top: fc.nat(5),
  bottom: fc.nat(5),
  by: fc.integer({ min: -6, max: 6 }),
})

function changed([frame, other, { rows }]: [string, string, Changes]): [string, string] {
  const others = other.split('\n')
  const lines = frame.split('\n')
  return [
    frame,
    lines.map((line, index) => (rows.includes(index) ? (others[index] ?? 'new') : line)).join('\n'),
  ]
}

function scrolled([frame, other, { rows, top, bottom, by }]: [string, string, Changes]): [string, string] {
  // A full frame of distinct lines, whatever was generated.
  const given = frame.split('\n')
  const lines = Array.from({ length: 24 }, (_, index) => `\x1b[m${index} ${given[index] ?? 'row of a list'}`)
  const moved = lines.map((line, index) => {
    if (index < top || index >= lines.length - bottom) return line
    return rows.includes(index) ? other.split('\n').join('') : (lines[index + by] ?? `new ${index}`)
  })
  return [lines.join('\n'), moved.join('\n')]
}
