import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { layerEntries, recordedSize, writeEntries } from './layer-files.mjs'
import { sha256 } from './seeded.mjs'
import { splitTar } from './tar-split.mjs'

/**
 * @typedef {object} WrittenLayer
 * @property {string} chainId
 * @property {string} diffId
 * @property {string} cacheId
 * @property {string} lower what a directory on top of this one has in its file `lower`
 * @property {readonly string[]} diffIds those of the whole chain, base first
 */

/** Writes layers as `image/overlay2/layerdb` records them and `overlay2` keeps them. */
export class LayerStore {
  #root
  #seeded
  #filesPerLayer
  #committed = new Set()
  #count = 0

  constructor(root, seeded, filesPerLayer) {
    this.#root = root
    this.#seeded = seeded
    this.#filesPerLayer = filesPerLayer
    for (const directory of [
      'overlay2/l',
      ...['sha256', 'mounts', 'tmp'].map((part) => `${LAYERDB}/${part}`),
    ])
      mkdirSync(`${root}/${directory}`, { recursive: true })
  }

  get count() {
    return this.#count
  }

  /**
   * Writes one layer on top of another.
   * @param {WrittenLayer | null} parent null for a base
   * @returns {WrittenLayer}
   */
  add(parent) {
    const index = this.#count++
    const entries = layerEntries(this.#seeded, index, this.#filesPerLayer)
    const { diffId, tarSplit } = splitTar(entries)
    const chainId = parent === null ? diffId : `sha256:${sha256(`${parent.chainId} ${diffId}`)}`
    const cacheId = this.#seeded.hex64(`cache ${index}`)
    const lower = this.addDirectory(cacheId, parent, entries)

    const record = `${this.#root}/${LAYERDB}/sha256/${chainId.slice(7)}`
    mkdirSync(record)
    writeFileSync(`${record}/diff`, diffId)
    if (parent !== null) writeFileSync(`${record}/parent`, parent.chainId)
    writeFileSync(`${record}/cache-id`, cacheId)
    writeFileSync(`${record}/size`, String(recordedSize(entries)))
    writeFileSync(`${record}/tar-split.json.gz`, tarSplit)
    return { chainId, diffId, cacheId, lower, diffIds: [...(parent?.diffIds ?? []), diffId] }
  }

  /**
   * Writes one directory of `overlay2` with its short link, and gives what the next one above it has as `lower`.
   * @param {{ cacheId: string, lower: string } | null} below
   */
  addDirectory(id, below, entries, { mounted = false } = {}) {
    const home = `${this.#root}/overlay2`
    const directory = `${home}/${id}`
    const link = this.#seeded.shortLink(id)
    mkdirSync(directory)
    mkdirSync(`${directory}/diff`)
    writeEntries(`${directory}/diff`, entries)
    writeFileSync(`${directory}/link`, link)
    symlinkSync(`../${id}/diff`, `${home}/l/${link}`)
    if (below === null) return `l/${link}`
    writeFileSync(`${directory}/lower`, below.lower)
    mkdirSync(`${directory}/work`)
    if (mounted) this.#markMounted(directory)
    if (!this.#committed.has(below.cacheId)) writeFileSync(`${home}/${below.cacheId}/committed`, '')
    this.#committed.add(below.cacheId)
    return `l/${link}:${below.lower}`
  }

  /** The kernel leaves this directory behind, closed to all. Only root can read on past it. */
  #markMounted(directory) {
    mkdirSync(`${directory}/work/work`)
    if (process.getuid?.() === 0) chmodSync(`${directory}/work/work`, 0)
  }
}

const LAYERDB = 'image/overlay2/layerdb'
