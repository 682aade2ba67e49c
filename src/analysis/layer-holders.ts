import type { Image, Model } from '../model/model.ts'
import type { StoreCatalog } from './catalog.ts'
import { heldLayers } from './images.ts'

/** Who holds the layers of a store: a layer stays on disk for as long as anyone does. */
export class LayerHolders {
  readonly #layers: StoreCatalog['layers']
  readonly #imageCounts = new Map<string, number>()
  readonly #heldByOthers = new Set<string>()
  readonly #unsettled: ReadonlySet<string>

  constructor(at: Pick<StoreCatalog, 'store' | 'images' | 'layers'>, model: Model) {
    this.#layers = at.layers
    for (const image of at.images.values())
      for (const layer of heldLayers(image))
        this.#imageCounts.set(layer, (this.#imageCounts.get(layer) ?? 0) + 1)
    for (const container of model.containers)
      if (container.store === at.store.id) this.#hold(container.baseLayer)
    for (const mount of model.looseMounts) if (mount.store === at.store.id) this.#hold(mount.parent)
    for (const record of model.cacheRecords)
      if (record.store === at.store.id) {
        this.#hold(record.layer)
        this.#hold(record.baseLayer ?? null)
      }
    this.#unsettled = new Set(
      model.unsettledLayers.filter(({ store }) => store === at.store.id).map(({ layer }) => layer),
    )
    // A layer that nobody names still stands on its parents, and the engine removes a parent only after its children.
    for (const layer of at.layers.values())
      if (!this.#imageCounts.has(layer.id) && !this.#heldByOthers.has(layer.id)) this.#hold(layer.parent)
  }

  /** Also where it may be held in a moment: nothing is said of what an engine is making or removing. */
  isHeld(layer: string): boolean {
    return this.#imageCounts.has(layer) || this.#heldByOthers.has(layer) || this.#unsettled.has(layer)
  }

  /** The layers that go when these images go and all else stays. */
  freedByRemoving(images: readonly Image[]): string[] {
    const removed = new Map<string, number>()
    for (const image of images)
      for (const layer of heldLayers(image)) removed.set(layer, (removed.get(layer) ?? 0) + 1)
    return [...removed.keys()].filter(
      (layer) =>
        this.#layers.has(layer) &&
        !this.#heldByOthers.has(layer) &&
        this.#imageCounts.get(layer) === removed.get(layer),
    )
  }

  /** Holds a layer and all below it. What is held already holds what is below it, so a chain is walked once. */
  #hold(layer: string | null): void {
    for (let id = layer; id !== null && this.#layers.has(id) && !this.#heldByOthers.has(id); ) {
      this.#heldByOthers.add(id)
      id = this.#layers.get(id)?.parent ?? null
    }
  }
}
