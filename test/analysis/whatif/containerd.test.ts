import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createCatalog } from '../../../src/analysis/catalog.ts'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { type Outcome, Simulator } from '../../../src/analysis/whatif/simulator.ts'
import { workerPath } from '../../../src/layouts/buildkit/places.ts'
import { DOCKER_BASE } from '../../../src/layouts/containerd/places.ts'
import type { Survey } from '../../../src/model/places.ts'
import { scan } from '../../../src/scan/scan.ts'
import { ContentSpec, writeCacheRecords, writeContainerd } from '../../support/containerd-root.ts'
import { removeTree } from '../../support/restore-fixtures.ts'

const root = mkdtempSync(join(tmpdir(), 'layerscope-whatif-containerd-'))
afterAll(() => removeTree(root))

const content = new ContentSpec()
const base = content.image(['base'])
const used = content.image(['base', 'used'])
const free = content.image(['base', 'free'])
const built = content.image(['base', 'built'])
const twice = content.index([free.target, free.target])
const committed = content.image(['base', 'committed'])
const [baseLayer = ''] = base.chain
const [, usedLayer = ''] = used.chain
const [, freeLayer = ''] = free.chain
const [, builtLayer = ''] = built.chain
const [, committedLayer = ''] = committed.chain
const WEB = '1'.repeat(64)
const OLD = '2'.repeat(64)
const RECORD = 'r'.repeat(25)
const TOOL = 'docker.io/library'

writeContainerd(root, DOCKER_BASE, {
  content,
  namespaces: {
    moby: {
      images: {
        [`${TOOL}/base:1`]: base.target,
        [`${TOOL}/used:1`]: used.target,
        'localhost:5000/used:1': used.target,
        [`${TOOL}/free:1`]: twice,
        [`moby-dangling@${built.target}`]: built.target,
        [`${TOOL}/committed:1`]: committed.target,
      },
      blobs: content.labels,
      snapshots: {
        [baseLayer]: { files: { base: 30_000 } },
        [usedLayer]: { parent: baseLayer, files: { used: 10_000 } },
        [freeLayer]: { parent: baseLayer, files: { free: 20_000 } },
        [builtLayer]: { parent: baseLayer, files: { built: 40_000 } },
        [`${WEB}-init`]: { parent: usedLayer },
        [WEB]: { parent: `${WEB}-init`, kind: 'active', files: { written: 5000 } },
        [`${OLD}-init`]: { parent: baseLayer },
        [OLD]: { parent: `${OLD}-init`, kind: 'active', files: { written: 7000 } },
        [committedLayer]: { parent: `${OLD}-init`, files: { committed: 7000 } },
        [RECORD]: { files: { cached: 50_000 } },
        [`${RECORD}-view`]: { parent: RECORD, kind: 'view' },
      },
      leases: {
        [WEB]: { snapshots: [WEB, `${WEB}-init`] },
        [OLD]: { snapshots: [OLD, `${OLD}-init`] },
        [RECORD]: { labels: { 'containerd.io/gc.flat': 'now' }, snapshots: [RECORD] },
        [`${RECORD}-variants`]: { content: [built.blobs[3] ?? ''] },
        [`${RECORD}-view`]: {
          labels: { 'containerd.io/gc.flat': 'now', 'buildkit/lease.temporary': 'now' },
          snapshots: [`${RECORD}-view`],
        },
      },
    },
    // The history of builds keeps a config, and with it what docker took off it.
    moby_history: {
      blobs: { [free.config]: {} },
      leases: { ref_history: { content: [free.config] } },
    },
  },
})
writeCacheRecords(root, workerPath('overlayfs'), {
  [RECORD]: { 'snapshot.size': 53_248, 'snapshot.committed': true },
})
writeFileSync(join(root, 'engine-id'), 'x')
for (const [id, name, image, typed] of [
  [WEB, 'web', used.target, 'used:1'],
  [OLD, 'old', base.target, base.target.slice(7, 19)],
] as const) {
  mkdirSync(join(root, `containers/${id}`), { recursive: true })
  writeFileSync(
    join(root, `containers/${id}/config.v2.json`),
    JSON.stringify({
      ID: id,
      Name: `/${name}`,
      Driver: 'overlayfs',
      Image: image,
      Config: { Image: typed },
      State: { StartedAt: '2026-01-01T00:00:00Z' },
    }),
  )
  writeFileSync(join(root, `containers/${id}/hostconfig.json`), '{}')
}

