import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCollector } from '../../src/layouts/collector.ts'
import type { RootLayout } from '../../src/layouts/layouts.ts'
import { Source } from '../../src/layouts/source.ts'
import { type Division, divide } from '../../src/scan/survey.ts'
import { LocalTree } from '../../src/tree/local.ts'
import { claimsOn } from '../support/claims.ts'
import { scratch } from '../tree/scratch.ts'

const HOUR_MS = 3_600_000

interface Setting {
  /** Claims as each reading finds them; the last one stays. */
  readonly claimed: readonly (readonly string[])[]
  readonly engineRunning?: boolean
  readonly ageMs?: number
}

/** Divides a scratch root with a `store` whose entries need owners; gives the division and the number of readings. */
function divideScratch({ claimed, engineRunning = false, ageMs = HOUR_MS }: Setting): {
  division: Division
  readings: number
} {
  const root = scratch()
  for (const directory of ['store/owned', 'store/way/to/claimed', 'store/stray/deep', 'elsewhere'])
    mkdirSync(join(root, directory), { recursive: true })
  writeFileSync(join(root, 'store/loose'), '')
  symlinkSync('nowhere', join(root, 'store/dangling'))
  execFileSync('mkfifo', [join(root, 'store/pipe')])
  let readings = 0
  const layout: RootLayout = {
    matches: () => true,
    readLast: false,
    read: () => {
      readings++
    },
    claims: () => claimsOn(claimed[Math.min(readings, claimed.length - 1)] ?? []),
    ownedDirectories: () => ['store'],
    comparedTrees: () => [],
  }
  const model = createCollector()
  model.roots.push({
    path: root,
    kind: 'docker',
    fileSystem: null,
    engine: { rule: '20.10', why: '' },
    engineRunning,
  })
  const source = new Source(new LocalTree(root), root, [], { onFile: () => true })
  return { division: divide(source, layout, model, Date.now() + ageMs), readings }
}

const OWNED = ['', 'store', 'store/owned', 'store/way/to/claimed']

describe('divide', () => {
  it('takes for a stray what has no claim and is not on the way to one', () => {
    const { division } = divideScratch({ claimed: [OWNED] })
    expect(division.strays.map(({ path, kind }) => [path, kind])).toEqual([
      ['store/dangling', 'symlink'],
      ['store/loose', 'file'],
      ['store/pipe', 'other'],
      ['store/stray', 'directory'],
    ])
  })

  it('puts the claims on strays behind all others, so that a shared inode stays with its owner', () => {
    const { division } = divideScratch({ claimed: [OWNED] })
    expect([...division.claims].map(({ path, place }) => `${place} ${path}`)).toEqual([
      ...OWNED.map((path) => `other ${path}`),
      'unclaimed store/dangling',
      'unclaimed store/loose',
      'unclaimed store/pipe',
      'unclaimed store/stray',
    ])
  })

  it('reads once where all is at rest and old', () => {
    const { division, readings } = divideScratch({ claimed: [OWNED] })
    expect(readings).toBe(0)
    expect(division.strays.every((stray) => !stray.inDoubt)).toBe(true)
  })

  it.each([
    { what: 'a stray is young', ageMs: 0, engineRunning: false },
    { what: 'an engine runs', ageMs: HOUR_MS, engineRunning: true },
  ])('reads again where $what, and drops what has an owner by then', ({ ageMs, engineRunning }) => {
    const { division, readings } = divideScratch({
      claimed: [OWNED, [...OWNED, 'store/stray']],
      ageMs,
      engineRunning,
    })
    expect(readings).toBe(1)
    expect(division.strays.map((stray) => stray.path)).toEqual([
      'store/dangling',
      'store/loose',
      'store/pipe',
    ])
    expect(division.strays.every((stray) => stray.inDoubt)).toBe(true)
  })

  it('does not read again where nothing is astray, even if an engine runs', () => {
    const all = [...OWNED, 'store/dangling', 'store/loose', 'store/pipe', 'store/stray']
    const { division, readings } = divideScratch({ claimed: [all], engineRunning: true, ageMs: 0 })
    expect(division.strays).toEqual([])
    expect(readings).toBe(0)
  })
})
