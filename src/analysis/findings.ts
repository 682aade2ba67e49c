import type { Finding } from '../model/findings.ts'
import type { Survey } from '../model/places.ts'
import type { Catalog, StoreCatalog } from './catalog.ts'
import { unusedLayers } from './orphans/unused-layers.ts'

/** What only the whole model shows: layers that nothing uses, and owners whose data lies on a file system of its own. */
export const derivedFindings = (catalog: Catalog): Finding[] => [
  ...catalog.stores.flatMap((at) => unreferencedLayers(catalog, at)),
  ...catalog.surveys.flatMap(mountedApart),
]

/** Mount points with owners below them. Those inside an owner's directory are what engines mount for containers. */
function mountedApart({ root, claims, mounted, measurement }: Survey): Finding[] {
  if (measurement === null) return []
  return (mounted ?? []).flatMap((point): Finding[] => {
    const owners = [...claims.below(claims.nodeAt(point))]
      .filter((index) => claims.kindAt(index)?.owner != null)
      .map((index) => claims.ownerAt(index))
    if (owners.length === 0) return []
    return [
      {
        code: 'mounted-apart',
        root,
        subject: null,
        path: point,
        message: `${point} is a file system of its own, which is not walked: what ${new Set(owners).size} objects have there is not in the measured sizes.`,
        hint: null,
      },
    ]
  })
}

/** Layers that no image, container, cache record or layer above holds. */
function unreferencedLayers(catalog: Catalog, at: StoreCatalog): Finding[] {
  if (at.store.layout !== 'layerdb') return []
  return unusedLayers(catalog, at).map(
    (layer): Finding => ({
      code: 'layer-unreferenced',
      root: at.store.root,
      subject: { kind: 'layer', id: layer.id },
      path: `${at.store.path}/layerdb/sha256/${layer.id.slice(7)}`,
      message: `Layer ${layer.id} is used by no image, container, cache record or other layer${layer.path === null ? '' : `; its files are in ${layer.path}`}. The engine keeps it for ever.`,
      hint: null,
    }),
  )
}
