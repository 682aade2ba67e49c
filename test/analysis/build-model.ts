import { createHash } from 'node:crypto'
import { type Catalog, createCatalog, type StoreCatalog } from '../../src/analysis/catalog.ts'
import { type Collector, createCollector } from '../../src/layouts/collector.ts'
import type {
  CacheRecord,
  Container,
  EngineRule,
  Image,
  Layer,
  LooseMount,
  Model,
  Store,
  Volume,
} from '../../src/model/model.ts'
import type { Claim, Survey, Tally } from '../../src/model/places.ts'
import { createReport } from '../../src/report/report.ts'
import type { Report } from '../../src/report/schema.ts'
import { claimsOf } from '../support/claims.ts'
import { talliesOf } from '../support/tallies.ts'

export const ROOT = '/var/lib/docker'
export const STORE = `layerdb/overlay2@${ROOT}`

/** A digest that stands for a readable name. */
export const digest = (name: string): string => `sha256:${createHash('sha256').update(name).digest('hex')}`

export const store = (over: Partial<Store> = {}): Store => ({
  id: STORE,
  root: ROOT,
  layout: 'layerdb',
  driver: 'overlay2',
  namespace: null,
  path: 'image/overlay2',
  active: true,
  why: '',
  ...over,
})

export const layer = (
  id: string,
  parent: string | null = null,
  recordedBytes: number | null = 0,
  over: Partial<Layer> = {},
): Layer => ({
  store: STORE,
  id,
  parent,
  diffId: null,
  cacheId: id,
  path: `overlay2/${id}`,
  recordedBytes,
  loaded: true,
  ...over,
})

/** An image on a chain of layers, base first. */
export const image = (id: string, layers: readonly string[], over: Partial<Image> = {}): Image => ({
  store: STORE,
  id,
  tags: [],
  digests: [],
  created: null,
  os: 'linux',
  architecture: 'amd64',
  variant: null,
  author: '',
  dockerVersion: '',
  layers,
  parent: null,
  lastUpdated: null,
  labels: new Map(),
  history: [],
  config: { entrypoint: [], command: [], environment: [], workingDirectory: '', user: '' },
  loaded: true,
  ...over,
})

export const container = (id: string, over: Partial<Container> = {}): Container => ({
  root: ROOT,
  store: STORE,
  id,
  name: id,
  image: null,
  imageName: '',
  command: '',
  state: 'exited',
  exitCode: 0,
  created: null,
  startedAt: null,
  finishedAt: null,
  baseLayer: null,
  mountId: id,
  initId: null,
  layerPath: null,
  initPath: null,
  logDriver: null,
  logs: [],
  mounts: [],
  volumes: [],
  restartPolicy: 'no',
  maximumRetries: 0,
  restartCount: 0,
  startedBefore: false,
  stoppedByHand: false,
  autoRemove: false,
  networks: [],
  labels: new Map(),
  loaded: true,
  ...over,
})

export const volume = (name: string, over: Partial<Volume> = {}): Volume => ({
  root: ROOT,
  name,
  driver: 'local',
  path: `volumes/${name}`,
  dataPath: `volumes/${name}/_data`,
  created: null,
  anonymous: false,
  options: null,
  labels: new Map(),
  onDisk: true,
  recorded: true,
  ...over,
})

export const cacheRecord = (id: string, over: Partial<CacheRecord> = {}): CacheRecord => ({
  root: ROOT,
  store: STORE,
  id,
  type: 'regular',
  description: '',
  parents: [],
  createdAt: null,
  lastUsedAt: null,
  usageCount: 1,
  mutable: false,
  recordedBytes: 0,
  layer: null,
  cacheId: null,
  path: null,
  twins: [],
  ...over,
})

export const looseMount = (name: string, parent: string | null): LooseMount => ({
  store: STORE,
  name,
  mountId: null,
  initId: null,
  parent,
  containerUnreadable: false,
})

export const claim = (path: string, over: Partial<Claim> = {}): Claim => ({
  path,
  place: 'other',
  owner: null,
  store: null,
  content: false,
  ...over,
})

/** A model of one Docker root with one store, but for what is said otherwise. */
export function model(parts: Partial<Model> & { rule?: EngineRule } = {}): Model {
  const { rule = '20.10', ...rest } = parts
  const empty: Collector = createCollector()
  empty.roots.push({
    path: ROOT,
    kind: 'docker',
    fileSystem: null,
    engine: { rule, why: '' },
    engineRunning: false,
  })
  empty.stores.push(store())
  return { ...empty, ...rest }
}

/** A measured root: each claim with its content bytes, disk bytes and inodes. */
export function survey(
  parts: readonly (readonly [Claim, contentBytes: number, diskBytes: number, files: number])[],
  changedBytes: ReadonlyMap<string, number> = new Map(),
  root = ROOT,
): Survey {
  return {
    root,
    claims: claimsOf(parts.map(([claimed]) => claimed)),
    strays: [],
    mounted: [],
    deletedFiles: [],
    measurement: {
      tallies: talliesOf(
        parts.map(([, contentBytes, diskBytes, files]): Tally => ({ contentBytes, diskBytes, files })),
      ),
      changedBytes,
      complete: true,
      cancelled: false,
      exact: true,
    },
    verified: null,
  }
}

/** The catalog of a model, and its one store. */
export function catalogOf(
  parts: Parameters<typeof model>[0] = {},
  surveys: readonly Survey[] = [],
): { catalog: Catalog; at: StoreCatalog; model: Model } {
  const built = model(parts)
  const catalog = createCatalog(built, surveys)
  const at = catalog.store(STORE)
  if (at === undefined) throw new Error(`the model has no store ${STORE}`)
  return { catalog, at, model: built }
}

/** The report of a model, as the program would make it. */
export const reportFrom = (
  parts: Parameters<typeof model>[0] = {},
  surveys: readonly Survey[] = [],
): Report =>
  createReport(createCatalog(model(parts), surveys), {
    version: 'test',
    generatedAt: '2026-01-01T00:00:00Z',
  })
