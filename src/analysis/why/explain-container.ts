import type { Container } from '../../model/model.ts'
import type { Catalog } from '../catalog.ts'
import { recordFiles } from '../record-files.ts'
import { stateFileOf } from '../state-database.ts'
import type { Told } from './explanation.ts'
import { containerOwner } from './owners.ts'

export function explainContainer(catalog: Catalog, container: Container): Told {
  const store = catalog.store(container.store)?.store
  const files = store === undefined ? null : recordFiles(store)
  const config =
    files?.containers ?? `containers/${container.id}/config${store?.layout === 'graph' ? '' : '.v2'}.json`
  const mount = store?.layout === 'layerdb' && container.mountId !== null
  const stateFile = stateFileOf(catalog.model, container, store ?? null)
  const name = `Name ${container.name}, Image ${container.image ?? 'unknown'}`
  return {
    owners: [containerOwner(container)],
    evidence: [
      {
        path: config,
        says: stateFile === null ? `${name}, ${container.state}` : name,
      },
      ...(stateFile === null ? [] : [{ path: stateFile, says: container.state }]),
      ...(mount
        ? [{ path: `${store.path}/layerdb/mounts/${container.id}/mount-id`, says: container.mountId ?? '' }]
        : []),
    ],
    alsoUsedBy: [],
    since: container.created,
  }
}
