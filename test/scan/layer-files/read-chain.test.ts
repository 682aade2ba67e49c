import { execFileSync } from 'node:child_process'
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../../../src/analysis/catalog.ts'
import type { ListedLayer } from '../../../src/model/layer-files.ts'
import { readChain } from '../../../src/scan/layer-files/read-chain.ts'
import { openTree } from '../../../src/scan/open-tree.ts'
import { scan } from '../../../src/scan/scan.ts'
import { copyOfFixture, type FixtureName, fixtureRoot } from '../../support/fixtures.ts'

const everyChain = (name: FixtureName) => everyChainOf(fixtureRoot(name))

function everyChainOf(root: string) {
  const { model, surveys } = scan([root], { measure: false })
  const catalog = createCatalog(model, surveys)
  const tree = openTree(root, false)
  if (tree === null) throw new Error(`no tree ${root}`)
  return model.layers.flatMap((layer) => {
    const at = catalog.store(layer.store)
    if (at === undefined || layer.path === null) return []
    const layers = at.chainTo(layer.id).flatMap((id) => at.layers.get(id) ?? [])
    const [listed] = readChain(tree, { store: at.store, layers, container: null }).slice(-1)
    return listed === undefined ? [] : [{ root, layer, listed }]
  })
}

const content = ({ listing }: ListedLayer): number =>
  (listing?.entries ?? []).reduce((sum, entry) => sum + entry.contentBytes, 0)

describe.each(['overlay2-buildkit', 'overlay-layerdb', 'vfs-layerdb', 'legacy-aufs'] as const)(
  '%s',
  (name) => {
    it('lists in each layer what the engine recorded as its size', () => {
      let compared = 0
      for (const { layer, listed } of everyChain(name)) {
        if (listed.listing?.source !== 'tar-split' || layer.recordedBytes === null) continue
        // Engines that count the directory count a link by the length of its target; those that count the tar do not.
        const links = (listed.listing.entries ?? []).filter(({ kind }) => kind === 'symlink')
        expect(layer.recordedBytes - content(listed)).toBeGreaterThanOrEqual(0)
        if (links.length === 0) expect(content(listed)).toBe(layer.recordedBytes)
        compared++
      }
      expect(compared).toBeGreaterThan(3)
    })
  },
)

it('counts on disk what du counts in the directory of a layer', () => {
  let compared = 0
  for (const { root, layer, listed } of everyChain('overlay2-buildkit')) {
    const { listing } = listed
    if (listing === null) continue
    const directory = join(root, layer.path ?? '', 'diff')
    const du = Number.parseInt(execFileSync('du', ['-sxB1', directory], { encoding: 'utf8' }), 10)
    const top = Number.parseInt(execFileSync('stat', ['-c', '%b', directory], { encoding: 'utf8' }), 10) * 512
    expect(listing.entries.reduce((sum, entry) => sum + (entry.diskBytes ?? 0), top)).toBe(du)
    compared++
  }
  expect(compared).toBeGreaterThan(10)
})

it('says in a sentence why the list of a layer was not used', () => {
  const { root, dispose } = copyOfFixture('overlay2-buildkit')
  try {
    const { model } = scan([root], { measure: false })
    const [layer] = model.layers
    const list = `image/overlay2/layerdb/sha256/${layer?.id.slice(7)}/tar-split.json.gz`
    truncateSync(join(root, list), 40)
    const listed = everyChainOf(root).find((each) => each.layer.id === layer?.id)
    expect(listed?.listed.listing?.problems).toEqual([
      expect.stringMatching(
        /^The list of files \S+ cannot be used: the stream is cut off after line \d+; the directory was read instead$/,
      ),
    ])
  } finally {
    dispose()
  }
})
