import type { Store } from '../../model/model.ts'
import type { Entry } from '../../tree/tree.ts'
import type { Collector } from '../collector.ts'
import { type Driver, driverNamed } from '../drivers/driver.ts'
import type { Source } from '../source.ts'

/** What the engine puts into `tmp/` while it works, by the beginning of the name. */
const KINDS: readonly [prefix: string, reason: string][] = [
  ['GetImageBlob', 'a layer that was being pulled'],
  ['docker-import-', 'an image that was being loaded or imported'],
  ['docker-export-', 'an image that was being saved'],
  ['docker-builder', 'a build context'],
  ['docker-', 'a temporary file of the engine'],
  ['buildkit-mount', 'a mount point of a build'],
]

/** Directories in which every entry is there only while something goes on. */
const TEMPORARY: readonly (readonly [directory: string, reason: string])[] = [
  ['buildkit/content/ingest', 'a download of a build that did not end'],
  ['plugins/tmp', 'a plugin that was being installed'],
  ['plugins/storage/ingest', 'a part of a plugin that was being pulled'],
]

const UNENDED_WRITE = 'a write that did not end left it behind'
const UNENDED_REMOVAL = 'the removal of this layer began and did not end'
const UNENDED_UNPACKING = 'a layer that was being unpacked'

/** As BuildKit names what it runs. */
const BUILD_ID = /^[a-z0-9]{25}$/
/** The container's files that are written to a temporary one and renamed. */
const CONTAINER_WRITE = /^\.tmp-(config\.v2|hostconfig|config)\.json/

/**
 * Lists what work left behind that was interrupted: in `tmp/`, which an engine that starts empties, and in the places
 * where builds, plugins, containers and storage drivers write what is not finished.
 */
export function readTemporaryFiles(
  source: Source,
  collector: Collector,
  { engineRunning }: { engineRunning: boolean | null },
): void {
  for (const { name } of source.list('tmp')) {
    const path = `tmp/${name}`
    const reason = KINDS.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'a temporary file'
    push(source, collector, { path, reason, store: null })
    source.report({
      code: 'leftover-temporary',
      path,
      message: `${path} is ${reason}; if no engine runs it is left over, and the engine removes it when it starts.`,
    })
  }
  const add = (path: string, reason: string, store: string | null = null): void => {
    push(source, collector, { path, reason, store })
    source.report({ code: 'leftover-temporary', path, message: `${path}: ${reason}.` })
  }
  for (const [directory, reason] of TEMPORARY)
    for (const { name } of source.list(directory)) add(`${directory}/${name}`, reason)
  // While a step of a build runs, which may take hours, its directory lies there as well.
  if (engineRunning !== true)
    for (const { name } of directoriesIn(source, 'buildkit/executor'))
      if (BUILD_ID.test(name)) add(`buildkit/executor/${name}`, 'a step of a build that did not end')
  for (const id of knownContainers(source, collector))
    for (const { name } of source.list(`containers/${id}`))
      if (CONTAINER_WRITE.test(name)) add(`containers/${id}/${name}`, UNENDED_WRITE)
  for (const store of collector.stores)
    if (store.root === source.root && store.layout !== 'containerd')
      for (const [path, reason] of driverLeftovers(source, collector, store)) add(path, reason, store.id)
}

/** A directory without a config is an orphan as a whole, with what was being written in it. */
const knownContainers = ({ root }: Source, { containers, unreadableContainers }: Collector): string[] =>
  [...containers, ...unreadableContainers]
    .filter((each) => each.root === root && each.id !== '')
    .map(({ id }) => id)

/** What a storage driver left of a layer that it was unpacking or removing. */
function driverLeftovers(
  source: Source,
  collector: Collector,
  store: Store,
): (readonly [path: string, reason: string])[] {
  const driver = driverNamed(store.driver)
  if (driver.name === 'aufs')
    return ['aufs/diff', 'aufs/mnt'].flatMap((home) =>
      directoriesIn(source, home)
        .filter(({ name }) => name.endsWith('-removing'))
        .map(({ name }) => [`${home}/${name}`, UNENDED_REMOVAL] as const),
    )
  if (driver.name !== 'overlay') return []
  // A directory that nobody owns is an orphan as a whole, with what was being unpacked in it.
  return ownedDirectories(collector, store, driver).flatMap((directory) =>
    directoriesIn(source, directory)
      .filter(({ name }) => name.startsWith('tmproot'))
      .map(({ name }) => [`${directory}/${name}`, UNENDED_UNPACKING] as const),
  )
}

function ownedDirectories({ layers, containers }: Collector, store: Store, driver: Driver): string[] {
  const ids = [
    ...layers.filter((layer) => layer.store === store.id).map(({ cacheId }) => cacheId),
    ...containers
      .filter((each) => each.store === store.id)
      .flatMap(({ mountId, initId }) => [mountId, initId]),
  ]
  return [...new Set(ids)].filter((id) => id !== null).map((id) => driver.directory(id))
}

const directoriesIn = (source: Source, path: string): Entry[] =>
  source.list(path).filter(({ kind }) => kind === 'directory')

function push(
  { root }: Source,
  collector: Collector,
  { path, reason, store }: { path: string; reason: string; store: string | null },
): void {
  collector.leftovers.push({ root, store, kind: 'leftover', path, reason, dataPaths: [] })
}
