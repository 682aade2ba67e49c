import type { Layer } from '../../model/model.ts'
import type { Expected } from '../../tree/read-ahead.ts'
import type { Entry } from '../../tree/tree.ts'
import type { Collector } from '../collector.ts'
import {
  checkLinkFiles,
  checkShortLinks,
  type ExpectedDirectory,
  overlayLinkFiles,
  shortLinksOf,
} from '../drivers/overlay2-links.ts'
import type { LayerdbStore } from '../layerdb/read-layerdb-store.ts'
import { parentsFirst } from '../parents-first.ts'
import type { Source } from '../source.ts'

/** The check of a store's short links, where its driver has them. It knows what it will read before it begins, so that this may be read meanwhile. */
export class OverlayCheck {
  readonly #source: Source
  readonly #collector: Collector
  readonly #at: LayerdbStore
  /** Parents first. */
  readonly #layers: readonly Layer[]
  #links: readonly Entry[]

  constructor(source: Source, collector: Collector, at: LayerdbStore) {
    this.#source = source
    this.#collector = collector
    this.#at = at
    this.#layers = parentsFirst(at.layers)
    this.#links = shortLinksOf(source, at.driver.name)
  }

  /** What will be read, in its order. */
  files(): Expected[] {
    const { driver, present } = this.#at
    const directories = new Set<string>()
    for (const { id } of this.#expected()) {
      const entry = present.get(id)
      if (entry?.kind === 'directory') directories.add(entry.name)
    }
    return overlayLinkFiles(driver.name, this.#links, [...directories])
  }

  run(): void {
    const { driver, present, store } = this.#at
    const links = checkShortLinks(this.#source, driver.name, this.#links, present)
    // On a large host they take 10 MB, and the rest of the check takes as much again.
    this.#links = []
    checkLinkFiles(this.#source, driver.name, links, present, this.#expected())
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

  /** The directories that records stand for, each after those that it stands on. */
  *#expected(): Generator<ExpectedDirectory> {
    const { layers, mounts, store: here } = this.#at
    const cacheIdOf = (layer: string | null): string | null | undefined =>
      layer === null ? null : (layers.get(layer)?.cacheId ?? undefined)
    for (const { store, id, cacheId, layer } of this.#collector.cacheRecords) {
      const copyOf = cacheIdOf(layer)
      if (store !== here.id || cacheId === null || cacheId === copyOf) continue
      const owner = { kind: 'cache-record', id } as const
      yield { id: cacheId, below: undefined, owner, ...(copyOf == null ? {} : { copyOf }) }
    }
    for (const { id, cacheId, parent } of this.#layers)
      if (cacheId !== null) yield { id: cacheId, below: cacheIdOf(parent), owner: { kind: 'layer', id } }
    for (const mount of mounts.values()) {
      const owner = { kind: 'container', id: mount.name } as const
      const base = cacheIdOf(mount.parent)
      if (mount.initId !== null) yield { id: mount.initId, below: base, owner }
      if (mount.mountId !== null) yield { id: mount.mountId, below: mount.initId ?? base, owner }
    }
  }
}
