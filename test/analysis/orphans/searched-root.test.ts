import { describe, expect, it } from 'vitest'
import { SearchedRoot } from '../../../src/analysis/orphans/searched-root.ts'
import type { Model } from '../../../src/model/model.ts'
import { catalogOf, claim, ROOT, store, survey } from '../build-model.ts'
import { finding } from './root-of.ts'

const root = (over: Partial<Model['roots'][number]> = {}): Model['roots'][number] => ({
  path: ROOT,
  kind: 'docker',
  fileSystem: null,
  engine: { rule: '20.10', why: '' },
  engineRunning: false,
  ...over,
})

function searched(
  parts: Parameters<typeof catalogOf>[0] = {},
  mounted: readonly string[] | null = [],
): SearchedRoot {
  const over = { ...survey([[claim('x'), 5, 4096, 2]]), mounted }
  return new SearchedRoot(catalogOf(parts, [over]).catalog, over)
}

const facts = { path: 'x', store: null, kind: 'orphan', reason: 'because', searched: [] } as const

describe('what nobody owns in a root', () => {
  it('is proven at rest, with what was measured', () => {
    expect(searched().orphan(facts)).toEqual({
      ...facts,
      root: ROOT,
      mounted: false,
      modifiedMs: null,
      certainty: 'proven',
      command: null,
      size: { contentBytes: 5, diskBytes: 4096, files: 2 },
    })
  })

  it('is likely where it is mounted, or an engine runs', () => {
    expect(searched({}, ['x']).orphan(facts)).toMatchObject({ certainty: 'likely', mounted: true })
    const roots = [root({ path: '/other' }), root({ engineRunning: true })]
    expect(searched({ roots }).orphan(facts).certainty).toBe('likely')
    const unknown = [root({ path: '/other', engineRunning: true }), root({ engineRunning: null })]
    expect(searched({ roots: unknown }).orphan(facts).certainty).toBe('proven')
    expect(searched({ roots: [] }).orphan(facts).certainty).toBe('proven')
  })

  it('says of itself what it knows better', () => {
    const better = { modifiedMs: 1, certainty: 'in-flux', command: 'rm', size: null } as const
    expect(searched().orphan({ ...facts, ...better })).toMatchObject(better)
  })

  it('is mounted as far as the mounts are known', () => {
    expect(searched({}, null).isMounted('x')).toBeNull()
    expect(searched({}, ['y', 'x/merged']).isMounted('x')).toBe(true)
    expect(searched({}, ['xy']).isMounted('x')).toBe(false)
  })
})

describe('a root', () => {
  it("is docker's or not", () => {
    expect(searched().isDocker).toBe(true)
    expect(searched({ roots: [root({ path: '/other' }), root({ kind: 'containerd' })] }).isDocker).toBe(false)
    expect(searched({ roots: [] }).isDocker).toBe(false)
  })

  it('has the stores of its own, and what in it may hide an owner', () => {
    const stores = [store(), store({ id: 'other', root: '/other' })]
    const findings = [
      finding('unreadable', 'x'),
      finding('unreadable', 'x', '/other'),
      finding('image-records-missing', 'x'),
    ]
    const { stores: ours, concealing } = searched({ stores, findings })
    expect(ours).toEqual([store()])
    expect(concealing).toEqual([{ at: 'x', message: finding('unreadable', 'x').message }])
  })
})
