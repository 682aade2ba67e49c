import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { columnsOf, padEnd, truncate } from '../../src/report/width.ts'

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

describe('truncate', () => {
  it('cuts to the columns, never through a character', () => {
    expect(truncate('├─● abcdef', 6)).toBe('├─● a…')
    expect(truncate('日本語', 4)).toBe('日…')
    expect(truncate('abc', 3)).toBe('abc')
    expect(truncate('abc', 0)).toBe('')
    expect(padEnd(truncate('日本語', 4), 4)).toHaveLength(3)
  })
})
