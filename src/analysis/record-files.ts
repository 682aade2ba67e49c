import { baseOf, containerdPlaces } from '../layouts/containerd/places.ts'
import { placesOf } from '../layouts/containers-storage/places.ts'
import type { Store } from '../model/model.ts'

/** The files that hold the records of a store whose engine keeps all of a kind in one file. */
export interface RecordFiles {
  readonly layers: string
  readonly images: string
  /** Null where the containers have directories of their own. */
  readonly containers: string | null
  /** The file that says where a layer's data lies, where that is another one. */
  readonly data: string | null
}

/** Null for the layouts that keep a file or a directory for each object. */
export function recordFiles(store: Store): RecordFiles | null {
  if (store.layout === 'containerd') {
    const { meta, base } = containerdPlaces(baseOf(store.path))
    const data = `${store.path}/metadata.db`
    return { layers: meta, images: meta, containers: base === '' ? meta : null, data }
  }
  if (store.layout !== 'containers-storage') return null
  const { layers, images, containers } = placesOf(store.driver)
  return {
    layers: `${layers}/layers.json`,
    images: `${images}/images.json`,
    containers: `${containers}/containers.json`,
    data: null,
  }
}
