import { cacheFiles } from '../layouts/buildkit/places.ts'
import type { Subject } from '../model/findings.ts'
import type { CacheRecord, Container, Image, Layer, Store, Volume } from '../model/model.ts'
import type { Claim, Place } from '../model/places.ts'
import type { Catalog, StoreCatalog } from './catalog.ts'
import { findOrphans, type Orphan } from './orphans.ts'
import { recordFiles } from './record-files.ts'
import { stateDatabaseOf, stateFileOf } from './state-database.ts'

/** A file and what it says, in the order in which one leads to the next. */
export interface Evidence {
  readonly path: string
  readonly says: string
}

export interface Owner {
  readonly kind: Subject['kind']
  readonly id: string
  readonly name: string
}

/** To whom something belongs, and what shows it. */
export interface Explanation {
  readonly root: string
  /** Relative to the root. */
  readonly path: string
  readonly class: Place | 'short-link' | 'orphan' | 'unjudged'
  /** What it is, in a sentence. */
  readonly what: string
  readonly owners: readonly Owner[]
  readonly evidence: readonly Evidence[]
  readonly alsoUsedBy: readonly Owner[]
  readonly since: string | null
}

const SENTENCES: Record<Place, string> = {
  'layer-files': 'the files of a layer',
  'layer-record': "the engine's record of a layer",
  'image-record': "the engine's record of an image",
  'writable-layer': 'the writable layer of a container: what it changed',
  'init-layer': "the layer of mount points below a container's writable layer",
  'mount-record': "the record of a container's writable layer",
  'container-log': 'a log of a container',
  'container-files': "a container's own directory: its config, its logs, its hosts files",
  volume: 'a volume',
  'cache-files': 'the files of a build cache record',
  'cache-claim': "named by BuildKit's snapshot map alone: no cache record and no layer stands for it",
  leftover: 'left behind by work that did not end',
  orphaned: 'data whose owner is gone',
  'foreign-driver': 'the directory of a storage driver of which no image store is here',
  'image-blobs': 'compressed image data',
  'build-cache-blobs': "BuildKit's content store",
  metadata: "the engine's own bookkeeping",
  plugins: 'managed plugins',
  network: 'the networks of the engine',
  swarm: 'the state of the swarm',
  temporary: 'temporary files of the engine',
  unclaimed: 'data that nothing claims',
  other: 'not part of any layout that is known here',
}

/** Says who owns a path of a root; null where the root was not read. */
export function whyPath(catalog: Catalog, root: string, path: string): Explanation | null {
  const claim = catalog.claimAt(root, path)
  if (claim === null) return null
  const subject = claim.owner === null ? nothing : explainSubject(catalog, root, claim.store, claim.owner)
  const explanation = {
    root,
    path,
    class: claim.place,
    what: SENTENCES[claim.place],
    owners: subject.owners,
    evidence: subject.evidence,
    alsoUsedBy: subject.alsoUsedBy,
    since: subject.since,
  }
  return claim.owner === null ? { ...explanation, ...ownerless(catalog, root, claim) } : explanation
}

/** Says who owns one object and where it lies. */
export function whyObject(
  catalog: Catalog,
  at: { root: string; store: string | null; subject: Subject; path: string },
): Explanation {
  const { root, path } = at
  const place = catalog.claimAt(root, path)?.place ?? 'metadata'
  return {
    root,
    path,
    class: place,
    what: SENTENCES[place],
    ...explainSubject(catalog, root, at.store, at.subject),
  }
}

type Told = Pick<Explanation, 'owners' | 'evidence' | 'alsoUsedBy' | 'since'>

const nothing: Told = { owners: [], evidence: [], alsoUsedBy: [], since: null }

/** What nobody owns: an orphan or a leftover with its reason, or a part of the engine's own state. */
function ownerless(catalog: Catalog, root: string, claim: Claim): Partial<Explanation> {
  const { found, withheld } = findOrphans(catalog)
  const unjudged = withheld.find((each) => each.root === root && each.path === claim.path)
  if (unjudged !== undefined)
    return {
      class: 'unjudged',
      what: `nothing known claims it, but what could own it cannot be read: ${unjudged.because}`,
    }
  const orphan = found.find((each) => each.root === root && each.path === claim.path)
  if (orphan === undefined) return { evidence: [{ path: claim.path || '.', says: SENTENCES[claim.place] }] }
  return {
    class: orphan.kind === 'orphan' ? 'orphan' : claim.place,
    what: orphan.reason,
    evidence: orphanEvidence(catalog, orphan),
    since: orphan.modifiedMs === null ? null : new Date(orphan.modifiedMs).toISOString(),
  }
}

/** The places that could have named an owner; for a store out of use what docker uses instead; else what lies there. */
function orphanEvidence(catalog: Catalog, { root, path, store, kind, reason, searched }: Orphan): Evidence[] {
  const hidden = kind === 'hidden' ? catalog.store(store) : undefined
  const inUse = catalog.storeInUse(root)?.store
  if (hidden !== undefined)
    return [
      ...(inUse === undefined ? [] : [{ path: tagFile(inUse), says: inUse.why }]),
      {
        path: hidden.store.path,
        says: `images that docker does not list: ${hidden.images.size}, layers: ${hidden.layers.size}`,
      },
    ]
  if (searched.length === 0) return [{ path, says: reason }]
  return searched.map((place) => ({ path: place, says: 'does not name it' }))
}

