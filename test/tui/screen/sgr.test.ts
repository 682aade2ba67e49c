import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applySgr, DEFAULT_STYLE, type Style, sgrTransition } from '../../../src/tui/screen/sgr.ts'

const CODES = [
  '0',
  '1',
  '2',
  '22',
  '3',
  '23',
  '4',
  '5',
  '7',
  '27',
  '8',
  '9',
  '31',
  '39',
  '97',
  '44',
  '49',
  '38;5;9',
  '48;2;1;2;3',
]

const style: fc.Arbitrary<Style> = fc
  .array(fc.constantFrom(...CODES), { maxLength: 8 })
  .map((codes) => codes.reduce((before, code) => applySgr(before, code), DEFAULT_STYLE))

describe('sgrTransition', () => {
  test('leads from any style to any other, and is never longer than starting over', () => {
    fc.assert(
      fc.property(style, style, (from, to) => {
        const sequence = sgrTransition(from, to)
        const reached = sequence === '' ? from : applySgr(from, sequence.slice(2, -1))
        expect(reached).toEqual(to)
        expect(sequence.length).toBeLessThanOrEqual(`\x1b[0;${to.key}m`.length)
      }),
    )
  })

  test('is empty between equal styles', () => {
    expect(sgrTransition(applySgr(DEFAULT_STYLE, '1;31'), applySgr(DEFAULT_STYLE, '31;1'))).toBe('')
  })
})
