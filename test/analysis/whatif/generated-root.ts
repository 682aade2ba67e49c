import fc from 'fast-check'
import { type Catalog, createCatalog } from '../../../src/analysis/catalog.ts'
import { type Collector, createCollector } from '../../../src/layouts/collector.ts'
import { Claims } from '../../../src/model/claims.ts'
import type { CacheRecord, Container, Image, Layer, Volume } from '../../../src/model/model.ts'
import type { Claim, Place, Tally } from '../../../src/model/places.ts'
import { talliesOf } from '../../support/tallies.ts'

export const ROOT = '/root-of-the-test'
const STORE = `layerdb/overlay2@${ROOT}`

/** The choices from which a root is made; all indexes are taken modulo what is there. */
export interface Choices {
  /** Each layer's parent among those before it, 0 for none, and its bytes. */
  readonly layers: readonly { readonly parent: number; readonly bytes: number }[]
  readonly images: readonly { readonly top: number; readonly parent: number; readonly tags: number }[]
  readonly containers: readonly {
    readonly image: number
    readonly running: boolean
    readonly volume: number
    readonly bytes: number
  }[]
  readonly volumes: readonly { readonly bytes: number; readonly anonymous: boolean }[]
  readonly records: readonly { readonly layer: number; readonly parent: number; readonly bytes: number }[]
}

const bytes = fc.integer({ min: 0, max: 1_000_000 })
const index = fc.nat(1000)

export const choices: fc.Arbitrary<Choices> = fc.record({
  layers: fc.array(fc.record({ parent: index, bytes }), { minLength: 1, maxLength: 12 }),
  images: fc.array(fc.record({ top: index, parent: index, tags: fc.nat(2) }), { maxLength: 10 }),
  containers: fc.array(fc.record({ image: index, running: fc.boolean(), volume: index, bytes }), {
    maxLength: 6,
  }),
  volumes: fc.array(fc.record({ bytes, anonymous: fc.boolean() }), { maxLength: 5 }),
  records: fc.array(fc.record({ layer: index, parent: index, bytes }), { maxLength: 8 }),
})

const hex = (kind: string, number: number): string =>
  `${kind}${String(number).padStart(4, '0')}`.padEnd(64, '0')

/** A catalog of one content-addressed root that is measured, made of these choices. */
export function catalogOf(made: Choices): Catalog {
  const model = createCollector()
  model.roots.push({
    path: ROOT,
    kind: 'docker',
    fileSystem: null,
    engine: { rule: '20.10', why: 'of the test' },
    engineRunning: true,
  })
  model.stores.push({
    id: STORE,
    root: ROOT,
    layout: 'layerdb',
    driver: 'overlay2',
    namespace: null,
    path: 'image/overlay2',
    active: true,
    why: '',
  })
  const claims = new Claims()
  const tallies: Tally[] = []
  const claim = (
    path: string,
    place: Place,
    kind: NonNullable<Claim['owner']>['kind'],
    id: string,
    size: number,
  ) => {
    claims.add(path, place, { kind, id }, kind === 'volume' ? null : STORE, { content: true })
    tallies.push({ contentBytes: size, diskBytes: Math.ceil(size / 4096) * 4096, files: 1 })
  }
  addLayers(model, made, claim)
  addImages(model, made, claim)
  addVolumes(model, made, claim)
  addContainers(model, made, claim)
  addRecords(model, made, claim)
  const measurement = {
    tallies: talliesOf(tallies),
    changedBytes: new Map(),
    complete: true,
    cancelled: false,
    exact: true,
  }
  return createCatalog(model, [
    { root: ROOT, claims, strays: [], mounted: [], deletedFiles: [], measurement, verified: null },
  ])
}

type AddClaim = (
  path: string,
  place: Place,
  kind: NonNullable<Claim['owner']>['kind'],
  id: string,
  size: number,
) => void

function addLayers(model: Collector, made: Choices, claim: AddClaim): void {
  for (const [at, { parent, bytes: size }] of made.layers.entries()) {
    const cacheId = hex('c', at)
    const below = parent % (at + 1)
    const layer: Layer = {
      store: STORE,
      id: `sha256:${hex('a', at)}`,
      parent: below === 0 ? null : `sha256:${hex('a', below - 1)}`,
      diffId: null,
      cacheId,
      path: `overlay2/${cacheId}`,
      recordedBytes: size,
      loaded: true,
    }
    model.layers.push(layer)
    claim(`overlay2/${cacheId}`, 'layer-files', 'layer', layer.id, size)
  }
}