function explainSubject(catalog: Catalog, root: string, store: string | null, subject: Subject): Told {
  const { model } = catalog
  const at = catalog.store(store)
  switch (subject.kind) {
    case 'layer': {
      const layer = at?.layers.get(subject.id)
      return at === undefined || layer === undefined ? unknown(subject) : explainLayer(catalog, at, layer)
    }
    case 'image': {
      const image = at?.images.get(subject.id)
      return at === undefined || image === undefined ? unknown(subject) : explainImage(at, image)
    }
    case 'container': {
      const container = model.containers.find((each) => each.root === root && each.id === subject.id)
      return container === undefined ? unknown(subject) : explainContainer(catalog, container)
    }
    case 'volume': {
      const volume = model.volumes.find((each) => each.root === root && each.name === subject.id)
      return volume === undefined ? unknown(subject) : explainVolume(catalog, volume)
    }
    case 'cache-record': {
      const record = model.cacheRecords.find((each) => each.root === root && each.id === subject.id)
      return record === undefined ? unknown(subject) : explainRecord(catalog, record)
    }
    default:
      return unknown(subject)
  }
}

const unknown = (subject: Subject): Told => ({
  ...nothing,
  owners: [{ kind: subject.kind, id: subject.id, name: subject.id }],
})

const imageName = (image: Image): string => image.tags[0] ?? image.digests[0] ?? '<none>'

const imageOwner = (image: Image): Owner => ({ kind: 'image', id: image.id, name: imageName(image) })

const containerOwner = ({ id, name }: Container): Owner => ({ kind: 'container', id, name })

const recordOwner = ({ id, description }: CacheRecord): Owner => ({
  kind: 'cache-record',
  id,
  name: description,
})

const tagFile = (store: Store): string => {
  const files = recordFiles(store)
  if (files !== null) return files.images
  if (store.layout === 'layerdb') return `${store.path}/repositories.json`
  return store.driver === 'graph' ? 'repositories' : `repositories-${store.driver}`
}

function namesEvidence(store: Store, image: Image): Evidence[] {
  const names = [...image.tags, ...image.digests]
  return names.length === 0 ? [] : [{ path: tagFile(store), says: `${names.join(', ')} → ${image.id}` }]
}

/** How many images are told with their evidence; all are listed as users. */
const IMAGES_TOLD = 3

function explainLayer(catalog: Catalog, at: StoreCatalog, layer: Layer): Told {
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

function explainImage(at: StoreCatalog, image: Image): Told {
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

function explainContainer(catalog: Catalog, container: Container): Told {
  const store = catalog.store(container.store)?.store
  const files = store === undefined ? null : recordFiles(store)
  const config =
    files?.containers ?? `containers/${container.id}/config${store?.layout === 'graph' ? '' : '.v2'}.json`
  const mount = store?.layout === 'layerdb' && container.mountId !== null
  const stateFile = stateFileOf(catalog.model, container, store ?? null)
  const name = `Name ${container.name}, Image ${container.image ?? 'unknown'}`
  return {
    owners: [containerOwner(container)],
    evidence: [
      {
        path: config,
        says: stateFile === null ? `${name}, ${container.state}` : name,
      },
      ...(stateFile === null ? [] : [{ path: stateFile, says: container.state }]),
      ...(mount
        ? [{ path: `${store.path}/layerdb/mounts/${container.id}/mount-id`, says: container.mountId ?? '' }]
        : []),
    ],
    alsoUsedBy: [],
    since: container.created,
  }
}

function explainVolume(catalog: Catalog, volume: Volume): Told {
  const users = catalog.model.containers.filter(
    (container) => container.root === volume.root && container.volumes.includes(volume.name),
  )
  const isPodman = catalog.model.roots.find(({ path }) => path === volume.root)?.kind === 'containers-storage'
  const database = stateDatabaseOf(catalog.model, volume.root)
  return {
    owners: [{ kind: 'volume', id: volume.name, name: volume.name }],
    evidence: [
      { path: volume.path ?? database, says: `the ${volume.driver} volume ${volume.name}` },
      ...(volume.recorded === true
        ? [
            {
              path: database,
              says: `driver ${volume.driver}, ${volume.labels.size === 1 ? '1 label' : `${volume.labels.size} labels`}`,
            },
          ]
        : []),
      ...users.map((user) => ({
        path: isPodman ? database : `containers/${user.id}/config.v2.json`,
        says: `container ${user.name} mounts ${volume.name} at ${user.mounts.find((mount) => mount.volume === volume.name)?.destination}`,
      })),
    ],
    alsoUsedBy: users.map(containerOwner),
    since: volume.created,
  }
}

function explainRecord(catalog: Catalog, record: CacheRecord): Told {
  const children = catalog.model.cacheRecords.filter(
    (each) => each.store === record.store && each.parents.includes(record.id),
  )
  const store = catalog.store(record.store)?.store
  const files = store === undefined ? null : cacheFiles(store)
  return {
    owners: [recordOwner(record)],
    evidence:
      files === null
        ? []
        : [
            { path: files.records, says: `record ${record.id}: ${record.type}, ${record.description}` },
            { path: files.data, says: `its data is in ${record.path ?? record.cacheId ?? 'no directory'}` },
          ],
    alsoUsedBy: children.map(recordOwner),
    since: record.createdAt,
  }
}
