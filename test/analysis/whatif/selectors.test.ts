import { describe, expect, it } from 'vitest'
import { parseSelectors } from '../../../src/analysis/whatif/selectors.ts'

describe('conditions', () => {
  it.each([
    ['id==a', [['id', '==', 'a']]],
    [
      'id~=^[a-z],mutable',
      [
        ['id', '~=', '^[a-z]'],
        ['mutable', 'present', ''],
      ],
    ],
    ['id~= a.b=c', [['id', '~=', 'a.b=c']]],
    ['type != "a b"', [['type', '!=', 'a b']]],
    [
      '"type".x.y, id == z',
      [
        ['type', 'present', ''],
        ['id', '==', 'z'],
      ],
    ],
    ['id~=/a\\/b\\\\d/', [['id', '~=', 'a/b\\d']]],
    ['id~=|a\\|b|', [['id', '~=', 'a|b']]],
    ['id=="\\a\\b\\f\\n\\r\\t\\v\\\\\\""', [['id', '==', '\x07\b\f\n\r\t\v\\"']]],
    ['id=="\\101\\x42\\u0043\\U0001F600"', [['id', '==', 'ABC\u{1f600}']]],
    ["id==_'a-b'", [['id', '==', "_'a-b'"]]],
    ['a-_9Z', [['a-_9Z', 'present', '']]],
  ])('%s', (expression, expected) => {
    expect(parseSelectors(expression).map(({ field, operator, value }) => [field, operator, value])).toEqual(
      expected,
    )
  })
})

/** What docker 20.10 answered, without the sentence around it. */
describe('what is none is refused in the words of the engine', () => {
  it.each([
    ['id~=.*a', '[id~= >|.|< *a]: expected value or quoted'],
    ['id~=~a', '[id >|~|< =~a]: unsupported operator "~=~"'],
    ['id~=a{2,3}', '[id~=a{2,3 >|}|< ]: expected an operator ("=="|"!="|"~=")'],
    ['type==', '[type==]: expected value or quoted'],
    ['type==a b', '[type==a >| |< b]: unexpected input:  '],
    ['parent==,type==none', '[parent== >|,|< type==none]: expected value or quoted'],
    ['id~="', '[id~= >|"|< ]: quoted literal not terminated'],
    ['id~="a\\q"', '[id~= >|"|< a\\q"]: illegal escape sequence'],
    ['id~="\\400"', '[id~= >|"|< \\400"]: unquoting failed: quote syntax error'],
    ['id=="\\U00110000"', '[id== >|"|< \\U00110000"]: unquoting failed: quote syntax error'],
    ['id~="a\\17"', '[id~= >|"|< a\\17"]: illegal numeric escape sequence'],
    ['id==/a/', '[id== >|/|< a/]: invalid quote encountered'],
    ['/id/==a', '[ >|/|< id/==a]: invalid quote encountered'],
    ['id,', '[id,]: expected field or quoted'],
    [',id', '[ >|,|< id]: expected field or quoted'],
    ['id.', '[id.]: expected field or quoted'],
    ['id x', '[id  >|x|< ]: expected an operator ("=="|"!="|"~=")'],
  ])('%s', (expression, words) => {
    expect(() => parseSelectors(expression)).toThrow(
      `Error response from daemon: failed to prune build cache: failed to parse prune filters [${expression}]: filters: parse error: ${words}: invalid argument`,
    )
  })
})
