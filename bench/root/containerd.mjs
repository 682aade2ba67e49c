import { mkdirSync, writeFileSync } from 'node:fs'
import { boltDatabase } from './bolt.mjs'
import { createdAt } from './image-store.mjs'
import { sha256 } from './seeded.mjs'

/**
 * @typedef {object} ContainerdParameters
 * @property {number} images each with ten snapshots and twenty blobs of its own, by the average of ten images
 */

// Ten images stand on one chain of ten layers, and add nine each; of five such families one is in another namespace.
const IMAGES_PER_FAMILY = 10
const SHARED_LAYERS = 10
const OWN_LAYERS = 9
const FAMILIES_PER_ROUND = 5
const IMAGES_PER_CONTAINER = 10

const SNAPSHOTTER = 'io.containerd.snapshotter.v1.overlayfs'
const CONTENT = 'io.containerd.content.v1.content'
const META = 'io.containerd.metadata.v1.bolt'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'

/**
 * Writes the root of a containerd as it is on a Kubernetes node, below a directory that does not exist yet: two
 * namespaces, three names for each image, images of two platforms with an attestation, of which one platform is
 * unpacked. The same parameters give the same names and bytes.
 *
 * @param {string} root
 * @param {ContainerdParameters} parameters
 * @returns {ContainerdParameters & { snapshots: number, blobs: number, containers: number }} what was written
 */
export function generateContainerdRoot(root, { images }) {
  const store = new ContainerdStore(root)
  let shared = []
  for (let index = 0; index < images; index++) {
    const family = Math.floor(index / IMAGES_PER_FAMILY)
    const namespace = family % FAMILIES_PER_ROUND === FAMILIES_PER_ROUND - 1 ? 'default' : 'k8s.io'
    if (index % IMAGES_PER_FAMILY === 0)
      shared = store.addLayers(namespace, [], `family ${family}`, SHARED_LAYERS)
    const layers = store.addLayers(namespace, shared, `image ${index}`, OWN_LAYERS)
    store.addImage(namespace, index, layers)
    if (index % IMAGES_PER_CONTAINER === 0) store.addContainer(namespace, index, layers)
  }
  store.finish()
  return { images, ...store.holds }
}

/** The rows of the two databases while files and directories are written at once. */
class ContainerdStore {
  #root
  #namespaces = new Map()
  #data = new Map()
  holds = { snapshots: 0, blobs: 0, containers: 0 }

  constructor(root) {
    this.#root = root
    for (const directory of [
      META,
      `${CONTENT}/blobs/sha256`,
      `${CONTENT}/ingest`,
      `${SNAPSHOTTER}/snapshots`,
    ])
      mkdirSync(`${root}/${directory}`, { recursive: true })
  }

  /** Stacks layers on others, unpacked and compressed, and gives all of them, base first. */
  addLayers(namespace, below, name, count) {
    const layers = [...below]
    for (let level = 0; level < count; level++) {
      const diffId = digestOf(`${name} layer ${level}`)
      const parent = layers.at(-1)
      const chainId = parent === undefined ? diffId : digestOf(`${parent.chainId} ${diffId}`)
      const labels = { 'containerd.io/uncompressed': diffId, ...source(name) }
      const blob = this.#addBlob(namespace, `compressed ${name} layer ${level} `.repeat(8), labels)
      const snapshotName = this.#addSnapshot(namespace, chainId, parent, { committed: true })
      layers.push({ diffId, chainId, snapshotName, blob })
    }
    return layers
  }

