import type { Volume } from '../../model/model.ts'
import { type Driver, KNOWN_DRIVERS } from '../drivers/driver.ts'
import type { Source } from '../source.ts'
import type { ContainerRecord } from './containers.ts'

/** What was read of a root that has no image store. */
export interface Storeless {
  readonly containers: readonly ContainerRecord[]
  readonly volumes: readonly Volume[]
  /** Whether the engine was one of before 1.10, whose records are in `graph/`. */
  readonly isLegacy: boolean
}

/**
 * Reports each storage driver whose layers are there while every record of them is gone. Docker then starts as if new:
 * it writes an empty `image/<driver>` and never looks at the old directories again.
 */
export function reportLostRecords(source: Source, root: Storeless): void {
  // What cannot be seen was reported by those who looked for the stores.
  if (PODMANS.some((name) => !source.isMissing(name)) || !source.isListable('image')) return
  for (const driver of KNOWN_DRIVERS.values()) {
    const [home = driver.name] = driver.homes
    const records = recordsOf(source, driver, root)
    const count = countLayers(source, driver, root)
    if (count === 0 || !isListed(source, records)) continue
    source.report({
      code: 'image-records-missing',
      subject: { kind: 'root', id: source.root },
      path: records,
      message: `The records in ${records} are gone. They say what the ${count} directories in ${home} are: layers of images and files of containers. Without them docker starts with no images at all, and no prune ever frees these directories.`,
      hint: `Do not delete ${home}: it may be all that is left of your images and containers. Keep docker stopped, and put ${records} back from a backup.`,
    })
  }
}

/** Where the records of a driver's layers were. */
function recordsOf(source: Source, driver: Driver, { isLegacy, containers }: Storeless): string {
  const isOld = isLegacy && (containers.length > 0 || !source.isMissing(`repositories-${driver.name}`))
  return isOld ? 'graph' : `image/${driver.name}`
}

/** Whether a directory is missing or can be listed; a finding says so where it is there and cannot be. */
const isListed = (source: Source, path: string): boolean => source.listIfSeen(path) !== null

/** What podman leaves beside its layers should all of its records be gone. */
const PODMANS = ['storage.lock', 'userns.lock', 'libpod']

/** How many directories a driver has; 0 where it is not certain that any of them had a record of docker's. */
function countLayers(source: Source, driver: Driver, { containers, volumes, isLegacy }: Storeless): number {
  const [home = driver.name] = driver.homes
  // Volumes of old engines lie among the layers of vfs, under names of the same kind.
  if (isLegacy && driver.name === 'vfs') return 0
  const volumesHere = new Set(volumes.map(({ dataPath }) => dataPath))
  const names = source
    .list(home)
    .filter(({ kind, name }) => kind === 'directory' && !driver.reserved.includes(name))
    .map(({ name }) => name)
    .filter((name) => !volumesHere.has(`${home}/${name}`))
  const present = new Set(names)
  // BuildKit draws shorter names for its own; a container's layer has another of its name ending in -init.
  const isImageLayer = (name: string): boolean => /^[0-9a-f]{64}$/.test(name) && !present.has(`${name}-init`)
  const isCertain = names.some(isImageLayer) || containers.some((record) => record.driver === driver.name)
  return isCertain ? names.length : 0
}
