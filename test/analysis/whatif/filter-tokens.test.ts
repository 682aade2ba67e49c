import { expect, it } from 'vitest'
import { FilterTokens } from '../../../src/analysis/whatif/filter-tokens.ts'

function tokensOf(expression: string): string[] {
  const tokens = new FilterTokens(expression)
  const found: string[] = []
  while (tokens.position < expression.length) {
    const token = tokens.next()
    found.push(`${token.position} ${token.kind} ${token.kind === 'illegal' ? token.why : token.text}`)
    if (token.kind === 'illegal' || token.kind === 'other') break
  }
  return found
}

it.each([
  ['id==a.b, x', ['0 field id', '2 operator ==', '4 value a.b', '7 separator ,', '9 field x']],
  ['a.b', ['0 field a', '1 separator .', '2 field b']],
  ['a==b c', ['0 field a', '1 operator ==', '3 value b', '5 field c']],
  ['a==,(', ['0 field a', '1 operator ==', '3 separator ,', '4 other ']],
  ['~=  (x)', ['0 operator ~=', '4 value (x)']],
  ['==a\u0007b', ['0 operator ==', '2 value a', '3 other ']],
  ['"a\\"b"c', ['0 quoted "a\\"b"', '6 field c']],
  ['/a|"/', ['0 quoted /a|"/']],
  ['|a/|', ['0 quoted |a/|']],
  ['"a\nb"', ['0 illegal quoted literal not terminated']],
  ['"a', ['0 illegal quoted literal not terminated']],
  ['"x\\', ['0 illegal illegal escape sequence']],
  ['"\\q7"', ['0 illegal illegal escape sequence']],
  ['"\\07"', ['0 illegal illegal numeric escape sequence']],
  ['"\\8"', ['0 illegal illegal escape sequence']],
  ['"7\\u123"', ['0 illegal illegal numeric escape sequence']],
  ['"\\U0001F60"', ['0 illegal illegal numeric escape sequence']],
])('%j', (expression, expected) => {
  expect(tokensOf(expression)).toEqual(expected)
})

it('has nothing left at the end', () => {
  expect(new FilterTokens('').next()).toEqual({ kind: 'other', position: 0, text: '' })
  expect(new FilterTokens('').peek()).toBeNull()
})
