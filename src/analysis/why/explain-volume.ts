import type { Volume } from '../../model/model.ts'
import type { Catalog } from '../catalog.ts'
import { stateDatabaseOf } from '../state-database.ts'
import type { Told } from './explanation.ts'
import { containerOwner } from './owners.ts'

export function explainVolume(catalog: Catalog, volume: Volume): Told {
  const users = catalog.model.containers.filter(
    (container) => container.root === volume.root && container.volumes.includes(volume.name),
  )
  const isPodman = catalog.model.roots.find(({ path }) => path === volume.root)?.kind === 'containers-storage'
  const database = stateDatabaseOf(catalog.model, volume.root)
  return {
    owners: [{ kind: 'volume', id: volume.name, name: volume.name }],
    evidence: [
      { path: volume.path ?? database, says: `the ${volume.driver} volume ${volume.name}` },
      ...(volume.recorded === true
        ? [
            {
              path: database,
              says: `driver ${volume.driver}, ${volume.labels.size === 1 ? '1 label' : `${volume.labels.size} labels`}`,
            },
          ]
        : []),
      ...users.map((user) => ({
        path: isPodman ? database : `containers/${user.id}/config.v2.json`,
        says: `container ${user.name} mounts ${volume.name} at ${user.mounts.find((mount) => mount.volume === volume.name)?.destination}`,
      })),
    ],
    alsoUsedBy: users.map(containerOwner),
    since: volume.created,
  }
}
