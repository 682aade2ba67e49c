import { isDanglingName } from '../../layouts/containerd/names.ts'
import type { CacheRecord, Container, Image, Network } from '../../model/model.ts'
import type { Collected } from './collection.ts'
import type { Ground } from './ground.ts'
import { familiar, type Reference, referenceKey } from './references.ts'
import type { PruneRules } from './rules.ts'

/** A name that was taken off an image. */
export interface Untagged {
  readonly reference: string
  readonly image: string
}

/** A root while docker's commands are played through on it; the root itself and the ground below stay as they are. */
export class State {
  readonly ground: Ground
  readonly rules: PruneRules
  readonly nowMs: number
  readonly removedContainers: Set<string>
  readonly removedImages: Set<string>
  readonly removedLayers: Set<string>
  readonly removedVolumes: Set<string>
  readonly removedNetworks: Set<string>
  readonly removedRecords: Set<string>
  readonly untagged: Untagged[]
  readonly #remarks: Set<string>
  /** Images that have the name which docker gives to one without any, where containerd holds it. */
  readonly #dangling: Set<string>
  readonly #running: ReadonlySet<string>
  readonly #references: Map<string, readonly Reference[]>
  readonly #layerReferences: Map<string, number>

  /** Begins with everything there, or where another state stands. */
  constructor(
    ground: Ground,
    options: { rules: PruneRules; running: ReadonlySet<string>; nowMs: number },
    from?: State,
  ) {
    this.ground = ground
    this.rules = options.rules
    this.nowMs = options.nowMs
    this.removedContainers = new Set(from?.removedContainers)
    this.removedImages = new Set(from?.removedImages)
    this.removedLayers = new Set(from?.removedLayers)
    this.removedVolumes = new Set(from?.removedVolumes)
    this.removedNetworks = new Set(from?.removedNetworks)
    this.removedRecords = new Set(from?.removedRecords)
    this.untagged = [...(from?.untagged ?? [])]
    this.#remarks = new Set(from === undefined ? [] : from.#remarks)
    this.#dangling = new Set(from === undefined ? namedDangling(ground) : from.#dangling)
    this.#running = options.running
    this.#references = new Map(from === undefined ? [] : from.#references)
    this.#layerReferences = new Map(from === undefined ? [] : from.#layerReferences)
  }

  /** A state of its own that stands where this one does. */
  fork(): State {
    const { ground, rules, nowMs } = this
    return new State(ground, { rules, nowMs, running: this.#running }, this)
  }

  /** What is to be known of this very answer, as where something cannot be told for certain; sentences. */
  get remarks(): readonly string[] {
    return [...this.#remarks]
  }

  remark(sentence: string): void {
    this.#remarks.add(sentence)
  }

  runs(container: Container): boolean {
    return this.#running.has(container.id) && !this.removedContainers.has(container.id)
  }

  hasImage(id: string): boolean {
    return this.ground.images.has(id) && !this.removedImages.has(id)
  }

  images(): Image[] {
    return [...this.ground.images.values()].filter(({ id }) => !this.removedImages.has(id))
  }

  /** The names that an image still has, in the engine's order. */
  referencesOf(image: string): readonly Reference[] {
    return this.#references.get(image) ?? this.ground.references.get(image) ?? []
  }

  /** The image that a name leads to. */
  imageOf(reference: Reference): string | null {
    const key = referenceKey(reference)
    const image = this.ground.imageOfReference.get(key)
    if (image === undefined || !this.hasImage(image)) return null
    return this.referencesOf(image).some((each) => referenceKey(each) === key) ? image : null
  }

  hasChildren(image: string): boolean {
    return this.ground.children.get(image)?.some(({ id }) => !this.removedImages.has(id)) ?? false
  }

  childrenOf(image: string): Image[] {
    return (this.ground.children.get(image) ?? []).filter(({ id }) => !this.removedImages.has(id))
  }

  containers(): Container[] {
    return [...this.ground.containers.values()].filter(({ id }) => !this.removedContainers.has(id))
  }

  containersOf(image: string): Container[] {
    return (this.ground.containersOfImage.get(image) ?? []).filter(
      ({ id }) => !this.removedContainers.has(id),
    )
  }

  usersOfVolume(name: string): Container[] {
    return (this.ground.usersOfVolume.get(name) ?? []).filter(({ id }) => !this.removedContainers.has(id))
  }

  records(): CacheRecord[] {
    return [...this.ground.records.values()].filter(({ id }) => !this.removedRecords.has(id))
  }

  childrenOfRecord(id: string): CacheRecord[] {
    return (this.ground.recordChildren.get(id) ?? []).filter((child) => !this.removedRecords.has(child.id))
  }

  networks(): Network[] {
    return [...this.ground.networks.values()].filter(({ id }) => !this.removedNetworks.has(id))
  }

  isDangling(image: string): boolean {
    return this.#dangling.has(image)
  }

  addDangling(image: string): void {
    this.#dangling.add(image)
  }

  dropDangling(image: string): void {
    this.#dangling.delete(image)
  }

  /** What containerd has taken by now; nothing where docker removes by itself. */
  collect(): Collected {
    return this.ground.collection?.after(this) ?? { nodes: new Set(), directories: new Map(), blobs: [] }
  }

  untag(image: string, reference: Reference): void {
    const key = referenceKey(reference)
    this.#references.set(
      image,
      this.referencesOf(image).filter((each) => referenceKey(each) !== key),
    )
    this.untagged.push({ reference: familiar(reference), image })
  }

  /** Removes an image without names; its layers go as far as nothing else holds them. */
  removeImage(id: string): void {
    this.removedImages.add(id)
    // In the legacy graph the image is the layer, and its files go with it whoever stands on them.
    if (this.ground.at.store.layout === 'graph') this.removedLayers.add(id)
    else if (this.ground.collection === null) this.#release(this.ground.images.get(id)?.layers.at(-1) ?? null)
  }

  removeContainer(container: Container): void {
    this.removedContainers.add(container.id)
    if (this.ground.at.store.layout === 'layerdb' && container.mountId !== null)
      this.#release(container.baseLayer)
  }

  removeRecord(record: CacheRecord): void {
    this.removedRecords.add(record.id)
    if (this.ground.collection === null) this.#release(record.layer)
  }

  /** How many images, layers, containers and cache records still hold a layer directly. */
  layerReferences(layer: string): number {
    return this.#layerReferences.get(layer) ?? this.ground.layerReferences.get(layer) ?? 0
  }

  /** Takes one reference off a layer. With the last one it goes, and lets go of the layer below it. */
  #release(layer: string | null): void {
    const { layers } = this.ground.at
    for (let id = layer; id !== null && layers.has(id) && !this.removedLayers.has(id); ) {
      const left = this.layerReferences(id) - 1
      this.#layerReferences.set(id, left)
      if (left > 0) return
      this.removedLayers.add(id)
      id = layers.get(id)?.parent ?? null
    }
  }
}

const namedDangling = ({ images }: Ground): string[] =>
  [...images.values()]
    .filter(({ rows }) => rows?.some(({ name }) => isDanglingName(name)))
    .map(({ id }) => id)
