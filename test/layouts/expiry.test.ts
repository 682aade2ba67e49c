import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ContentSpec, writeContainerd } from '../support/containerd-root.ts'
import { removeTree } from '../support/restore-fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const EXPIRE = 'containerd.io/gc.expire'
const PAST = { [EXPIRE]: '2020-01-01T00:00:00Z' }
const FUTURE = { [EXPIRE]: '2099-01-01T00:00:00Z' }
const ROOT = { 'containerd.io/gc.root': 'x' }

const content = new ContentSpec()
const past = content.image(['past'])
const future = content.image(['future'])
const loose = content.put('a blob that nothing names')

const cleanups: string[] = []
afterEach(() => {
  for (const root of cleanups.splice(0)) removeTree(root)
})

/** What containerd would collect, as the ends of the paths. */
function pending(version: number): string[] {
  const root = mkdtempSync(join(tmpdir(), 'layerscope-expiry-'))
  cleanups.push(root)
  writeContainerd(root, '', {
    content,
    version,
    namespaces: {
      'k8s.io': {
        images: { 'past:1': past.target, 'future:1': future.target },
        imageLabels: { 'past:1': PAST, 'future:1': FUTURE },
        blobs: { ...content.labels, [loose]: FUTURE },
        snapshots: { expiring: { labels: FUTURE }, rooted: { labels: { ...ROOT, ...PAST } } },
      },
    },
  })
  return reportOf(root)
    .orphans.map(({ path }) => path.replace(/^.*\//, ''))
    .sort()
}

const named = (digests: readonly string[]): string[] => digests.map((digest) => digest.slice(7))

describe('what has a time after which it may go', () => {
  const always = ['1', ...named([loose])]

  it('goes with containerd 2, where it is an image of which the time has come', () => {
    expect(pending(4)).toEqual([...always, ...named(past.blobs)].sort())
  })

  it('stays with containerd 1, where it is an image', () => {
    expect(pending(3)).toEqual(always.sort())
  })
})
