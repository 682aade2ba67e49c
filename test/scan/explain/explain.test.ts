import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Assembly } from '../../../src/model/assembly.ts'
import { type FixtureName, fixtureRoot } from '../../support/fixtures.ts'
import { assemblyOf, explainable, modelOf } from '../../support/open-model.ts'

const FIXTURES: readonly FixtureName[] = [
  'legacy-aufs',
  'legacy-vfs',
  'overlay2-buildkit',
  'overlay-layerdb',
  'vfs-layerdb',
  'podman-overlay',
  'podman-vfs',
  'containerd',
  'docker-containerd',
]

/** Real roots of engines, where this machine has them. */
const REAL = [
  '/data/a-docker20-overlay2/docker',
  '/data/1.9.1-aufs-emulated/data-1.9.1-aufs-emulated',
].filter((root) => existsSync(root))

const crossed = ({ name, steps }: Assembly): string[] =>
  steps.flatMap((step) =>
    step.checks
      .filter(({ ok }) => ok === false)
      .map((check) => `${name}: ${step.title}: ${check.expression}`),
  )

const allAssemblies = (root: string): Assembly[] => {
  const model = modelOf(root)
  return explainable(model).map((wanted) => assemblyOf(model, root, wanted))
}

describe.each([
  ...FIXTURES.map((name) => [name, () => fixtureRoot(name)] as const),
  ...REAL.map((root) => [root, () => root] as const),
])('on %s', (_name, rootOf) => {
  const assemblies = allAssemblies(rootOf())

  it('has steps for every image, layer, container and cache record', () => {
    expect(assemblies.length).toBeGreaterThan(0)
    expect(assemblies.filter(({ steps }) => steps.length === 0)).toEqual([])
  })

  it('finds that everything follows as the disk says', () => {
    expect(assemblies.flatMap(crossed)).toEqual([])
    const right = assemblies
      .flatMap(({ steps }) => steps)
      .flatMap(({ checks }) => checks)
      .filter(({ ok }) => ok)
    expect(right.length).toBeGreaterThan(0)
  })

  it('names only files that are below the root, by plain paths', () => {
    const paths = assemblies.flatMap(({ steps }) => steps).flatMap(({ files }) => files)
    expect(paths.filter((path) => /^\/|(^|\/)\.\.?(\/|$)/.test(path))).toEqual([])
  })
})

describe('what the steps say', () => {
  const root = fixtureRoot('overlay2-buildkit')
  const model = modelOf(root)
  const image = model.images.find(({ tags }) => tags.includes('shop:2'))
  const wanted = explainable(model).find(({ subject }) => subject.id === image?.id)
  const assembly = wanted === undefined ? null : assemblyOf(model, root, wanted)

  it('ends in the line that mounts every layer, nearest first', () => {
    const mount = assembly?.steps.at(-1)
    const line = mount?.says.find(({ field }) => field === 'mount')?.value ?? ''
    const layers = image?.layers ?? []
    expect(line).toMatch(/^mount -t overlay overlay -o lowerdir=/)
    expect(line.split(':')).toHaveLength(layers.length)
    expect(mount?.checks.map(({ ok }) => ok)).toEqual([true])
  })

  it('writes out the arithmetic of each chain ID with full ids', () => {
    const sums = assembly?.steps.flatMap(({ checks }) => checks.map(({ expression }) => expression)) ?? []
    const chained = sums.filter((sum) => sum.startsWith('sha256("'))
    expect(chained).toHaveLength((image?.layers.length ?? 0) - 1)
    for (const sum of chained) expect(sum).toMatch(/^sha256\("sha256:[0-9a-f]{64} sha256:[0-9a-f]{64}"\)$/)
  })
})