  addImage(namespace, index, layers) {
    const name = `registry.example.org/team-${index % 25}/service-${index}`
    const history = layers.map((_, step) => ({
      created: createdAt(step),
      created_by: `RUN make step-${step}`,
    }))
    const configOf = (architecture, rootfs) => ({
      architecture,
      os: 'linux',
      created: createdAt(index),
      config: {
        Env: ['PATH=/usr/bin:/bin'],
        Labels: { 'org.opencontainers.image.title': `service ${index}` },
      },
      history,
      rootfs: { type: 'layers', diff_ids: rootfs.map(({ diffId }) => diffId) },
    })
    const main = this.#addManifest(namespace, configOf('amd64', layers), layers)
    const others = [0, 1].map((part) => this.#addForeignLayer(namespace, `other platform ${index} ${part}`))
    const other = this.#addManifest(namespace, configOf('arm64', others), others)
    const statement = [this.#addForeignLayer(namespace, `statement ${index}`)]
    const attestation = this.#addManifest(namespace, configOf('unknown', statement), statement)
    const manifests = [
      { ...main, platform: { architecture: 'amd64', os: 'linux' } },
      { ...other, platform: { architecture: 'arm64', os: 'linux' } },
      {
        ...attestation,
        platform: { architecture: 'unknown', os: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    ]
    const text = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests })
    const target = this.#addBlob(namespace, text, referring('m', manifests))
    const config = digestOf(JSON.stringify(configOf('amd64', layers)))
    for (const each of [`${name}:1.0`, `${name}@${target.digest}`, config])
      this.#namespace(namespace).images.set(each, imageRow(index, target))
  }

  /** Writes a container at rest: its row and its writable snapshot. */
  addContainer(namespace, index, layers) {
    const id = sha256(`container ${index}`)
    this.#addSnapshot(namespace, id, layers.at(-1), { committed: false })
    this.#namespace(namespace).containers.set(
      id,
      new Map([
        ['createdat', time(index)],
        ['image', `registry.example.org/team-${index % 25}/service-${index}:1.0`],
        ['snapshotKey', id],
        ['snapshotter', 'overlayfs'],
        ['updatedat', time(index)],
      ]),
    )
    this.holds.containers++
  }

  finish() {
    const rows = [...this.#namespaces].map(([name, { images, blobs, snapshots, containers }]) => [
      name,
      new Map([
        ['containers', containers],
        ['content', new Map([['blob', blobs]])],
        ['images', images],
        ['snapshots', new Map([['overlayfs', snapshots]])],
      ]),
    ])
    const meta = new Map([['v1', new Map([...rows, ['version', varint(3)]])]])
    writeFileSync(`${this.#root}/${META}/meta.db`, boltDatabase(meta))
    const data = new Map([['v1', new Map([['snapshots', this.#data]])]])
    writeFileSync(`${this.#root}/${SNAPSHOTTER}/metadata.db`, boltDatabase(data))
  }

  #namespace(name) {
    const found = this.#namespaces.get(name)
    if (found !== undefined) return found
    const made = { images: new Map(), blobs: new Map(), snapshots: new Map(), containers: new Map() }
    this.#namespaces.set(name, made)
    return made
  }

  #addBlob(namespace, text, labels) {
    const digest = digestOf(text)
    writeFileSync(`${this.#root}/${CONTENT}/blobs/sha256/${digest.slice(7)}`, text)
    this.#namespace(namespace).blobs.set(
      digest,
      new Map([
        ['createdat', time(0)],
        ['labels', new Map(Object.entries(labels))],
        ['size', varint(text.length)],
        ['updatedat', time(0)],
      ]),
    )
    this.holds.blobs++
    return { digest, size: text.length }
  }

  /** A layer that was downloaded and not unpacked. */
  #addForeignLayer(namespace, name) {
    return {
      diffId: digestOf(name),
      chainId: '',
      blob: this.#addBlob(namespace, `compressed ${name}`, source(name)),
    }
  }

  #addManifest(namespace, configuration, layers) {
    const top = layers.at(-1)?.chainId ?? ''
    const unpacked = top === '' ? {} : { 'containerd.io/gc.ref.snapshot.overlayfs': top }
    const config = this.#addBlob(namespace, JSON.stringify(configuration), unpacked)
    const blobs = layers.map(({ blob }) => blob)
    const text = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: blobs })
    const labels = { ...referring('config', [config]), ...referring('l', blobs) }
    return { mediaType: MANIFEST, ...this.#addBlob(namespace, text, labels) }
  }

  /** Writes a snapshot's directory with a small file in it, and its row in either database. */
  #addSnapshot(namespace, key, parent, { committed }) {
    const { snapshots } = this.#namespace(namespace)
    const id = this.#data.size + 1
    const name = `${namespace}/${id}/${key}`
    snapshots.set(
      key,
      new Map([
        ['children', new Map()],
        ['createdat', time(id)],
        ['name', name],
        ...(parent === undefined ? [] : [['parent', parent.chainId]]),
        ['updatedat', time(id)],
      ]),
    )
    if (parent !== undefined) snapshots.get(parent.chainId).get('children').set(key, '')
    this.#data.set(
      name,
      new Map([
        ['createdat', time(id)],
        ['id', Buffer.from(uvarint(id))],
        ['kind', Buffer.from([committed ? 3 : 2])],
        ...(parent === undefined ? [] : [['parent', parent.snapshotName]]),
        ...(committed
          ? [
              ['inodes', varint(3)],
              ['size', varint(12_288)],
            ]
          : []),
        ['updatedat', time(id)],
      ]),
    )
    const files = `${this.#root}/${SNAPSHOTTER}/snapshots/${id}/fs/opt`
    mkdirSync(files, { recursive: true })
    writeFileSync(`${files}/part-${id % 7}`, name)
    this.holds.snapshots++
    return name
  }
}

const digestOf = (text) => `sha256:${sha256(text)}`

const source = (name) => ({
  'containerd.io/distribution.source.registry.example.org': name.replaceAll(' ', '/'),
})

const referring = (kind, blobs) =>
  Object.fromEntries(
    blobs.map(({ digest }, index) => [
      `containerd.io/gc.ref.content.${kind}${kind === 'config' ? '' : `.${index}`}`,
      digest,
    ]),
  )

const imageRow = (index, { digest, size }) =>
  new Map([
    ['createdat', time(index)],
    ['labels', new Map([['io.cri-containerd.image', 'managed']])],
    [
      'target',
      new Map([
        ['digest', digest],
        ['mediatype', INDEX],
        ['size', varint(size)],
      ]),
    ],
    ['updatedat', time(index)],
  ])

/** A moment as Go's `MarshalBinary` writes it: seconds since the year 1, nanoseconds, and -1 for UTC. */
function time(index) {
  const bytes = Buffer.alloc(15)
  bytes[0] = 1
  bytes.writeBigInt64BE(BigInt(Date.parse(createdAt(index)) / 1000 + 62_135_596_800), 1)
  bytes.writeInt16BE(-1, 13)
  return bytes
}

/** Signed numbers are zig-zag coded. */
const varint = (value) => Buffer.from(uvarint(value * 2))

function uvarint(value) {
  return value < 128 ? [value] : [(value % 128) | 128, ...uvarint(Math.floor(value / 128))]
}
