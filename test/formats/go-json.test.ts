import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonBounded, rawInteger } from '../../src/formats/go-json.ts'

const problem = (text: string): string | null => {
  const result = parseJsonBounded(text)
  return result.ok ? null : result.problem
}

describe('parsing JSON', () => {
  it('gives the value', () => {
    expect(parseJsonBounded('{"a":[1,null]}\n')).toEqual({ ok: true, value: { a: [1, null] } })
  })

  it.each([
    ['', 'empty', 'empty'],
    [' \n', 'empty', 'empty'],
    ['\0\0\0', 'nul', 'all NUL bytes'],
    ['{"a":1', 'cut-off', 'cut off'],
    ['{"a":"x\\u00', 'cut-off', 'cut off'],
    ['[tru', 'cut-off', 'cut off'],
    ['[-', 'cut-off', 'cut off'],
    ['[1.', 'cut-off', 'cut off'],
    ['[1e+', 'cut-off', 'cut off'],
    ['{"a":1}x', 'not-json', 'not JSON: unexpected character at offset 7'],
    ['{"a":1}\0\0', 'not-json', 'not JSON: unexpected character at offset 7'],
    ['{"a" 1', 'not-json', 'not JSON: unexpected character at offset 5'],
    ['\0x', 'not-json', 'not JSON: unexpected character at offset 0'],
    ['["a\nb"', 'not-json', 'not JSON: unexpected character at offset 3'],
    ['[tru,', 'not-json', 'not JSON: unexpected character at offset 1'],
    ['[1:2', 'not-json', 'not JSON: unexpected character at offset 2'],
    ['1,', 'not-json', 'not JSON: unexpected character at offset 1'],
    ['{,', 'not-json', 'not JSON: unexpected character at offset 1'],
    ['[,', 'not-json', 'not JSON: unexpected character at offset 1'],
    ['[1,]', 'not-json', 'not JSON: unexpected character at offset 3'],
    ['{a', 'not-json', 'not JSON: unexpected character at offset 1'],
    ['[01', 'not-json', 'not JSON: unexpected character at offset 1'],
    ['["\\x', 'not-json', 'not JSON: unexpected character at offset 2'],
    ['["\u001b[31m', 'not-json', 'not JSON: unexpected character at offset 2'],
    ['[}', 'not-json', 'not JSON: unexpected character at offset 1'],
    ['{"a":1]', 'not-json', 'not JSON: unexpected character at offset 6'],
    ['\u00a0{', 'not-json', 'not JSON: unexpected character at offset 0'],
  ])('says what is wrong with %j', (text, kind, reason) => {
    expect(parseJsonBounded(text)).toEqual({ ok: false, problem: kind, reason })
  })

  it('calls every beginning of a JSON object cut off', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.nat(),
        fc.nat(2),
        (value, cut, indent) => {
          const text = JSON.stringify(value, null, indent)
          const part = text.slice(0, 1 + (cut % (text.length - 1)))
          expect(problem(part)).toBe('cut-off')
          expect(problem(`${text}${text}`)).toBe('not-json')
        },
      ),
    )
  })

  it('never throws', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'true',
      'nul',
      '1',
      '-',
      '.',
      'e',
      ' ',
      '\0',
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const result = parseJsonBounded(pieces.join(''))
        expect(result.ok || result.reason !== '').toBe(true)
      }),
    )
  })

  it('copes with text nested deeper than the stack', () => {
    expect(problem('['.repeat(1_000_000))).toBe('cut-off')
  })
})

describe('raw integers', () => {
  it.each<[string, bigint | null]>([
    ['{"value":1795455265761421488,"index":"x"}', 1795455265761421488n],
    ['{"index":"x" , "value" : -9007199254740993 }', -9007199254740993n],
    ['{"v\\u0061lue":5}', 5n],
    ['{"value":1,"value":2}', 2n],
    ['{"o":{},"value":5}', 5n],
    ['{"o":[],"value":6}', 6n],
    ['{"value":7,"o":"value"}', 7n],
    ['{"value":1.5}', null],
    ['{"value":"5"}', null],
    ['{"value":null}', null],
    ['{"other":{"value":5}}', null],
    ['{"other":["value",5]}', null],
    ['{"other":"value","x":5}', null],
    ['{"x\\"value":5}', null],
    ['{"other":"\\"value\\":5"}', null],
    ['{"value":', null],
    ['', null],
  ])('of %s', (text, value) => {
    expect(rawInteger(text, 'value')).toBe(value)
  })

  it('are exact at any size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), fc.string(), (value, other) => {
        expect(rawInteger(`{"other":${JSON.stringify(other)},"value":${value}}`, 'value')).toBe(value)
      }),
    )
  })
})
