import { describe, expect, it } from 'vitest'
import { ROOT, STORE } from '../build-model.ts'
import { foundIn } from './root-of.ts'

const leftover = {
  root: ROOT,
  store: STORE,
  kind: 'leftover',
  path: 'image/x-removing',
  reason: 'a removal that did not end',
  dataPaths: ['overlay2/x'],
} as const

describe('leftovers', () => {
  it('are named with their files, those of this root alone', () => {
    const leftovers = [leftover, { ...leftover, root: '/other', path: 'image/y-removing' }]
    expect(foundIn({ leftovers })).toMatchObject([
      { path: 'image/x-removing', store: STORE, kind: 'leftover', reason: leftover.reason, searched: [] },
      { path: 'overlay2/x', kind: 'leftover', reason: `${leftover.reason} (its files)`, searched: [] },
    ])
  })

  it('that have lost their owner tell where he could have stood', () => {
    const leftovers = [{ ...leftover, kind: 'orphan', dataPaths: [] } as const]
    expect(foundIn({ leftovers })).toMatchObject([{ kind: 'orphan', searched: ['containers/'] }])
  })
})

describe("what BuildKit's snapshot map alone names", () => {
  const claimed = { root: ROOT, store: STORE, key: 'k', cacheId: 'c', chainId: null, recordsKnown: true }

  it('is a leftover where the driver keeps it', () => {
    expect(foundIn({ snapshotClaims: [claimed] })).toMatchObject([
      {
        path: 'overlay2/c',
        store: STORE,
        kind: 'leftover',
        searched: ['buildkit/metadata_v2.db', 'image/*/layerdb/sha256/*/cache-id'],
      },
    ])
  })

  it('is not named of another root, nor where the records cannot be read', () => {
    const snapshotClaims = [
      { ...claimed, root: '/other' },
      { ...claimed, recordsKnown: false },
    ]
    expect(foundIn({ snapshotClaims })).toEqual([])
  })

  it('is named where its store is not known', () => {
    expect(foundIn({ snapshotClaims: [{ ...claimed, store: 'gone' }] })).toHaveLength(1)
  })
})
