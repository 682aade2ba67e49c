import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { removeTree } from '../support/restore-fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const cleanups: string[] = []
afterEach(() => {
  for (const root of cleanups.splice(0)) removeTree(root)
})

const id = (letter: string): string => letter.repeat(64)
const digest = (letter: string): string => `sha256:${id(letter)}`

/** What podman calls dangling of a list, its member and an image of which no list knows. */
function danglingOf(change: (root: string) => void): readonly (readonly [string, boolean])[] {
  const root = mkdtempSync(join(tmpdir(), 'layerscope-podman-lists-'))
  cleanups.push(root)
  const images = [
    { id: id('a'), names: ['localhost/list:1'], digest: digest('1'), 'big-data-names': ['manifest'] },
    { id: id('b'), digest: digest('2'), layer: id('e') },
    { id: id('c'), digest: digest('3'), layer: id('e') },
  ]
  const write = (path: string, value: unknown): void => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), JSON.stringify(value))
  }
  write('overlay-images/images.json', images)
  write(`overlay-images/${id('a')}/manifest`, { schemaVersion: 2, manifests: [{ digest: digest('2') }] })
  write('overlay-layers/layers.json', [{ id: id('e'), 'diff-digest': digest('e') }])
  mkdirSync(join(root, `overlay/${id('e')}/diff`), { recursive: true })
  change(root)
  return reportOf(root).images.map((image) => [image.id.slice(0, 1), image.dangling] as const)
}

describe('an image without a name that a list of images names', () => {
  it('is not dangling with podman 5.6 and later', () => {
    expect(danglingOf((root) => mkdirSync(join(root, 'overlay/tempdirs')))).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
    ])
  })

  it('is dangling before', () => {
    expect(danglingOf(() => {})).toEqual([
      ['a', false],
      ['b', true],
      ['c', true],
    ])
  })
})
