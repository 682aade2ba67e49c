import type { Model, Store } from '../model/model.ts'
import type { EngineRow } from './engine-view.ts'

/** The rows of an engine's summary. */
interface Rows {
  readonly images: EngineRow
  readonly containers: EngineRow
  readonly volumes: EngineRow
  readonly buildCache: EngineRow
}

/** Of which of its things the engine knows more than this process may read. */
export type Unseen = Readonly<Record<keyof Rows, boolean>>

/** What of a docker root may not be read here while the engine reads it. */
export function unseenParts(model: Model, root: string, store: Store): Unseen {
  const denied = model.findings.flatMap(({ code, root: at, path }) =>
    code === 'unreadable' && at === root && path !== null ? [path] : [],
  )
  const hidesAny = (places: readonly string[]): boolean =>
    denied.some((path) =>
      places.some((place) => path === place || path.startsWith(`${place}/`) || place.startsWith(`${path}/`)),
    )
  // Nobody has to enter a volume to know that it is there.
  const isVolumesDenied = denied.some((path) => path === 'volumes' || path === 'volumes/metadata.db')
  const isDockers = store.layout === 'layerdb' || store.layout === 'graph'
  return {
    images: isDockers
      ? hidesAny(store.layout === 'graph' ? ['graph', `repositories-${store.driver}`] : imageRecords(store))
      : false,
    containers: model.unreadableContainers.some((each) => each.root === root && each.isDenied),
    volumes: isVolumesDenied,
    buildCache: isDockers && hidesAny(['buildkit/metadata_v2.db', 'buildkit/snapshots.db']),
  }
}

const imageRecords = ({ path }: Store): string[] => [
  `${path}/repositories.json`,
  `${path}/imagedb`,
  `${path}/layerdb/sha256`,
]

const UNKNOWN: EngineRow = { total: null, active: null, size: null, reclaimable: null }

/** The rows as far as they are known: whether an image or a volume is in use only all of the containers tell. */
export function withoutUnseen(rows: Rows, unseen: Unseen): Rows {
  const used = unseen.containers ? { active: null, reclaimable: null } : {}
  return {
    images: unseen.images ? UNKNOWN : { ...rows.images, ...used },
    containers: unseen.containers ? UNKNOWN : rows.containers,
    volumes: unseen.volumes ? UNKNOWN : { ...rows.volumes, ...used },
    buildCache: unseen.buildCache ? UNKNOWN : rows.buildCache,
  }
}
