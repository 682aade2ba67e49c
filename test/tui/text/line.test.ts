import { expect, test } from 'vitest'
import { line, paintLine } from '../../../src/tui/text/line.ts'

test('signs of our own are typed where only ASCII can be shown, and the width stays', () => {
  const typed = (text: string): string => paintLine(line(text), 40, { color: false, ascii: true }).trimEnd()
  expect(typed('overlay2/e95e9ba876c2… is read…')).toBe('overlay2/e95e9ba876c2~ is read~')
  expect(typed('No image matches “日本”.')).toBe('No image matches "????".')
})
