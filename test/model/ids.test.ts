import { describe, expect, it } from 'vitest'
import {
  digestFromHex,
  isBuildkitId,
  isGraphId,
  isPlainName,
  isShortLink,
  parseDigest,
  shortId,
} from '../../src/model/ids.ts'

const HEX = 'a1'.repeat(32)

describe('ids from disk', () => {
  it('are digests only with the prefix and 64 lower-case hex characters', () => {
    expect(parseDigest(`sha256:${HEX}`)).toBe(`sha256:${HEX}`)
    for (const wrong of [
      HEX,
      `sha256:${HEX}\n`,
      ` sha256:${HEX}`,
      `sha256:${HEX.toUpperCase()}`,
      `sha256:${HEX.slice(1)}`,
      `sha256:${HEX}0`,
      `sha512:${HEX}`,
      `sha256:../${HEX.slice(3)}`,
      '',
    ])
      expect(parseDigest(wrong), wrong).toBeNull()
  })

  it('become digests from bare hex', () => {
    expect(digestFromHex(HEX)).toBe(`sha256:${HEX}`)
    expect(digestFromHex(`sha256:${HEX}`)).toBeNull()
    expect(digestFromHex(`${HEX}-removing`)).toBeNull()
  })

  it('are told apart by their form', () => {
    expect([HEX, HEX.slice(0, 16), HEX.slice(0, 12)].map(isGraphId)).toEqual([true, true, false])
    expect(['k1y2vv0nm1v4w7hr9pn8h8d2x', `${'a'.repeat(25)}\n`, 'A'.repeat(25)].map(isBuildkitId)).toEqual([
      true,
      false,
      false,
    ])
    expect(['ABCDEFGHIJKLMNOPQRSTUVWX23', 'ABCDEFGHIJKLMNOPQRSTUVWX18'].map(isShortLink)).toEqual([
      true,
      false,
    ])
  })

  it('are shown by their first 12 characters', () => {
    expect([`sha256:${HEX}`, HEX, 'short'].map(shortId)).toEqual(['a1a1a1a1a1a1', 'a1a1a1a1a1a1', 'short'])
  })
})

describe('a name that may be joined to a path', () => {
  it('is one component that stays in its directory', () => {
    for (const plain of ['a', HEX, '...', '..a', '-rf', 'a b', 'line\nbreak', 'ä'.repeat(127)])
      expect(isPlainName(plain), plain).toBe(true)
    for (const wrong of ['', '.', '..', '/', 'a/b', '/etc', '../../etc', 'a\0b', 'ä'.repeat(128)])
      expect(isPlainName(wrong), wrong).toBe(false)
  })
})
