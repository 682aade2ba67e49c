import type { Catalog } from '../../analysis/catalog.ts'
import { containersOfVolume } from '../../analysis/engine-view.ts'
import { stateDatabaseOf } from '../../analysis/state-database.ts'
import { evidenceOf } from '../evidence.ts'
import type { ReportVolume } from '../schema.ts'
import { labelsOf, sizeOf } from './fields.ts'

/** The volumes of all roots, by name. */
export function volumesOf(catalog: Catalog): ReportVolume[] {
  const { sizes, model } = catalog
  const inDoubt = new Set(model.unreadableContainers.map(({ root }) => root))
  const inUse = (root: string, users: readonly string[]): boolean | null =>
    users.length > 0 ? true : inDoubt.has(root) ? null : false
  return [...model.volumes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((volume) => {
      const users = containersOfVolume(catalog, volume.root, volume.name).sort()
      return {
        name: volume.name,
        root: volume.root,
        driver: volume.driver,
        path: volume.path,
        created: volume.created,
        anonymous: volume.anonymous,
        options: volume.options === null ? null : labelsOf(volume.options),
        labels: labelsOf(volume.labels),
        containers: users,
        inUse: inUse(volume.root, users),
        size: sizeOf(
          sizes.sum(volume.root, volumePaths(volume)),
          sizes.content(volume.root, volume.dataPath),
        ),
        evidence: evidenceOf({
          kind: 'volume',
          volume,
          database: stateDatabaseOf(model, volume.root),
        }),
      }
    })
}

/** A legacy volume's data lies apart from its record. */
const volumePaths = (volume: { path: string | null; dataPath: string | null }): (string | null)[] =>
  volume.dataPath?.startsWith(`${volume.path}/`) ? [volume.path] : [volume.path, volume.dataPath]
