import type { Sort } from '../state.ts'
import type { Target } from './document.ts'

/** A category of the ledger in words, what it holds, and the list of what it is made of. */
export interface CategoryText {
  readonly name: string
  readonly what: string
  readonly list?: Extract<Target, { kind: 'list' }>
}

const heaviestFirst = (key: string): Sort => ({ key, descending: true })

const CATEGORY_TEXTS: Readonly<Record<string, CategoryText>> = {
  'image-layers': {
    name: 'image layers',
    what: 'The files of the layers that images are made of, each layer once however many images share it. With devicemapper it is the pool of all layers, those of containers too.',
    list: { kind: 'list', view: 'layers', sort: heaviestFirst('disk') },
  },
  'writable-layers': {
    name: 'writable layers',
    what: 'What containers wrote into their own file systems, with their init layers.',
    list: { kind: 'list', view: 'containers', sort: heaviestFirst('disk') },
  },
  'container-logs': {
    name: 'container logs',
    what: 'What containers printed, as the log driver kept it.',
    list: { kind: 'list', view: 'containers', sort: heaviestFirst('logs') },
  },
  'container-files': {
    name: 'container files',
    what: 'The configuration of containers, and the hosts, hostname and resolv.conf files that they are given.',
    list: { kind: 'list', view: 'containers' },
  },
  volumes: {
    name: 'volumes',
    what: 'The files of volumes, used or not.',
    list: { kind: 'list', view: 'volumes', sort: heaviestFirst('disk') },
  },
  'build-cache': {
    name: 'build cache',
    what: 'What BuildKit keeps to build faster the next time, where no image holds the same files.',
    // What an image holds too is booked to its layers.
    list: { kind: 'list', view: 'cache', sort: heaviestFirst('disk'), filter: 'shared=false' },
  },
  'image-blobs': {
    name: 'image blobs',
    what: 'Images as they were pulled: compressed layers, manifests and configurations.',
  },
  metadata: {
    name: 'metadata',
    what: "What the engine noted down about images, layers and builds: JSON files, databases, and the tar-split files from which a layer's archive can be made again.",
  },
  plugins: { name: 'plugins', what: 'Engine plugins with their own file systems.' },
  network: { name: 'network', what: "The engine's database of networks and addresses." },
  swarm: { name: 'swarm', what: 'State of a swarm node: certificates, the raft log, tasks.' },
  temporary: {
    name: 'temporary',
    what: 'Left from downloads, builds and removals that were going on or were interrupted.',
  },
  orphans: { name: 'orphans', what: 'Data that no record of any kind claims.' },
  'deleted-files': {
    name: 'deleted files',
    what: 'Files that were deleted while a process has them open: the file system counts them until the process closes them or ends; du does not see them.',
  },
  'hidden-stores': {
    name: 'hidden stores',
    what: 'Image stores that the engine does not use at present: it lists nothing of them, and they still fill the disk.',
  },
  other: {
    name: 'other',
    what: 'Files of the data root itself that belong to nothing else, and data of which nothing is said because what could own it cannot be read.',
  },
}

export const categoryText = (category: string): CategoryText =>
  CATEGORY_TEXTS[category] ?? { name: category, what: '' }

/** What a category is made of: the list of its objects, else the page that tells of it. */
export function categoryTarget(category: string): Target {
  const { list } = categoryText(category)
  return list === undefined ? { kind: 'category', category } : { ...list, category }
}
