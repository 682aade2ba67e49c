import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rollUp } from '../../../src/analysis/files/roll-up.ts'
import { stackLayers } from '../../../src/analysis/files/stack-layers.ts'
import type { LayerEntry, ListedLayer } from '../../../src/model/layer-files.ts'

const entry = (path: string, bytes: number, more: Partial<LayerEntry> = {}): LayerEntry => ({
  path,
  kind: path.endsWith('/') ? 'directory' : 'file',
  contentBytes: bytes,
  diskBytes: bytes === 0 ? 0 : 4096,
  link: null,
  mode: 0o755,
  uid: 0,
  gid: 0,
  ...more,
  ...(path.endsWith('/') ? { path: path.slice(0, -1) } : {}),
})

interface Given {
  entries?: readonly LayerEntry[]
  whiteouts?: readonly string[]
  opaque?: readonly string[]
  opaqueKnown?: boolean
}

const chain = (...layers: readonly Given[]): ListedLayer[] =>
  layers.map(({ entries = [], whiteouts = [], opaque = [], opaqueKnown = true }, index) => ({
    id: String(index + 1),
    part: 'layer',
    listing: { source: 'tar-split', path: 'list', entries, whiteouts, opaque, opaqueKnown, problems: [] },
  }))

const told = (layers: readonly ListedLayer[]): string[] =>
  stackLayers(layers).changes.map(
    ({ layer, what, path, hidesBytes }) =>
      `${layer} ${what} ${path}${hidesBytes > 0 ? ` -${hidesBytes}` : ''}`,
  )

const wasted = (layers: readonly ListedLayer[]): string[] =>
  stackLayers(layers).wasted.map(
    ({ path, layer, hiddenBy, how, contentBytes }) =>
      `${path} ${contentBytes} of ${layer} ${how} in ${hiddenBy}`,
  )

describe('a later layer', () => {
  it('adds, replaces, and names a directory again', () => {
    const layers = chain(
      { entries: [entry('etc/', 0), entry('etc/a', 10)] },
      { entries: [entry('etc/', 0), entry('etc/a', 20), entry('etc/b', 30)] },
    )
    expect(told(layers).slice(2)).toEqual(['2 kept etc', '2 changed etc/a -10', '2 added etc/b'])
    expect(wasted(layers)).toEqual(['etc/a 10 of 1 replaced in 2'])
  })

  it('removes a directory with all below, whose bytes stay where they are', () => {
    const layers = chain(
      { entries: [entry('d/', 0), entry('d/a', 10), entry('d/e/', 0), entry('d/e/b', 5)] },
      { whiteouts: ['d'] },
    )
    expect(told(layers).at(-1)).toBe('2 removed d -15')
    expect(wasted(layers).sort()).toEqual(['d/a 10 of 1 removed in 2', 'd/e/b 5 of 1 removed in 2'])
  })

  it('hides what an opaque directory held; what it holds again has changed', () => {
    const layers = chain(
      { entries: [entry('d/', 0), entry('d/a', 10), entry('d/b', 20), entry('d/s/', 0), entry('d/s/x', 1)] },
      { entries: [entry('d/', 0), entry('d/b', 30)], opaque: ['d'] },
    )
    expect(told(layers).slice(5).sort()).toEqual([
      '2 changed d/b -20',
      '2 kept d',
      '2 removed d/a -10',
      '2 removed d/s -1',
    ])
    expect(wasted(layers)).toHaveLength(3)
  })

  it('puts a file where a directory was removed, or in its place', () => {
    const below: Given = { entries: [entry('d/', 0), entry('d/a', 10)] }
    expect(told(chain(below, { entries: [entry('d', 3)], whiteouts: ['d'] })).at(-1)).toBe('2 changed d -10')
    expect(wasted(chain(below, { entries: [entry('d', 3)] }))).toEqual(['d/a 10 of 1 replaced in 2'])
  })

  it('removes what is not there', () => {
    expect(told(chain({}, { whiteouts: ['gone'] }))).toEqual(['2 removed gone'])
  })

  it('wastes a file with two names only when both are hidden', () => {
    const base: Given = { entries: [entry('a', 10, { link: 'i' }), entry('b', 0, { link: 'i' })] }
    expect(wasted(chain(base, { whiteouts: ['a'] }))).toEqual([])
    expect(wasted(chain(base, { whiteouts: ['a'] }, { whiteouts: ['b'] }))).toEqual([
      'a 10 of 1 removed in 3',
    ])
  })

  it('may hide what lies below, where the mark for that cannot be read', () => {
    const base: Given = { entries: [entry('d/', 0), entry('d/a', 10)] }
    const layers = chain(base, { entries: [entry('d/', 0), entry('new/', 0)], opaqueKnown: false })
    expect([...stackLayers(layers).unclear]).toEqual([[2, ['d']]])
    expect(wasted(layers)).toEqual([])
  })
})

