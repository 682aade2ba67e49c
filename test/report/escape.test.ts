import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeText } from '../../src/report/escape.ts'

/** What no output may hold: stated by Unicode's own properties, not by the program's list. */
const UNSAFE =
  /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Surrogate}\u{e0000}-\u{e007f}]/u

const span = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index))

const CLASSES: Readonly<Record<string, readonly string[]>> = {
  'the C0 controls': span(0x00, 0x1f),
  'delete and the C1 controls': span(0x7f, 0x9f),
  'direction marks and overrides': [
    ...span(0x200e, 0x200f),
    ...span(0x202a, 0x202e),
    ...span(0x2066, 0x2069),
  ],
  'the Arabic letter mark': ['\u061c'],
  'what has no width': ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u180e'],
  'invisible fillers': ['\u115f', '\u1160', '\u3164', '\uffa0', '\u17b4', '\u17b5'],
  'variation selectors': [...span(0xfe00, 0xfe0f), '\u{e0100}', '\u{e01ef}', '\u180b'],
  'line and paragraph separators': ['\u2028', '\u2029'],
  'interlinear and tag characters': ['\ufff9', '\ufffb', '\u{e0001}', '\u{e0020}', '\u{e007f}'],
  'lone halves of surrogate pairs': ['\ud800', '\udbff', '\udc00', '\udfff'],
}

describe('escapeText', () => {
  it.each(Object.entries(CLASSES))('makes %s visible', (_name, characters) => {
    for (const character of characters) {
      const escaped = escapeText(`a${character}b`)
      expect(escaped).toMatch(/^a\\[ -~]+b$/)
      expect(escapeText(character)).not.toBe('')
    }
  })

  it('leaves nothing unsafe, wherever it stands', () => {
    const unsafe = fc.constantFrom(...Object.values(CLASSES).flat())
    const unit = fc.oneof(
      unsafe,
      fc.string({ unit: 'binary', maxLength: 2 }),
      fc.constantFrom('e', 'ö', '界'),
    )
    fc.assert(
      fc.property(fc.array(unit), (parts) => {
        expect(escapeText(parts.join(''))).not.toMatch(UNSAFE)
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves what is safe to be printed as it is', () => {
    for (const text of [
      'plain ~ text \\n',
      'größe',
      '界面',
      'عربي',
      'हिन्दी',
      '한국어',
      'e\u0301',
      '😀',
      '👩🏽',
      '…├─◀',
    ])
      expect(escapeText(text)).toBe(text)
    fc.assert(fc.property(fc.string(), (text) => escapeText(text) === text))
  })

  it('writes the usual ones as people know them, and the others by number', () => {
    expect(escapeText('\n\r\t\0\u001b[2J')).toBe('\\n\\r\\t\\0\\e[2J')
    expect(escapeText('\u0007\u009b\u202e\u{e0041}\ud800')).toBe('\\x07\\x9b\\u{202e}\\u{e0041}\\u{d800}')
  })

  it('changes nothing when it is applied to its own result', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = escapeText(text)
        expect(escapeText(once)).toBe(once)
      }),
    )
  })
})
