import { afterEach, describe, expect, it, vi } from 'vitest'
import { columnsOf, truncate } from '../../src/report/width.ts'
import { wrapText } from '../../src/report/wrap.ts'

/** The characters that were measured one by one, which is what takes time. */
const measured = vi.hoisted(() => ({ characters: 0 }))
vi.mock('string-width', async (original) => {
  const { default: stringWidth } = await original<typeof import('string-width')>()
  return {
    default: (text: string): number => {
      measured.characters += text.length
      return stringWidth(text)
    },
  }
})
afterEach(() => {
  measured.characters = 0
})

describe('wrapText', () => {
  it('breaks at blanks, between paths, behind a slash, else where the line ends', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrapText('lowerdir=/a/b:/c/d,upperdir=/e', 14)).toEqual(['lowerdir=/a/b:', '/c/d,', 'upperdir=/e'])
    expect(wrapText('abc/defgh/ijk', 9)).toEqual(['abc/', 'defgh/ijk'])
    expect(wrapText('0123456789', 8)).toEqual(['01234567', '89'])
    expect(wrapText('日本語日本語', 9)).toEqual(['日本語日', '本語'])
    expect(wrapText('', 8)).toEqual([''])
  })

  it.each([
    ['letters before an odd one', `${'a'.repeat(10_000)}日本`],
    ['odd ones alone', '日'.repeat(10_000)],
    ['odd ones between paths', '/é:/日'.repeat(2000)],
    ['words', 'aé '.repeat(3000)],
  ])('measures a long text once, not once for each line: %s', (_, text) => {
    const lines = wrapText(text, 80)
    expect(lines.length).toBeGreaterThan(50)
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(80)
    measured.characters = 0
    wrapText(text, 80)
    expect(measured.characters).toBeLessThan(text.length * 3)
  })
})

describe('truncate', () => {
  it('measures no more of a long text than has room', () => {
    expect(truncate('日'.repeat(10_000), 9)).toBe('日日日日…')
    expect(measured.characters).toBeLessThan(40)
  })
})