it('divides the bytes of all layers into those that are seen and those that are wasted', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const layer = fc.record({
    files: fc.uniqueArray(fc.tuple(path, fc.integer({ min: 1, max: 9 })), { selector: ([at]) => at }),
    whiteouts: fc.uniqueArray(path),
    opaque: fc.uniqueArray(path),
  })
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 5 }), (given) => {
      const layers = given.map(({ files, whiteouts, opaque }): Given => {
        // No layer has a file and something below it, or a mark below a file.
        const sound = files.filter(([at]) => !files.some(([other]) => other.startsWith(`${at}/`)))
        const isFree = (at: string) => !sound.some(([other]) => at === other || at.startsWith(`${other}/`))
        return {
          entries: sound.map(([at, bytes]) => entry(at, bytes)),
          whiteouts: whiteouts.filter((at) => isFree(at)),
          opaque: opaque.filter((at) => isFree(at)),
        }
      })
      const seen = new Map<string, number>()
      const drop = (test: (at: string) => boolean) => {
        for (const at of [...seen.keys()]) if (test(at)) seen.delete(at)
      }
      for (const { entries = [], whiteouts = [], opaque = [] } of layers) {
        drop((at) => whiteouts.some((gone) => at === gone || at.startsWith(`${gone}/`)))
        // A directory that hides is a directory, and so are those above it.
        drop((at) => opaque.some((gone) => `${at}/`.startsWith(`${gone}/`) || gone.startsWith(`${at}/`)))
        for (const { path: at, contentBytes } of entries) {
          drop((other) => other === at || other.startsWith(`${at}/`) || at.startsWith(`${other}/`))
          seen.set(at, contentBytes)
        }
      }
      const total = layers
        .flatMap(({ entries = [] }) => entries)
        .reduce((sum, each) => sum + each.contentBytes, 0)
      const lost = stackLayers(chain(...layers)).wasted.reduce((sum, each) => sum + each.contentBytes, 0)
      expect(lost + [...seen.values()].reduce((sum, bytes) => sum + bytes, 0)).toBe(total)
    }),
  )
})

it('sums up what lies deeper than asked, and loses nothing', () => {
  const { changes } = stackLayers(
    chain(
      { entries: [entry('a/', 0), entry('a/b/', 0), entry('a/b/c', 10), entry('x', 1)] },
      { entries: [entry('a/', 0), entry('a/d', 5)], whiteouts: ['x'] },
    ),
  )
  expect(
    rollUp(changes, 1).map(({ layer, what, path, contentBytes, entries }) => [
      layer,
      what,
      path,
      contentBytes,
      entries,
    ]),
  ).toEqual([
    [1, 'added', 'a', 10, 3],
    [1, 'added', 'x', 1, 1],
    [2, 'removed', 'x', 0, 1],
    [2, 'changed', 'a', 5, 2],
  ])
})
