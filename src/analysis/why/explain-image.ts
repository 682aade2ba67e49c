import type { Image } from '../../model/model.ts'
import type { StoreCatalog } from '../catalog.ts'
import { recordFiles } from '../record-files.ts'
import type { Told } from './explanation.ts'
import { namesEvidence } from './image-names.ts'
import { containerOwner, imageOwner } from './owners.ts'

export function explainImage(at: StoreCatalog, image: Image): Told {
  const { store } = at
  const files = recordFiles(store)
  const path =
    files?.images ??
    (store.layout === 'graph'
      ? `graph/${image.id}/json`
      : `${store.path}/imagedb/content/sha256/${image.id.slice(7)}`)
  const says =
    store.layout === 'layerdb' ? `its bytes have this sha256, which is the image ID` : `the image ${image.id}`
  return {
    owners: [imageOwner(image)],
    evidence: [{ path, says }, ...namesEvidence(store, image)],
    alsoUsedBy: [
      ...(at.containersOfImage.get(image.id) ?? []).map(containerOwner),
      ...(at.children.get(image.id) ?? []).map(imageOwner),
    ],
    since: image.created,
  }
}