const { model, surveys } = scan([root], { measure: true })
const catalog = createCatalog(model, surveys)
const simulator = Simulator.create(catalog, root, { nowMs: Date.parse('2026-06-01T00:00:00Z') })

function whatif(command: string, on = simulator): Outcome {
  if (on === null) throw new Error('docker uses no store of this root')
  return on.simulate([parseDockerCommand(command.split(' '), on.rules)])
}

/** The same root as if it had been surveyed otherwise. */
const surveyed = (over: Partial<Survey>): Simulator | null =>
  Simulator.create(
    createCatalog(
      model,
      surveys.map((survey) => ({ ...survey, ...over })),
    ),
    root,
    { nowMs: Date.parse('2026-06-01T00:00:00Z') },
  )

const lengthOf = (...digests: readonly string[]): number =>
  digests.reduce((sum, digest) => sum + (content.get(digest)?.length ?? 0), 0)
const diskOf = (layer: string): number =>
  catalog.sizes.total(root, model.layers.find(({ id }) => id === layer)?.path ?? '')?.diskBytes ?? 0
const blocks = (digests: readonly string[]): number => digests.length * 4096

describe('image prune where containerd holds the images', () => {
  it('takes what has no name, says its blobs, and leaves what a build holds', () => {
    const { removed, reclaimed, freed } = whatif('image prune -f')
    const [target = '', config = '', , layer = ''] = built.blobs
    expect(removed.images).toEqual([built.target])
    expect(removed.layers).toEqual([builtLayer])
    expect(reclaimed).toBe(lengthOf(target, config))
    expect(freed.disk).toBe(diskOf(builtLayer) + blocks([target, config]))
    expect(content.has(layer)).toBe(true)
  })

  it('takes with -a every name that no container was made from, and gives an image in use a name of its own', () => {
    const { removed, reclaimed, freed, state } = whatif('image prune -af')
    expect(removed.images).toEqual([built.target, committed.target, twice].sort())
    expect(removed.references.map(({ reference }) => reference).sort()).toEqual([
      'base:1',
      'committed:1',
      'free:1',
      'localhost:5000/used:1',
    ])
    expect(state.isDangling(base.target)).toBe(true)
    const [, , , freeBlob = ''] = free.blobs
    const [, , , committedBlob = ''] = committed.blobs
    const gone = [built.target, built.config, committed.target, committed.config, committedBlob]
    const ofFree = [free.target, free.config, freeBlob]
    // An index that names a manifest twice is gone through once; the config is gone for docker alone.
    expect(reclaimed).toBe(lengthOf(...gone, ...ofFree, twice))
    expect(freed.disk).toBe(
      diskOf(builtLayer) +
        diskOf(committedLayer) +
        diskOf(freeLayer) +
        blocks([...gone, free.target, freeBlob, twice]),
    )
  })
})

describe('rmi where containerd holds the images', () => {
  it('takes a name that is not the last, whoever uses the image', () => {
    const { removed, refusals, freed } = whatif('rmi used:1')
    expect(refusals).toEqual([])
    expect(removed.references.map(({ reference }) => reference)).toEqual(['used:1'])
    expect([removed.images, freed.disk]).toEqual([[], 0])
  })

  it('refuses the last name of an image in use, and takes it by force without freeing anything', () => {
    const [refusal] = whatif('rmi base:1').refusals
    expect(refusal?.message).toBe(
      `Error response from daemon: conflict: unable to delete base:1 (must be forced) - container ${OLD.slice(0, 12)} is using its referenced image ${base.target.slice(7, 19)}`,
    )
    const forced = whatif('rmi -f base:1')
    expect(forced.removed.images).toEqual([])
    expect(forced.freed.disk).toBe(0)
  })

  it('refuses by id what has names in several repositories', () => {
    const [refusal] = whatif(`rmi ${used.target.slice(7, 19)}`).refusals
    expect(refusal?.message).toContain('image is being used by stopped container')
  })

  it('frees what no other image needs', () => {
    const { removed, freed } = whatif('rmi free:1')
    expect(removed.layers).toEqual([freeLayer])
    expect(freed.disk).toBe(diskOf(freeLayer) + blocks([free.target, free.blobs[3] ?? '', twice]))
  })
})

