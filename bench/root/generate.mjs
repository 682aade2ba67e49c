import { mkdirSync } from 'node:fs'
import { writeContainer, writeVolumes } from './containers.mjs'
import { ImageStore } from './image-store.mjs'
import { LayerStore } from './layer-store.mjs'
import { Seeded } from './seeded.mjs'

/**
 * @typedef {object} RootParameters
 * @property {string} seed
 * @property {number} images
 * @property {number} layersPerImage layers on the disk for each image; with what images share, their chains are longer
 * @property {number} filesPerLayer
 * @property {number} containers
 * @property {number} volumes
 */

/** @type {Readonly<RootParameters>} */
export const DEFAULT_PARAMETERS = {
  seed: 'layerscope',
  images: 2000,
  layersPerImage: 12,
  filesPerLayer: 4,
  containers: 200,
  volumes: 100,
}

// Fifty images stand on one distribution, ten of those on one runtime.
const IMAGES_PER_BASE = 50
const IMAGES_PER_RUNTIME = 10
const SHARED_LAYERS = 3
const EMPTY_DIRECTORIES = [
  'buildkit',
  'containerd',
  'network/files',
  'plugins',
  'runtimes',
  'swarm',
  'tmp',
  'trust',
]

/**
 * Writes a content-addressed overlay2 data root as Docker 20.10 leaves it behind, below a directory that does not
 * exist yet. The same parameters give the same names and bytes.
 *
 * @param {string} root
 * @param {Partial<RootParameters>} [parameters]
 * @returns {RootParameters & { layers: number }} what was written
 */
export function generateRoot(root, parameters = {}) {
  const wanted = { ...DEFAULT_PARAMETERS, ...parameters }
  const seeded = new Seeded(wanted.seed)
  mkdirSync(root, { recursive: true })
  for (const directory of [...EMPTY_DIRECTORIES, 'containers'])
    mkdirSync(`${root}/${directory}`, { recursive: true })

  const layers = new LayerStore(root, seeded, wanted.filesPerLayer)
  const images = writeImages(root, layers, wanted)
  const volumes = writeVolumes(root, seeded, wanted.volumes)
  const containers = images.length === 0 ? 0 : wanted.containers
  for (let index = 0; index < containers; index++)
    writeContainer(root, seeded, layers, {
      index,
      image: images[seeded.number(`image of container ${index}`, images.length)],
      volume: volumes[index * 2] ?? null,
    })
  return { ...wanted, layers: layers.count }
}

/** Images share a distribution and a runtime; what is left of the layers is divided among them. */
function writeImages(root, layers, { images: count, layersPerImage }) {
  const total = count * layersPerImage
  const bases = Math.ceil(count / IMAGES_PER_BASE)
  const runtimes = Math.ceil(count / IMAGES_PER_RUNTIME)
  const shared = Math.min(SHARED_LAYERS, Math.floor((total - count) / Math.max(1, bases + runtimes)))
  const own = total - Math.max(0, shared) * (bases + runtimes)
  const store = new ImageStore(root)
  const images = []
  let base = null
  let runtime = null
  for (let index = 0; index < count; index++) {
    if (index % IMAGES_PER_BASE === 0) base = stack(layers, null, shared)
    if (index % IMAGES_PER_RUNTIME === 0) runtime = stack(layers, base, shared)
    const from = Math.floor((own * index) / count)
    const to = Math.floor((own * (index + 1)) / count)
    images.push(store.add(index, stack(layers, runtime, to - from)))
  }
  store.finish()
  return images
}

function stack(layers, bottom, height) {
  let top = bottom
  for (let level = 0; level < height; level++) top = layers.add(top)
  return top
}
