import type { Model } from '../../model/model.ts'
import type { ExpectedDirectory } from '../drivers/overlay2-links.ts'
import type { LayerdbStore } from '../layerdb/read-layerdb-store.ts'
import { parentsFirst } from '../parents-first.ts'

/** The directories of a driver that records stand for, each after those that it stands on. */
export function* expectedDirectories(
  { cacheRecords }: Model,
  at: LayerdbStore,
): Generator<ExpectedDirectory> {
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
