import type { Finding } from '../model/findings.ts'
import type {
  Blob,
  CacheRecord,
  Container,
  Image,
  Layer,
  Leftover,
  LooseMount,
  Model,
  Network,
  Retention,
  Root,
  SnapshotClaim,
  Store,
  Volume,
} from '../model/model.ts'

/** The model while it is being read: layouts push to it, so that a cancelled scan keeps what it has. */
export interface Collector extends Model {
  readonly roots: Root[]
  readonly stores: Store[]
  readonly images: Image[]
  readonly layers: Layer[]
  readonly blobs: Blob[]
  readonly containers: Container[]
  readonly volumes: Volume[]
  readonly networks: Network[]
  readonly cacheRecords: CacheRecord[]
  readonly retentions: Retention[]
  readonly looseMounts: LooseMount[]
  readonly leftovers: Leftover[]
  readonly snapshotClaims: SnapshotClaim[]
  readonly storesWithoutNames: string[]
  readonly storesWithLostRows: string[]
  readonly unsettledLayers: { store: string; layer: string }[]
  readonly unreadableContainers: { root: string; id: string; isDenied: boolean }[]
  readonly findings: Finding[]
}

export const createCollector = (): Collector => ({
  roots: [],
  stores: [],
  images: [],
  layers: [],
  blobs: [],
  containers: [],
  volumes: [],
  networks: [],
  cacheRecords: [],
  retentions: [],
  looseMounts: [],
  leftovers: [],
  snapshotClaims: [],
  storesWithoutNames: [],
  storesWithLostRows: [],
  unsettledLayers: [],
  unreadableContainers: [],
  findings: [],
})
