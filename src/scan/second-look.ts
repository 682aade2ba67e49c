import type { Collector } from '../layouts/collector.ts'
import type { Source } from '../layouts/source.ts'
import type { Finding } from '../model/findings.ts'
import type { Leftover, Model } from '../model/model.ts'
import type { Stray, Survey } from '../model/places.ts'
import { isStoreInUse } from './storage-programs.ts'

/** An engine that works takes moments to make or to remove a container, and may take minutes to unpack a layer. */
const IN_THE_MAKING_MS = 5 * 60 * 1000
/** It keeps temporary files for as long as a pull or a build goes on, and removes what is older when it starts. */
const IN_USE_MS = 3 * 60 * 60 * 1000

/** One reading of a root: what was made of its records, and what had no owner. */
export interface Look {
  readonly model: Model
  readonly strays: readonly Stray[]
}

const hasWorker = (model: Model, root: string): boolean =>
  model.roots.some(
    ({ path, kind, engineRunning }) =>
      path === root && (engineRunning === true || kind === 'containers-storage'),
  )

/**
 * Whether something is said of a root that its engine, at work, may have caused for a moment only: by its records, or by
 * what was found in its files.
 */
export function needsSecondLook({ model, strays }: Look, found: readonly Finding[], root: string): boolean {
  if (!hasWorker(model, root)) return false
  const here = (each: { readonly root: string }): boolean => each.root === root
  return (
    strays.length > 0 ||
    hasUnusedLayers(model, root) ||
    model.volumes.some((volume) => here(volume) && volume.recorded === false) ||
    [model.findings, found, model.leftovers, model.snapshotClaims].some((list: readonly { root: string }[]) =>
      list.some(here),
    )
  )
}

/** Whether a layer is there that no image is made of: a container or a build may use it, or nothing does. */
function hasUnusedLayers({ stores, images, layers }: Model, root: string): boolean {
  const here = new Set(stores.filter((store) => store.root === root).map(({ id }) => id))
  const used = new Set(images.flatMap((image) => image.layers))
  return layers.some(({ store, id }) => here.has(store) && !used.has(id))
}

/**
 * Takes back what a second reading of the same root does not say again, and what is so young that the engine may be
 * making it. One finding tells that there was something. Gives the survey without the strays that went.
 */
export function keepWhatLasts(first: Collector, survey: Survey, second: Look, source: Source): Survey {
  const { root } = survey
  const nowMs = Date.now()
  const isYoung = (path: string, ageMs: number): boolean => nowMs - modifiedMs(source, path) < ageMs
  const isSaid = sayings(second.model)
  const isLive = first.roots.some(
    ({ path, kind, engineRunning }) =>
      path === root &&
      (engineRunning === true || (kind === 'containers-storage' && isStoreInUse(source.tree.location))),
  )
  const passing = new Set<string>()
  const lasts = (leftover: Leftover): boolean => {
    const young = isYoung(leftover.path, leftover.kind === 'orphan' ? IN_THE_MAKING_MS : IN_USE_MS)
    if (isSaid(leftoverKey(leftover)) && !(isLive && young)) return true
    passing.add(leftover.path)
    return false
  }
  keep(first.leftovers, (leftover) => leftover.root !== root || lasts(leftover))
  keep(first.snapshotClaims, (claim) => claim.root !== root || isSaid(claimKey(claim)))
  keep(first.findings, (finding) => {
    if (finding.root !== root || finding.code === 'changed-during-scan') return true
    if (finding.path !== null && passing.has(finding.path)) return false
    if (isSaid(findingKey(finding))) return true
    passing.add(finding.path ?? '')
    return false
  })
  const isNew = (path: string): boolean => isLive && isYoung(path, IN_THE_MAKING_MS)
  first.unsettledLayers.push(...unsettledLayers(first, second.model, root, isNew))
  // The row of a volume goes before its directory.
  const lonely = new Set(
    second.model.volumes.filter(({ recorded }) => recorded === false).map(({ name }) => name),
  )
  for (const [index, volume] of first.volumes.entries())
    if (volume.root === root && volume.recorded === false && !lonely.has(volume.name))
      first.volumes[index] = { ...volume, recorded: null }
  const still = new Set(second.strays.map(({ path }) => path))
  const strays = survey.strays.filter(({ path }) => still.has(path) && !isNew(path))
  const gone = new Set(survey.strays.map(({ path }) => path))
  for (const { path } of strays) gone.delete(path)
  const changes = new Set([...passing, ...gone]).size
  if (changes > 0)
    source.report({
      code: 'changed-during-scan',
      message: `${changes} ${changes === 1 ? 'thing was' : 'things were'} being made or removed while ${root} was read; nothing is said of ${changes === 1 ? 'it' : 'them'}.`,
    })
  survey.claims.setPlace('temporary', gone)
  return { ...survey, strays }
}

/** Takes back what was found in the files of layers that are gone by now. */
export function keepOfLayersThatLast(found: Finding[], { stores, layers }: Model): void {
  const roots = new Map(stores.map(({ id, root }) => [id, root]))
  const key = (root: string | undefined, id: string): string => JSON.stringify([root, id])
  const remain = new Set(layers.map(({ store, id }) => key(roots.get(store), id)))
  keep(found, ({ root, subject }) => subject?.kind !== 'layer' || remain.has(key(root, subject.id)))
}

/** Layers without an image that an engine at work has just made, or that went meanwhile. */
function unsettledLayers(
  first: Model,
  second: Model,
  root: string,
  isNew: (path: string) => boolean,
): { store: string; layer: string }[] {
  const stores = new Set(first.stores.filter((store) => store.root === root).map(({ id }) => id))
  const key = ({ store, id }: { store: string; id: string }): string => JSON.stringify([store, id])
  const used = new Set(first.images.flatMap(({ store, layers }) => layers.map((id) => key({ store, id }))))
  const remain = new Set(second.layers.map(key))
  return first.layers
    .filter((layer) => stores.has(layer.store) && !used.has(key(layer)))
    .filter((layer) => !remain.has(key(layer)) || (layer.path !== null && isNew(layer.path)))
    .map(({ store, id }) => ({ store, layer: id }))
}

/** With its message, which tells what is meant where many things share a path. */
const findingKey = ({ code, root, path, subject, message }: Finding): string =>
  JSON.stringify([root, code, path, subject?.kind, subject?.id, message])

const leftoverKey = ({ root, kind, path }: Leftover): string => JSON.stringify([root, kind, path])

const claimKey = ({ root, cacheId }: { root: string; cacheId: string }): string =>
  JSON.stringify([root, 'claim', cacheId])

function sayings(model: Model): (key: string) => boolean {
  const said = new Set([
    ...model.findings.map(findingKey),
    ...model.leftovers.map(leftoverKey),
    ...model.snapshotClaims.map(claimKey),
  ])
  return (key) => said.has(key)
}

function keep<T>(list: T[], isKept: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(isKept))
}

/** Never, for what vanished; the beginning of time for what cannot be looked at. */
function modifiedMs(source: Source, path: string): number {
  try {
    return source.stat(path)?.modifiedMs ?? Number.POSITIVE_INFINITY
  } catch {
    return 0
  }
}
