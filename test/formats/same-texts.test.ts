import { describe, expect, it } from 'vitest'
import { SameTexts } from '../../src/formats/same-texts.ts'

describe('SameTexts', () => {
  it('changes no text, be it one that objects know of their own', () => {
    const same = new SameTexts()
    for (const text of ['', 'a', '__proto__', 'constructor', 'a'])
      expect([same.of(text), same.of(`${text}b`)]).toEqual([text, `${text}b`])
  })
})
