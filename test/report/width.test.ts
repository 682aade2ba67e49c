import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { columnsOf, measured, padEnd, truncate } from '../../src/report/width.ts'

describe('columnsOf', () => {
  it('says of every character what measuring it says', () => {
    for (let code = 0x20; code < 0x3000; code++) {
      const text = String.fromCharCode(code)
      expect(columnsOf(text), code.toString(16)).toBe(stringWidth(text))
    }
  })

  it('measures what joins: marks, emoji, wide characters', () => {
    expect(['é', '▶\ufe0f', '日本', '👨\u200d👩\u200d👧', '├─● a'].map(columnsOf)).toEqual([1, 2, 4, 2, 5])
  })
})

describe('measured', () => {
  it('says at each character what measuring the rest says', () => {
    const text = 'aé日本e\u0301 ├👨\u200d👩한글ぁンｱ9'
    const { columns, columnsFrom, endOf } = measured(text)
    expect(columns).toBe(stringWidth(text))
    for (const { index } of new Intl.Segmenter().segment(text))
      expect(columnsFrom(index), text.slice(index)).toBe(stringWidth(text.slice(index)))
    expect(text.slice(0, endOf(0, 5))).toBe('aé日')
    expect(text.slice(2, endOf(2, 5))).toBe('日本e\u0301')
  })
})

describe('truncate', () => {
  it('cuts to the columns, never through a character', () => {
    expect(truncate('├─● abcdef', 6)).toBe('├─● a…')
    expect(truncate('日本語', 4)).toBe('日…')
    expect(truncate('abc', 3)).toBe('abc')
    expect(truncate('abc', 0)).toBe('')
    expect(padEnd(truncate('日本語', 4), 4)).toHaveLength(3)
  })
})
