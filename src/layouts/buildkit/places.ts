import type { Store } from '../../model/model.ts'
import { baseOf, containerdPlaces } from '../containerd/places.ts'

/** Where BuildKit keeps its records when its snapshots lie in containerd. */
export const workerPath = (snapshotter: string): string => `buildkit/containerd-${snapshotter}/metadata_v2.db`

/** The files that say what is in the build cache, and which directory holds the data of a record. */
export const cacheFiles = (store: Store): { readonly records: string; readonly data: string } =>
  store.layout === 'containerd'
    ? { records: workerPath(store.driver), data: containerdPlaces(baseOf(store.path)).meta }
    : { records: 'buildkit/metadata_v2.db', data: 'buildkit/snapshots.db' }
