import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Assembly } from '../../src/model/assembly.ts'
import { copyOfFixture, fixtureRoot } from '../support/fixtures.ts'
import { modelOf } from '../support/open-model.ts'
import { ensureBuilt, layerscope, type Run } from './program.ts'

const MODERN = fixtureRoot('overlay2-buildkit')
const LEGACY = fixtureRoot('legacy-aufs')

beforeAll(ensureBuilt)

const explain = (root: string, ...args: readonly string[]): Run =>
  layerscope(['explain', ...args, '--root', root])

const assembly = (root: string, query: string): Assembly =>
  JSON.parse(explain(root, query, '--json').out) as Assembly

describe('explain', () => {
  it('tells an image from its tag to its mount, within 80 columns', () => {
    const { code, out, err } = explain(MODERN, 'shop:2')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^image shop:2\n/)
    expect(out).toContain('read  image/overlay2/repositories.json')
    expect(out).toMatch(/✓ sha256\("sha256:[0-9a-f]{12}… sha256:[0-9a-f]{12}…"\) = sha256:[0-9a-f]{12}…/)
    expect(out).toMatch(/lowerdir=.*\n/)
    expect(out.trimEnd()).toMatch(/(\d+) of \1 checks agree with the disk\.$/)
    expect(out.split('\n').filter((line) => [...line].length > 80)).toEqual([])
  })

  it('--ascii and --no-trunc say the same with other marks and with full ids', () => {
    const ascii = explain(MODERN, 'shop:2', '--ascii').out
    expect(ascii).toMatch(/^[\n -~]*$/)
    expect(ascii).toContain('ok sha256(')
    expect(explain(MODERN, 'shop:2', '--no-trunc').out).toMatch(/sha256:[0-9a-f]{64}/)
  })

  it('a path leads to the layer that it lies in, and is called as a container sees it', () => {
    const layer = modelOf(MODERN).layers.find(({ path }) => path !== null)
    const told = assembly(MODERN, `${MODERN}/${layer?.path}/diff/bin/tool`)
    expect(told.subject).toEqual({ kind: 'layer', id: layer?.id })
    expect(told.steps[0]?.says).toContainEqual({ field: 'inside it', value: '/bin/tool' })
    expect(assembly(MODERN, `${layer?.path}/link`).subject).toEqual(told.subject)
  })

  it('a legacy image is told parent by parent, down to the branches of aufs', () => {
    const named = modelOf(LEGACY).images.filter(({ tags }) => tags.length > 0)
    const [deepest] = named.sort((a, b) => b.layers.length - a.layers.length)
    const { out } = explain(LEGACY, deepest?.tags[0] ?? '')
    expect(out).toContain('read  repositories-aufs')
    expect(out).toContain('mount -t aufs none -o')
    expect(out).toMatch(/layersize/)
  })

  it('the names of JSON are a contract', () => {
    const told = assembly(MODERN, 'reader')
    expect(Object.keys(told)).toEqual(['subject', 'name', 'root', 'store', 'steps'])
    for (const step of told.steps) {
      const keys = ['files', 'says', 'checks', 'problem', 'leadsTo', 'title', 'sentence']
      expect(Object.keys(step).sort()).toEqual(keys.sort())
      for (const check of step.checks)
        expect(Object.keys(check)).toEqual(['expression', 'computed', 'expected', 'ok'])
    }
    expect(explain(MODERN, 'reader', '--format', 'ndjson').out.trim().split('\n')).toHaveLength(1)
  })

  it('says what it cannot explain', () => {
    for (const [query, says] of [
      ['nothing:here', /There is no object "nothing:here"/],
      ['data', /is a volume: one plain directory/],
      ['image/overlay2', /belongs to no image, layer, container or cache record/],
    ] as const) {
      const { code, out, err } = explain(MODERN, query)
      expect([code, out]).toEqual([1, ''])
      expect(err).toMatch(says)
    }
    expect(explain(MODERN, 'shop:2', '--format', 'csv').code).toBe(1)
  })

  it('crosses what does not follow on a damaged root, and tells the rest', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      const model = modelOf(root)
      const image = model.images.find(({ tags }) => tags.includes('shop:2'))
      const top = model.layers.find(({ id }) => id === image?.layers.at(-1))
      truncateSync(join(root, top?.path ?? '', 'lower'), 30)
      const { code, out } = explain(root, 'shop:2')
      expect(code).toBe(2)
      expect(out).toMatch(/✗ lower is l\/ and the link of layer 6[\s\S]*gives {5}l\/[\s\S]*disk says l\//)
      expect(out).toContain('of 35 checks agree with the disk')
    } finally {
      dispose()
    }
  })
})
