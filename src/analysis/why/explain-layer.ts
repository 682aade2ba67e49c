import { cacheFiles } from '../../layouts/buildkit/places.ts'
import type { Container, Image, Layer, Store } from '../../model/model.ts'
import type { Catalog, StoreCatalog } from '../catalog.ts'
import { recordFiles } from '../record-files.ts'
import type { Evidence, Told } from './explanation.ts'
import { namesEvidence } from './image-names.ts'
import { containerOwner, imageOwner, recordOwner } from './owners.ts'

/** How many images are told with their evidence; all are listed as users. */
const IMAGES_TOLD = 3

export function explainLayer(catalog: Catalog, at: StoreCatalog, layer: Layer): Told {
  const { store } = at
  const images = [...at.images.values()].filter((image) => image.layers.includes(layer.id))
  const above = containersAbove(catalog, at, layer.id)
  const records = catalog.model.cacheRecords.filter(
    (record) => record.store === store.id && record.layer === layer.id,
  )
  const evidence = layerEvidence(at, layer)
  for (const image of images.toSorted(namedFirst).slice(0, IMAGES_TOLD)) {
    evidence.push(...chainEvidence(at, image, layer), ...namesEvidence(store, image))
  }
  for (const container of above.slice(0, IMAGES_TOLD))
    evidence.push({
      path: standsOnFile(store, container),
      says: `container ${container.name} stands on ${container.baseLayer}`,
    })
  for (const record of records)
    evidence.push({
      path: cacheFiles(store).data,
      says: `cache record ${record.id} became layer ${layer.id}`,
    })
  return {
    owners: [{ kind: 'layer', id: layer.id, name: layer.id }],
    evidence,
    alsoUsedBy: [...images.map(imageOwner), ...above.map(containerOwner), ...records.map(recordOwner)],
    since:
      images.map((image) => stepOf(image, layer)?.created ?? null).find((created) => created !== null) ??
      null,
  }
}

const namedFirst = (a: Image, b: Image): number => b.tags.length - a.tags.length

const stepOf = (image: Image, layer: Layer) => image.history.find((step) => step.layer === layer.id)

function standsOnFile(store: Store, { id }: Container): string {
  if (store.layout === 'graph') return `containers/${id}/config.json`
  return recordFiles(store)?.layers ?? `${store.path}/layerdb/mounts/${id}/parent`
}

function layerEvidence(at: StoreCatalog, layer: Layer): Evidence[] {
  const files = recordFiles(at.store)
  if (files === null)
    return at.store.layout === 'graph' ? graphLayerEvidence(at, layer) : layerdbEvidence(at, layer)
  const below = layer.parent === null ? 'it has no parent' : `parent ${layer.parent}`
  return [
    { path: files.layers, says: `layer ${layer.id}: ${below}` },
    ...(files.data === null
      ? []
      : [{ path: files.data, says: `its files are in ${layer.path ?? 'no directory'}` }]),
  ]
}

function layerdbEvidence({ store }: StoreCatalog, layer: Layer): Evidence[] {
  const directory = `${store.path}/layerdb/sha256/${layer.id.slice(7)}`
  return [
    { path: `${directory}/cache-id`, says: layer.cacheId ?? 'nothing that can be read' },
    { path: `${directory}/diff`, says: layer.diffId ?? 'nothing that can be read' },
    ...(layer.parent === null ? [] : [{ path: `${directory}/parent`, says: layer.parent }]),
  ]
}

const graphLayerEvidence = ({ store }: StoreCatalog, layer: Layer): Evidence[] => [
  {
    path: `graph/${layer.id}/json`,
    says: layer.parent === null ? 'it has no parent' : `parent ${layer.parent}`,
  },
  ...(store.driver === 'aufs'
    ? [{ path: `aufs/layers/${layer.id}`, says: 'the ids of the layers below, nearest first' }]
    : []),
]

function chainEvidence({ store }: StoreCatalog, image: Image, layer: Layer): Evidence[] {
  if (store.layout === 'graph')
    return image.id === layer.id
      ? []
      : [{ path: `graph/${image.id}/json`, says: `its parents lead to ${layer.id}` }]
  const index = image.layers.indexOf(layer.id)
  const files = recordFiles(store)
  if (files !== null)
    return [{ path: files.images, says: `image ${image.id} leads to it: layer ${index + 1} of its chain` }]
  return [
    {
      path: `${store.path}/imagedb/content/sha256/${image.id.slice(7)}`,
      says: `rootfs.diff_ids[${index}] is ${layer.diffId}; with the ${index} below it that is chain ID ${layer.id}`,
    },
  ]
}

/** The containers whose writable layer stands on the layer, at once or further up. */
const containersAbove = (catalog: Catalog, at: StoreCatalog, layer: string): Container[] =>
  catalog.model.containers.filter(
    (container) =>
      container.store === at.store.id &&
      container.baseLayer !== null &&
      at.chainTo(container.baseLayer).includes(layer),
  )
