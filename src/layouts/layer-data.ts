import type { Container, Layer, Store } from '../model/model.ts'
import { snapshotFiles } from './containerd/places.ts'
import { snapshotterKind } from './containerd/snapshotter-kinds.ts'
import { layerFiles, placesOf, tarSplitPath } from './containers-storage/places.ts'
import { driverNamed } from './drivers/driver.ts'

/** How a layer's directory says what the layer takes away. */
export type LayerStyle =
  /** Devices 0/0; a directory that hides those below carries an extended attribute. fuse-overlayfs writes `.wh.` files. */
  | 'overlay'
  /** Files named `.wh.<name>` and `.wh..wh..opq`. */
  | 'aufs'
  /** Not at all: the whole tree lies there. */
  | 'whole'

/** Where the files of a layer and the list of them lie, relative to the root. */
export interface LayerData {
  /** The list that was written when the layer was made; null where the layout keeps none. */
  readonly list: string | null
  /** The directory of its files; null where no file can be seen offline. */
  readonly files: string | null
  readonly style: LayerStyle
}

/** The data of an image's layer. */
export function layerData(store: Store, layer: Layer): LayerData {
  return {
    list: listOf(store, layer),
    files: filesOf(store, layer),
    style: styleOf(store.layout, store.driver),
  }
}

/** The list of the files of a layer; containerd keeps none. */
function listOf(store: Store, layer: Layer): string | null {
  switch (store.layout) {
    case 'layerdb':
      return `${store.path}/layerdb/sha256/${layer.id.slice(7)}/tar-split.json.gz`
    case 'graph':
      return `graph/${layer.id}/tar-data.json.gz`
    case 'containers-storage':
      return tarSplitPath(placesOf(store.driver), layer.id)
    case 'containerd':
      return null
  }
}

function filesOf(store: Store, { cacheId, path }: Layer): string | null {
  switch (store.layout) {
    case 'containerd':
      return path === null ? null : snapshotFiles(store.driver, path)
    case 'containers-storage':
      return cacheId === null ? null : layerFiles(store.driver, cacheId)
    default:
      // Docker before 0.7 had no drivers: a layer's files lie beside its record.
      if (store.driver === 'graph') return path
      return cacheId === null ? null : driverNamed(store.driver).files(cacheId)
  }
}

/** The data of a container's init layer, where it has one, and of its writable layer; null where that is not known. */
export function writableData(
  store: Store,
  container: Container,
): { readonly init: LayerData | null; readonly writable: LayerData } | null {
  const { layerPath, initPath, mountId, initId } = container
  const at = (path: string | null, id: string | null): LayerData | null => {
    const files = writableFiles(store, path, id)
    return files === null ? null : { list: null, files, style: writableStyle(store) }
  }
  const writable = layerPath === null ? null : at(layerPath, mountId)
  return writable === null ? null : { init: at(initPath, initId), writable }
}

function writableFiles(store: Store, path: string | null, id: string | null): string | null {
  if (path === null) return null
  if (store.layout === 'containerd') return snapshotFiles(store.driver, path)
  if (store.layout === 'containers-storage') return id === null ? null : layerFiles(store.driver, id)
  if (store.driver === 'graph') return path
  return id === null ? null : driverNamed(store.driver).writableFiles(id)
}

/** Version 1 of overlay keeps whole trees for images, but only the changes of containers. */
const writableStyle = ({ layout, driver }: Store): LayerStyle =>
  driver === 'overlay' && layout !== 'containerd' ? 'overlay' : styleOf(layout, driver)

function styleOf(layout: Store['layout'], driver: string): LayerStyle {
  if (layout === 'containerd') return snapshotterKind(driver).isWhole ? 'whole' : 'overlay'
  if (layout === 'containers-storage')
    return driver === 'overlay' ? 'overlay' : driver === 'aufs' ? 'aufs' : 'whole'
  if (driver === 'aufs' || driver === 'graph') return 'aufs'
  return driverNamed(driver).comparesTrees ? 'whole' : 'overlay'
}
