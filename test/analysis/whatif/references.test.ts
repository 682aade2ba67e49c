import { describe, expect, it } from 'vitest'
import {
  BadReference,
  completed,
  familiar,
  isSingleReference,
  parseReference,
  parseTyped,
  referenceKey,
} from '../../../src/analysis/whatif/references.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

describe('the name of an image', () => {
  it.each([
    ['app', 'docker.io/library/app:latest', 'app:latest'],
    ['app:1', 'docker.io/library/app:1', 'app:1'],
    ['team/app', 'docker.io/team/app:latest', 'team/app:latest'],
    ['docker.io/app', 'docker.io/library/app:latest', 'app:latest'],
    ['docker.io/library/app:2', 'docker.io/library/app:2', 'app:2'],
    ['localhost/app', 'localhost/app:latest', 'localhost/app:latest'],
    ['host:5000/a/b:c', 'host:5000/a/b:c', 'host:5000/a/b:c'],
    ['index.docker.io/app', 'docker.io/library/app:latest', 'app:latest'],
    ['index.docker.io/team/app', 'docker.io/team/app:latest', 'team/app:latest'],
    ['HOST/app', 'HOST/app:latest', 'HOST/app:latest'],
    ['r.example.com/app', 'r.example.com/app:latest', 'r.example.com/app:latest'],
    [`app@${DIGEST}`, `docker.io/library/app@${DIGEST}`, `app@${DIGEST}`],
    [`app:1@${DIGEST}`, `docker.io/library/app@${DIGEST}`, `app@${DIGEST}`],
  ])('%s is %s', (typed, full, short) => {
    const reference = completed(parseReference(typed))
    expect(referenceKey(reference)).toBe(full)
    expect(familiar(reference)).toBe(short)
  })

  it.each(['App', 'a b', 'a:', ':1', 'a//b', 'a@sha256:12', '', '-a', 'a'.repeat(64)])(
    '%j is none',
    (typed) => {
      expect(() => parseReference(typed)).toThrow(BadReference)
    },
  )

  it('is an id where it has all 64 digits', () => {
    expect(parseTyped('b'.repeat(64))).toEqual({ id: `sha256:${'b'.repeat(64)}` })
    expect(parseTyped(DIGEST)).toEqual({ id: DIGEST })
    expect(parseTyped('b'.repeat(12))).toHaveProperty('name')
    expect(parseTyped(`${DIGEST}a`)).toHaveProperty('name')
    expect(parseTyped(`x/${DIGEST}`)).toHaveProperty('name')
  })

  it('says what is wrong with it', () => {
    expect(() => parseReference('team/App')).toThrow('repository name must be lowercase')
    expect(() => parseReference('a b')).toThrow(/^invalid reference format$/)
    expect(() => parseReference('a:1.5!')).toThrow(BadReference)
  })

  it('is the only one where the rest are digests of the same repository', () => {
    const single = (...names: string[]) =>
      isSingleReference(names.map((name) => completed(parseReference(name))))
    expect(single('a:1')).toBe(true)
    expect(single('a:1', `a@${DIGEST}`)).toBe(true)
    expect(single('a:1', 'a:2')).toBe(false)
    expect(single('a:1', `b@${DIGEST}`)).toBe(false)
    expect(single(`b@${DIGEST}`)).toBe(true)
  })
})
