import { describe, expect, it } from 'vitest'
import { goPattern } from '../../../src/analysis/whatif/go-pattern.ts'

describe("a pattern in Go's syntax", () => {
  it.each([
    ['b', 'abc', 'xyz'],
    ['^(a|b)$', 'b', 'ab'],
    ['\\Ab', 'bc', 'ab'],
    ['b\\z', 'ab', 'bc'],
    ['(?i)B', 'abc', 'x'],
    ['(?s)a.c', 'a\nc', 'ac'],
    ['(?si)A.C', 'a\nc', 'ac'],
    ['(?:ab){2}', 'abab', 'ab'],
    ['(?P<x>[0-9]{2})', 'a12', 'a1b2'],
    ['[[:digit:][:upper:]]x', 'Ax', 'ax'],
    ['[^[:alpha:]]', '1', 'a'],
    ['[]a]', ']', 'b'],
    ['[^]]', 'a', ']'],
    ['[[a]', '[', 'b'],
    ['[\\d^]', '^', 'a'],
    ['[\\].]', ']', 'a'],
    ['a{', 'a{', 'a'],
    ['a{1', 'a{1', 'a1'],
    ['}]', '}]', '}'],
    ['a{2,}', 'aa', 'a'],
    ['\\pN\\PN', '1a', 'a1'],
    ['\\x61\\x{62}', 'ab', 'x'],
    ['\\a\\t', '\x07\t', 'at'],
    ['\\Qa.b*\\Ec', 'a.b*c', 'axbc'],
    ['\\Qa+', 'a+', 'aa'],
    ['\\.\\-\\"', '.-"', 'a-"'],
    ['\\bab\\b', 'x ab', 'xab'],
    ['', 'anything', null],
  ])('%s', (pattern, fits, not) => {
    expect(goPattern(pattern)?.test(fits)).toBe(true)
    if (not !== null) expect(goPattern(pattern)?.test(not)).toBe(false)
  })

  it.each([
    ...['(', '*', '[', '[a-c', '[b-a]', '\\', 'a++', '(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(?'],
    ...['(a)\\1', '\\q', '[\\q]', '[[:foo:]]'],
  ])('%s is none', (pattern) => {
    expect(goPattern(pattern)).toBeNull()
  })

  it.each(['(?U)a', '(?i:a)b', '(?m)^a', '\\p{Greek}', '\\C', '\\0', '[[:^alpha:]]', 'a(?i)b'])(
    '%s is said not to be simulated',
    (pattern) => {
      expect(() => goPattern(pattern)).toThrow('is not simulated here')
    },
  )
})
