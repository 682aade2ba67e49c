import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Catalog, createCatalog } from '../../../src/analysis/catalog.ts'
import { createLedger } from '../../../src/analysis/ledger.ts'
import { whyPath } from '../../../src/analysis/why/why.ts'
import { scan } from '../../../src/scan/scan.ts'
import { scratch } from '../../tree/scratch.ts'

const POOL = 'devicemapper/devicemapper/data'
const POOL_BYTES = 300_000

/** A root whose driver keeps all layers in one sparse file. */
function poolRoot(): string {
  const root = scratch()
  const files: Readonly<Record<string, string>> = {
    'image/devicemapper/repositories.json': '{"Repositories":{}}',
    [POOL]: 'x'.repeat(POOL_BYTES),
    'devicemapper/devicemapper/metadata': 'x'.repeat(5000),
    'devicemapper/metadata/base': '{"device_id":1}',
    'devicemapper/metadata/deviceset-metadata': '{"next_device_id":2}',
  }
  mkdirSync(join(root, 'containers'), { recursive: true })
  mkdirSync(join(root, 'image/devicemapper/layerdb/sha256'), { recursive: true })
  mkdirSync(join(root, 'image/devicemapper/imagedb/content/sha256'), { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  truncateSync(join(root, POOL), 10_000_000_000)
  return root
}

function readPoolRoot(): { root: string; catalog: Catalog } {
  const root = poolRoot()
  const { model, surveys } = scan([root], { measure: true })
  return { root, catalog: createCatalog(model, surveys) }
}

describe('the thin pool of devicemapper', () => {
  it('is counted with the layers that it holds, by its blocks', () => {
    const { root, catalog } = readPoolRoot()
    const entries = createLedger(catalog).entries
    const layers = entries.find(({ category }) => category === 'image-layers')
    expect(layers?.tally.files).toBe(1)
    expect(layers?.tally.diskBytes).toBeGreaterThanOrEqual(POOL_BYTES)
    expect(layers?.tally.diskBytes).toBeLessThan(POOL_BYTES * 2)
    expect(catalog.claimAt(root, 'devicemapper/devicemapper/metadata')?.place).toBe('metadata')
  })

  it('belongs to no one layer, and why says what it is', () => {
    const { root, catalog } = readPoolRoot()
    expect(whyPath(catalog, root, POOL)).toMatchObject({
      class: 'thin-pool',
      owners: [],
      what: expect.stringMatching(/thin pool.* all layers/),
    })
  })
})
