import { text } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import { isHex64 } from '../../model/ids.ts'
import type { Container, Image } from '../../model/model.ts'
import { driverNamed } from '../drivers/driver.ts'
import type { Source } from '../source.ts'
import type { ReadLayers } from './layers.ts'
import { type LibpodState, libpodDatabase } from './libpod.ts'
import { BOLT_STATE, SQLITE_STATE, type StorePlaces } from './places.ts'

/** What was read of one store. */
export interface ReadStore {
  readonly read: ReadLayers
  readonly images: readonly Image[]
  readonly containers: readonly Container[]
  /** Podman's own database, where it is about this store. */
  readonly libpod: LibpodState | null
}

/**
 * Reports each record file that is gone, or lists nothing, while other records name what it listed or its data lies
 * there. A store in which nothing was ever made has no such file, and nothing that speaks of one.
 */
export function reportMissingRecords(source: Source, places: StorePlaces, store: ReadStore): void {
  for (const [path, what, shownBy] of [
    [`${places.layers}/layers.json`, 'layers', whatShowsLayers],
    [`${places.images}/images.json`, 'images', whatShowsImages],
    [`${places.containers}/containers.json`, 'containers', whatShowsContainers],
  ] as const) {
    const lists = howMany(source, path)
    if (lists === 'some') continue
    const because = shownBy(source, places, store, lists === 'missing')
    if (because === null) continue
    source.report({
      code: 'records-missing',
      path,
      message: `${path} ${lists === 'missing' ? 'is missing' : `lists no ${what}`} although ${because}: which ${what} there were, and whose files are whose, is unknown.`,
      hint: 'Run no prune and no removal before this file is put back from a backup.',
    })
  }
}

/** What cannot be read has a finding of its own. */
function howMany(source: Source, path: string): 'missing' | 'none' | 'some' {
  const content = source.text(path)
  if (!content.ok) return content.code === 'missing' ? 'missing' : 'some'
  const parsed = parseJsonBounded(content.value)
  const isEmpty = parsed.ok && (parsed.value === null || (Array.isArray(parsed.value) && !parsed.value[0]))
  return isEmpty ? 'none' : 'some'
}

type Shown = (source: Source, places: StorePlaces, store: ReadStore, isGone: boolean) => string | null

/** Images and containers name their layers; a file that is gone altogether leaves the directories of the layers. */
const whatShowsLayers: Shown = (source, places, { images, containers }, isGone) => {
  if (images.some(({ loaded }) => !loaded)) return `${places.images}/images.json names layers`
  if (containers.some(({ mountId }) => mountId === null))
    return `${places.containers}/containers.json names layers`
  const [home = places.driver] = driverNamed(places.driver).homes
  return isGone && hasIds(source, home) ? `there are directories of layers in ${home}` : null
}

/** Every image has a directory of its own files. */
const whatShowsImages: Shown = (source, places, { read }, isGone) => {
  if (hasIds(source, places.images)) return `there are directories of images in ${places.images}`
  const isPulled = [...read.layers.values()].some(({ diffId }) => diffId !== null)
  return isGone && isPulled ? `${places.layers}/layers.json lists layers of images` : null
}

/** Podman's database names the containers that it keeps here; others leave a directory, and a layer that was no tar. */
const whatShowsContainers: Shown = (source, places, { read, containers, libpod }, isGone) => {
  const listed = new Set(containers.map(({ id }) => id))
  // What runs on a directory of the host has no record in the store.
  const isNamed = [...(libpod?.containers ?? [])].some(
    ([id, { config }]) => !listed.has(id) && text(config, 'rootfs') === '',
  )
  if (libpod !== null && isNamed) return `${libpod.path} names containers`
  const mounts = new Set(containers.map(({ mountId }) => mountId))
  const isWritten = [...read.layers.values()].some(({ id, diffId }) => diffId === null && !mounts.has(id))
  const hasMore = isGone && isWritten && hasIds(source, places.containers, listed)
  return hasMore ? `there are directories of containers in ${places.containers}` : null
}

const hasIds = (source: Source, directory: string, known: ReadonlySet<string> = new Set()): boolean =>
  source.list(directory).some(({ kind, name }) => kind === 'directory' && isHex64(name) && !known.has(name))

/** Reports podman's own database where neither kind of it is there although podman made something here. */
export function reportMissingState(
  source: Source,
  made: { readonly containers: readonly string[]; readonly volumes: number },
): void {
  const isGone = source.isMissing(BOLT_STATE) && source.isMissing(SQLITE_STATE)
  if (!isGone || made.containers.length + made.volumes === 0) return
  source.report({
    code: 'records-missing',
    path: libpodDatabase(source),
    message: `Podman's database (${BOLT_STATE}, or ${SQLITE_STATE} of later versions) is missing although ${made.containers.length} containers of podman's and ${made.volumes} volumes are here: the states of the containers and which volumes they use are unknown.`,
    hint: 'Run no prune before the database is put back from a backup.',
  })
}
