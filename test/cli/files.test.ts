import { beforeAll, describe, expect, it } from 'vitest'
import { fixtureRoot } from '../support/fixtures.ts'
import { ensureBuilt, layerscope } from './program.ts'

beforeAll(ensureBuilt)

interface Answer {
  readonly layers: readonly {
    readonly size: { readonly content: number | null; readonly disk: number | null }
  }[]
  readonly files: readonly {
    readonly layer: number
    readonly content: number
    readonly disk: number | null
    readonly path: string
  }[]
  readonly wasted: { readonly content: number; readonly files: number }
}

const answer = (args: readonly string[]): Answer =>
  JSON.parse(layerscope(['files', ...args, '--json']).out) as Answer

describe.each([
  'overlay2-buildkit',
  'legacy-aufs',
  'legacy-vfs',
  'vfs-layerdb',
  'overlay-layerdb',
  'podman-overlay',
  'podman-vfs',
  'containerd',
  'docker-containerd',
] as const)('%s', (name) => {
  it('lists the files of every image, and they sum to its layers', () => {
    const root = fixtureRoot(name)
    const images = JSON.parse(
      layerscope(['images', '--all', '--json', '--no-measure', '--root', root]).out,
    ) as { id: string; layers: string[] }[]
    // Two namespaces of containerd may have one image.
    const isAlone = (id: string) => images.filter((image) => image.id === id).length === 1
    const withLayers = images.filter((image) => image.layers.length > 0 && isAlone(image.id)).slice(0, 4)
    expect(withLayers.length).toBeGreaterThan(0)
    let listed = 0
    for (const { id } of withLayers) {
      const { layers, files } = answer([id, '--root', root])
      for (const [index, { size }] of layers.entries()) {
        const own = files.filter(({ layer }) => layer === index + 1)
        expect(size.content).toBe(own.reduce((sum, file) => sum + file.content, 0))
        expect(size.disk).toBe(own.reduce((sum, file) => sum + (file.disk ?? 0), 0))
      }
      listed += files.length
    }
    expect(listed).toBeGreaterThan(0)
  })
})

const root = () => fixtureRoot('overlay2-buildkit')

it('shows the largest first, as many as asked for, and keeps to the filters', () => {
  const { out, code } = layerscope(['files', 'bk/app:1', '--root', root(), '--limit', '2'])
  expect(code).toBe(0)
  expect(out).toMatch(/^image bk\/app:1 .*: \d+ layers, \d+ entries$/m)
  expect(out).toMatch(/and \d+ more; --limit/)
  const only = layerscope([
    'files',
    'bk/app:1',
    '--root',
    root(),
    '--filter',
    'layer=1',
    '--format',
    'ndjson',
  ])
  const layers = only.out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { layer: number }).layer)
  expect(new Set(layers)).toEqual(new Set([1]))
})

it('refuses what has no files, and a limit that is no number', () => {
  expect(layerscope(['files', 'nothing', '--root', root()]).code).toBe(1)
  expect(layerscope(['files', 'bk/app:1', '--root', root(), '--limit', 'many']).code).toBe(1)
})
