import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { isFrame, readFrame, readRow } from '../../../src/tui/screen/cells.ts'
import { DEFAULT_STYLE } from '../../../src/tui/screen/sgr.ts'
import { agreedWidth } from '../../../src/tui/screen/width.ts'

function graphemes(line: string, columns = 80): string[] {
  return readRow(line, DEFAULT_STYLE, columns).cells.map((cell) => cell.grapheme)
}

function styles(line: string): string[] {
  return readRow(line, DEFAULT_STYLE, 80).cells.map((cell) => cell.style.key)
}

describe('readRow', () => {
  test('gives each column a cell', () => {
    expect(graphemes('ab')).toEqual(['a', 'b'])
    expect(graphemes('a世b')).toEqual(['a', '世', '', 'b'])
    expect(graphemes('👨‍👩‍👧!')).toEqual(['👨‍👩‍👧', '', '!'])
  })

  test('keeps a mark with its letter, and drops one without', () => {
    expect(graphemes('xe\u0301y')).toEqual(['x', 'e\u0301', 'y'])
    expect(graphemes('\u0301y')).toEqual(['y'])
  })

  test('knows which rows terminals may disagree about', () => {
    expect(readRow('Ж世│é', DEFAULT_STYLE, 80).agreed).toBe(true)
    expect(readRow('a👍', DEFAULT_STYLE, 80).agreed).toBe(false)
  })

  test('leaves out blank cells at the end, but not coloured ones', () => {
    expect(graphemes('a   ')).toEqual(['a'])
    expect(graphemes('a\x1b[7m  \x1b[m ')).toEqual(['a', ' ', ' '])
  })

  test('clips, and does not cut a wide character', () => {
    expect(graphemes('abcdef', 3)).toEqual(['a', 'b', 'c'])
    expect(graphemes('ab世d', 3)).toEqual(['a', 'b'])
  })

  test('drops every control sequence that is no SGR', () => {
    const dropped = [
      '\x1b[2J',
      '\x1b[3J',
      '\x1b[?25h',
      '\x1b[5;5H',
      '\x1b]0;title\x07',
      '\x1b]8;;u\x1b\\',
      '\x1bP1q\x1b\\',
    ]
    for (const sequence of [
      ...dropped,
      '\x1bc',
      '\x1b(B',
      '\x9b2J',
      '\x9d0;t\x9c',
      '\x85',
      '\r',
      '\t',
      '\x07',
      '\x1b[>4m',
    ]) {
      expect(graphemes(`a${sequence}b`)).toEqual(['a', 'b'])
    }
    expect(graphemes('a\x1b[12')).toEqual(['a'])
    expect(graphemes('a\x1b]0;never ended')).toEqual(['a'])
  })
})

describe('styles', () => {
  test('add up and end one by one', () => {
    expect(styles('\x1b[1ma\x1b[31mb\x1b[22mc\x1b[39md')).toEqual(['1', '1;31', '31', ''])
    expect(styles('\x1b[38;5;200;48;2;1;2;3ma\x1b[0mb')).toEqual(['38;5;200;48;2;1;2;3', ''])
    expect(styles('\x1b[38:5:9ma\x1b[38:2::1:2:3mb\x1b[4:3mc\x1b[4:0md')).toEqual([
      '38;5;9',
      '38;2;1;2;3',
      '4;38;2;1;2;3',
      '38;2;1;2;3',
    ])
  })

  test('ignore what is malformed or unknown', () => {
    expect(styles('\x1b[38;5ma\x1b[38;5;999mb\x1b[77mc\x1b[58;5;3;1md')).toEqual(['', '', '', '1'])
  })

  test('go on in the next line', () => {
    const [, second] = readFrame('\x1b[32ma\nb\x1b[m', { columns: 80, rows: 24 })
    expect(second?.cells.map((cell) => cell.style.key)).toEqual(['32'])
  })
})

describe('readFrame', () => {
  const size = { columns: 10, rows: 3 }

  test('has as many rows as the terminal', () => {
    expect(readFrame('a', size)).toHaveLength(3)
    expect(readFrame('a\nb\nc\nd', size)).toHaveLength(3)
  })

  test('takes over rows whose line is the same', () => {
    const first = readFrame('a\nb\nc', size)
    const second = readFrame('a\nx\nc', size, first)
    expect(second[0]).toBe(first[0])
    expect(second[1]).not.toBe(first[1])
    expect(second[2]).toBe(first[2])
  })

  test('reads a same line anew when it begins in another style', () => {
    const first = readFrame('a\nb', size)
    const second = readFrame('\x1b[1ma\nb', size, first)
    expect(second[1]?.cells[0]?.style.key).toBe('1')
  })
})

describe('isFrame', () => {
  test('is false for control sequences, nothing, and a lone newline', () => {
    for (const text of ['', '\n', '\x1b[?25h', '\x1b[2J\x1b[H', '\x1b]0;title\x07'])
      expect(isFrame(text)).toBe(false)
  })

  test('is true for text and for an empty screen of several rows', () => {
    for (const text of ['a', '\x1b[7m \x1b[m', '\n\n\n', 'é']) expect(isFrame(text)).toBe(true)
  })
})

test('the widths that need no measuring are those that string-width measures', () => {
  for (let code = 0; code < 0x10000; code++) {
    const width = agreedWidth(code)
    if (width > 0) expect([code, width]).toEqual([code, stringWidth(String.fromCharCode(code))])
  }
})

test('characters that need no measuring never join', () => {
  const segmenter = new Intl.Segmenter()
  for (let code = 0; code < 0x10000; code++) {
    if (agreedWidth(code) === 0) continue
    const text = `a${String.fromCharCode(code)}世Ж${String.fromCharCode(code)}`
    expect([...segmenter.segment(text)]).toHaveLength(5)
  }
})