describe('the rest of docker where containerd holds the images', () => {
  it('keeps the mount points of a container that an image was committed from', () => {
    const { removed, freed } = whatif('rm old')
    const container = model.containers.find(({ id }) => id === OLD)
    const own = catalog.sizes.sum(root, [container?.layerPath ?? null, `containers/${OLD}`])
    expect(removed.containers).toEqual([OLD])
    expect(freed.disk).toBe(own?.diskBytes)
  })

  it('takes a cache record with its snapshot; its view is gone once an engine starts', () => {
    const { removed, reclaimed, freed } = whatif('builder prune -af')
    const [record] = model.cacheRecords
    expect(removed.cacheRecords).toEqual([RECORD])
    expect(reclaimed).toBe(53_248)
    expect(freed.disk).toBe(catalog.sizes.total(root, record?.path ?? '')?.diskBytes)
    expect(freed.disk).toBeGreaterThan(50_000)
  })

  it('frees with everything all that docker has there, but for what the history of builds holds', () => {
    const { freed, removed } = whatif('system prune -af --volumes')
    const names = ['snapshots', 'blobs/sha256', 'containers/']
    const mine = surveys.flatMap(({ claims, measurement }) =>
      [...claims].flatMap(({ path, owner }, index) =>
        owner !== null || names.some((name) => path.includes(`${name}/`))
          ? [{ path, disk: measurement?.tallies.at(index)?.diskBytes ?? 0 }]
          : [],
      ),
    )
    const view = model.cacheRecords[0]?.otherPaths?.[0] ?? ''
    const stays = mine.filter(
      ({ path }) => path.endsWith(free.config.slice(7)) || path === view || path === `${view}/fs`,
    )
    const all = mine.reduce((sum, { disk }) => sum + disk, 0)
    expect(freed.disk).toBe(all - stays.reduce((sum, { disk }) => sum + disk, 0))
    expect(removed.images).toHaveLength(model.images.length)
  })
})

describe('what the disk gets back where containerd holds the images', () => {
  const parts = (command: string) =>
    Object.fromEntries(whatif(command).freed.parts.map(({ kind, disk }) => [kind, disk]))

  it('is told by what it was for', () => {
    const [gone, container] = [free.target, model.containers.find(({ id }) => id === OLD)]
    expect(parts('rmi free:1')).toEqual({
      layers: diskOf(freeLayer),
      'compressed layers': blocks([gone, free.blobs[3] ?? '', twice]),
    })
    expect(parts('rm old')).toEqual({
      'writable layers': catalog.sizes.total(root, container?.layerPath ?? null)?.diskBytes,
      'container files': catalog.sizes.total(root, `containers/${OLD}`)?.diskBytes,
    })
    expect(Object.keys(parts('builder prune -af'))).toEqual(['build cache'])
    expect(parts('rmi used:1')).toEqual({})
  })

  it('is content too, as measured', () => {
    const length = catalog.sizes.total(root, model.layers.find(({ id }) => id === freeLayer)?.path ?? null)
    expect(whatif('rmi free:1').freed.content).toBe(
      (length?.contentBytes ?? 0) + lengthOf(free.target, free.blobs[3] ?? '', twice),
    )
  })

  it('is unknown where nothing was measured', () => {
    const unmeasured = surveyed({ measurement: null })
    for (const command of ['rmi free:1', 'rm old', 'image prune -f'])
      expect(whatif(command, unmeasured).freed).toEqual({ content: null, disk: null, files: null, parts: [] })
  })

  it('is unknown where a snapshot that goes lies on a file system of its own', () => {
    const path = model.layers.find(({ id }) => id === freeLayer)?.path ?? ''
    const apart = surveyed({ mounted: [path] })
    expect(whatif('rmi free:1', apart).freed).toEqual({ content: null, disk: null, files: null, parts: [] })
    expect(whatif('image prune -f', apart).freed.disk).toBe(whatif('image prune -f').freed.disk)
  })
})
