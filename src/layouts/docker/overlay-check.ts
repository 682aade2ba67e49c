import type { Model } from '../../model/model.ts'
import type { Expected } from '../../tree/read-ahead.ts'
import type { Entry } from '../../tree/tree.ts'
import type { Collector } from '../collector.ts'
import {
  checkLinkFiles,
  checkShortLinks,
  type ExpectedDirectory,
  hasOverlayLinks,
  overlayLinkFiles,
  shortLinksOf,
} from '../drivers/overlay2-links.ts'
import type { LayerdbStore } from '../layerdb/read-layerdb-store.ts'
import { parentsFirst } from '../parents-first.ts'
import type { Source } from '../source.ts'

/** The check of a store's short links. It knows what it will read before it begins, so that this may be read meanwhile. */
export class OverlayCheck {
  readonly #source: Source
  readonly #collector: Collector
  readonly #at: LayerdbStore
  #links: readonly Entry[]

  constructor(source: Source, collector: Collector, at: LayerdbStore) {
    this.#source = source
    this.#collector = collector
    this.#at = at
    this.#links = hasOverlayLinks(at.driver) ? shortLinksOf(source, at.driver.name) : []
  }

  /** What will be read, in its order. */
  files(): Expected[] {
    const { driver, present } = this.#at
    if (!hasOverlayLinks(driver)) return []
    const directories = new Set<string>()
    for (const { id } of expectedDirectories(this.#collector, this.#at)) {
      const entry = present.get(id)
      if (entry?.kind === 'directory') directories.add(entry.name)
    }
    return overlayLinkFiles(driver.name, this.#links, [...directories])
  }

  run(): void {
    const { driver, present, store } = this.#at
    if (!hasOverlayLinks(driver)) return
    const links = checkShortLinks(this.#source, driver.name, this.#links, present)
    // On a large host they take 10 MB, and the rest of the check takes as much again.
    this.#links = []
    checkLinkFiles(this.#source, driver.name, links, present, expectedDirectories(this.#collector, this.#at))
    for (const { path, reason } of links.strays)
      this.#collector.leftovers.push({
        root: this.#source.root,
        store: store.id,
        kind: 'orphan',
        path,
        reason,
        dataPaths: [],
      })
  }
}

/** The directories of a driver that records stand for, each after those that it stands on. */
function* expectedDirectories({ cacheRecords }: Model, at: LayerdbStore): Generator<ExpectedDirectory> {
  const cacheIdOf = (layer: string | null): string | null | undefined =>
    layer === null ? null : (at.layers.get(layer)?.cacheId ?? undefined)
  for (const { store, id, cacheId, layer } of cacheRecords) {
    const copyOf = cacheIdOf(layer)
    if (store !== at.store.id || cacheId === null || cacheId === copyOf) continue
    const owner = { kind: 'cache-record', id } as const
    yield { id: cacheId, below: undefined, owner, ...(copyOf == null ? {} : { copyOf }) }
  }
  for (const layer of parentsFirst(at.layers)) {
    if (layer.cacheId === null) continue
    yield {
      id: layer.cacheId,
      below: cacheIdOf(layer.parent),
      owner: { kind: 'layer', id: layer.id },
    }
  }
  for (const mount of at.mounts.values()) {
    const owner = { kind: 'container', id: mount.name } as const
    const base = cacheIdOf(mount.parent)
    if (mount.initId !== null) yield { id: mount.initId, below: base, owner }
    if (mount.mountId !== null) yield { id: mount.mountId, below: mount.initId ?? base, owner }
  }
}