function chainOf(model: Collector, top: string): string[] {
  const chain: string[] = []
  const byId = new Map(model.layers.map((layer) => [layer.id, layer]))
  for (let layer = byId.get(top); layer !== undefined; layer = byId.get(layer.parent ?? ''))
    chain.unshift(layer.id)
  return chain
}

function addImages(model: Collector, made: Choices, claim: AddClaim): void {
  for (const [at, { top, parent, tags }] of made.images.entries()) {
    const id = `sha256:${hex('b', at)}`
    const below = parent % (at + 1)
    const image: Image = {
      store: STORE,
      id,
      tags: Array.from({ length: tags }, (_, tag) => `image${at}:${tag}`),
      digests: [],
      created: '2026-01-01T00:00:00Z',
      os: 'linux',
      architecture: 'amd64',
      variant: null,
      author: '',
      dockerVersion: '',
      layers: chainOf(model, model.layers[top % model.layers.length]?.id ?? ''),
      parent: below === 0 ? null : `sha256:${hex('b', below - 1)}`,
      lastUpdated: null,
      labels: new Map(),
      history: [],
      config: { entrypoint: [], command: [], environment: [], workingDirectory: '', user: '' },
      loaded: true,
    }
    model.images.push(image)
    claim(`image/overlay2/imagedb/content/sha256/${hex('b', at)}`, 'image-record', 'image', id, 900)
  }
}

function addVolumes(model: Collector, made: Choices, claim: AddClaim): void {
  for (const [at, { bytes: size, anonymous }] of made.volumes.entries()) {
    const name = anonymous ? hex('d', at) : `volume${at}`
    const volume: Volume = {
      root: ROOT,
      name,
      driver: 'local',
      path: `volumes/${name}`,
      dataPath: `volumes/${name}/_data`,
      created: null,
      anonymous: null,
      options: null,
      labels: new Map(),
      onDisk: true,
      recorded: true,
    }
    model.volumes.push(volume)
    claim(`volumes/${name}`, 'volume', 'volume', name, size)
  }
}

function addContainers(model: Collector, made: Choices, claim: AddClaim): void {
  if (model.images.length === 0) return
  for (const [at, choice] of made.containers.entries()) {
    const id = hex('e', at)
    const image = model.images[choice.image % model.images.length]
    const volume = model.volumes[choice.volume % (model.volumes.length + 1)]?.name ?? null
    const container: Container = {
      root: ROOT,
      store: STORE,
      id,
      name: `container${at}`,
      image: image?.id ?? null,
      imageName: '',
      command: '',
      state: choice.running ? 'running' : 'exited',
      exitCode: 0,
      created: '2026-01-01T00:00:00Z',
      startedAt: null,
      finishedAt: null,
      baseLayer: image?.layers.at(-1) ?? null,
      mountId: hex('f', at),
      initId: null,
      layerPath: `overlay2/${hex('f', at)}`,
      initPath: null,
      logDriver: 'json-file',
      logs: [{ path: `containers/${id}/${id}-json.log` }],
      mounts: [],
      volumes: volume === null ? [] : [volume],
      restartPolicy: '',
      maximumRetries: 0,
      restartCount: 0,
      startedBefore: true,
      stoppedByHand: false,
      autoRemove: false,
      networks: [],
      labels: new Map(),
      loaded: true,
    }
    model.containers.push(container)
    claim(`overlay2/${hex('f', at)}`, 'writable-layer', 'container', id, choice.bytes)
    claim(`containers/${id}/${id}-json.log`, 'container-log', 'container', id, choice.bytes)
  }
}

function addRecords(model: Collector, made: Choices, claim: AddClaim): void {
  for (const [at, { layer, parent, bytes: size }] of made.records.entries()) {
    const id = `record${at}`.padEnd(25, 'x')
    const below = parent % (at + 1)
    const held = model.layers[layer % (model.layers.length + 1)]?.id ?? null
    const record: CacheRecord = {
      root: ROOT,
      store: STORE,
      id,
      type: 'regular',
      description: '',
      parents: below === 0 ? [] : [`record${below - 1}`.padEnd(25, 'x')],
      createdAt: null,
      lastUsedAt: null,
      usageCount: 1,
      mutable: false,
      recordedBytes: size,
      layer: held,
      cacheId: held === null ? id : null,
      path: held === null ? `overlay2/${id}` : null,
      twins: [],
    }
    model.cacheRecords.push(record)
    if (held === null) claim(`overlay2/${id}`, 'cache-files', 'cache-record', id, size)
  }
}
