import { shellWord } from '../shell-word.ts'
import { stateDatabaseOf } from '../state-database.ts'
import type { Orphan } from './orphan.ts'
import type { SearchedRoot } from './searched-root.ts'

/** Volume directories that the database does not know and no container mounts. The engine still lists them. */
export function findLonelyVolumes(searched: SearchedRoot): Orphan[] {
  const { model } = searched.catalog
  const { root } = searched.survey
  // One that cannot be read may mount any of them.
  if (model.unreadableContainers.some((each) => each.root === root)) return []
  const used = new Set(model.containers.flatMap((each) => (each.root === root ? each.volumes : [])))
  return model.volumes.flatMap((volume) => {
    if (volume.root !== root || volume.recorded !== false || volume.path === null) return []
    if (used.has(volume.name)) return []
    return [
      searched.orphan({
        path: volume.path,
        store: null,
        kind: 'orphan',
        reason: `a volume directory without a row in the volume database; no container mounts it${searched.isDocker ? ', and docker lists it as a volume all the same' : ''}`,
        ...(searched.isDocker
          ? {
              // It may be somebody's data, put back by hand: nothing proves that it is not.
              certainty: 'likely' as const,
              searched: ['volumes/metadata.db', 'containers/*/config.v2.json'],
              command: `docker volume rm ${volume.name.startsWith('-') ? '-- ' : ''}${shellWord(volume.name)}`,
            }
          : { searched: [stateDatabaseOf(model, root)] }),
      }),
    ]
  })
}
