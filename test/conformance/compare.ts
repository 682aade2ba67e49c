import type { JsonObject } from '../../src/formats/fields.ts'
import { integer, isObject, list, record, text, textOrNull, texts } from '../../src/formats/fields.ts'
import type { Report, ReportImage } from '../../src/report/schema.ts'

/** The engine's own answers, as its API gave them. */
export interface EngineTruth {
  /** `/images/json?all=1` */
  readonly imagesAll: unknown
  /** `/system/df`; null for engines that have none. */
  readonly systemDf: unknown
  /** Image id → `/images/<id>/history`. */
  readonly history: ReadonlyMap<string, unknown>
  /** `/containers/json?all=1` */
  readonly containers: unknown
  /** `/volumes` */
  readonly volumes: unknown
}

/** The number of figures compared, and a line for each that differs. */
export interface Comparison {
  readonly compared: number
  readonly differences: readonly string[]
}

/** Holds a report against what the engine said of the same root, figure by figure. */
export function compareWithEngine(report: Report, truth: EngineTruth): Comparison {
  const check = new Checker()
  compareImages(check, report, truth)
  compareHistory(check, report, truth)
  compareContainers(check, report, truth)
  compareVolumes(check, report, truth)
  if (truth.systemDf !== null) compareDiskUsage(check, report, truth)
  return check
}

class Checker implements Comparison {
  compared = 0
  readonly differences: string[] = []

  equal(what: string, ours: unknown, theirs: unknown): void {
    this.compared++
    const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)]
    if (a !== b) this.differences.push(`${what}: layerscope ${a}, engine ${b}`)
  }
}

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

const sorted = (values: readonly string[]): string[] => [...values].sort()

/** A name list of the API; `<none>:<none>` stands for none. */
const names = (object: JsonObject, key: string): string[] =>
  sorted(texts(object, key).filter((name) => !name.startsWith('<none>')))

/** What has no time has the first second of the year 1 in some answers and on some disks. */
const NO_TIME = -62_135_596_800

const unixSeconds = (time: string | null): number => {
  const seconds = time === null ? NO_TIME : Math.floor(Date.parse(time) / 1000)
  return seconds === NO_TIME ? 0 : seconds
}

const createdSeconds = (object: JsonObject): number | null => {
  const seconds = integer(object, 'Created')
  return seconds === NO_TIME ? 0 : seconds
}

function compareImages(check: Checker, report: Report, truth: EngineTruth): void {
  const theirs = objects(truth.imagesAll)
  check.equal(
    'image ids',
    sorted(report.images.map((image) => image.id)),
    sorted(theirs.map((image) => text(image, 'Id'))),
  )
  const ours = new Map(report.images.map((image) => [image.id, image]))
  const layers = new Map(report.layers.map((layer) => [layer.id, layer]))
  for (const image of theirs) {
    const id = text(image, 'Id')
    const own = ours.get(id)
    if (own === undefined) continue
    check.equal(`${id} parent`, own.parent, textOrNull(image, 'ParentId'))
    check.equal(`${id} tags`, sorted(own.tags), names(image, 'RepoTags'))
    check.equal(`${id} digests`, sorted(own.digests), names(image, 'RepoDigests'))
    check.equal(`${id} created`, unixSeconds(own.created), createdSeconds(image))
    check.equal(`${id} total size`, own.size.engine, integer(image, 'VirtualSize'))
    check.equal(`${id} labels`, own.labels, record(image, 'Labels'))
    const legacy = !id.startsWith('sha256:')
    check.equal(`${id} size`, legacy ? layers.get(id)?.size.content : own.size.engine, integer(image, 'Size'))
  }
}

function compareHistory(check: Checker, report: Report, truth: EngineTruth): void {
  const ours = new Map(report.images.map((image) => [image.id, image]))
  const layers = new Map(report.layers.map((layer) => [layer.id, layer]))
  for (const [id, answer] of truth.history) {
    const image = ours.get(id)
    const steps = [...(image?.history ?? [])].reverse()
    const theirs = objects(answer)
    check.equal(`${id} history steps`, steps.length, theirs.length)
    const ids = image === undefined ? [] : historyIds(image, ours, steps.length)
    for (const [index, step] of theirs.entries()) {
      const own = steps[index]
      if (own === undefined) continue
      const at = `${id} history ${index}`
      check.equal(`${at} id`, ids[index], text(step, 'Id'))
      check.equal(`${at} created by`, own.createdBy, text(step, 'CreatedBy'))
      check.equal(`${at} created`, unixSeconds(own.created), createdSeconds(step))
      check.equal(`${at} comment`, own.comment, text(step, 'Comment'))
      check.equal(
        `${at} size`,
        own.layer === null ? 0 : layers.get(own.layer)?.size.content,
        integer(step, 'Size'),
      )
    }
  }
}

/** The image of each step, newest first, as far as parents are known; the engine prints `<missing>` behind them. */
function historyIds(image: ReportImage, images: ReadonlyMap<string, ReportImage>, steps: number): string[] {
  const ids: string[] = []
  for (let current: ReportImage | undefined = image; current !== undefined && ids.length < steps; ) {
    ids.push(current.id)
    current = current.parent === null ? undefined : images.get(current.parent)
  }
  while (ids.length < steps) ids.push('<missing>')
  return ids
}

function compareContainers(check: Checker, report: Report, truth: EngineTruth): void {
  const theirs = objects(truth.containers)
  check.equal(
    'container ids',
    sorted(report.containers.map((container) => container.id)),
    sorted(theirs.map((container) => text(container, 'Id'))),
  )
  const ours = new Map(report.containers.map((container) => [container.id, container]))
  for (const container of theirs) {
    const id = text(container, 'Id')
    const own = ours.get(id)
    if (own === undefined) continue
    // The API also lists names by which links reach it.
    check.equal(`${id} name`, texts(container, 'Names').includes(`/${own.name}`), true)
    check.equal(`${id} image`, own.image, text(container, 'ImageID'))
    check.equal(`${id} command`, own.command, text(container, 'Command'))
    check.equal(`${id} created`, unixSeconds(own.created), integer(container, 'Created'))
    check.equal(`${id} labels`, own.labels, record(container, 'Labels'))
  }
}

function compareVolumes(check: Checker, report: Report, truth: EngineTruth): void {
  const theirs = objects(volumesOf(truth.volumes))
  check.equal(
    'volume names',
    sorted(report.volumes.map((volume) => volume.name)),
    sorted(theirs.map((volume) => text(volume, 'Name'))),
  )
  const ours = new Map(report.volumes.map((volume) => [volume.name, volume]))
  for (const volume of theirs) {
    const own = ours.get(text(volume, 'Name'))
    if (own === undefined) continue
    check.equal(`${own.name} driver`, own.driver, text(volume, 'Driver'))
    check.equal(`${own.name} labels`, own.labels, record(volume, 'Labels'))
    check.equal(`${own.name} options`, own.options ?? {}, record(volume, 'Options'))
  }
}

const volumesOf = (answer: unknown): unknown => (isObject(answer) ? list(answer, 'Volumes') : answer)

function compareDiskUsage(check: Checker, report: Report, truth: EngineTruth): void {
  const df = isObject(truth.systemDf) ? truth.systemDf : {}
  const images = new Map(report.images.map((image) => [image.id, image]))
  const listed = objects(df['Images'])
  check.equal(
    'listed images',
    sorted(report.images.filter((image) => !image.intermediate).map((image) => image.id)),
    sorted(listed.map((image) => text(image, 'Id'))),
  )
  for (const image of listed) {
    const own = images.get(text(image, 'Id'))
    if (own === undefined) continue
    check.equal(`${own.id} shared`, own.size.shared, integer(image, 'SharedSize'))
    check.equal(`${own.id} containers`, own.containers.length, integer(image, 'Containers'))
  }
  check.equal('LayersSize', report.engineView?.images.size, integer(df, 'LayersSize'))

  const containers = new Map(report.containers.map((container) => [container.id, container]))
  for (const container of objects(df['Containers'])) {
    const own = containers.get(text(container, 'Id'))
    if (own === undefined) continue
    check.equal(`${own.id} SizeRw`, own.size.writable.content, integer(container, 'SizeRw') ?? 0)
  }
  const volumes = new Map(report.volumes.map((volume) => [volume.name, volume]))
  for (const volume of objects(df['Volumes'])) {
    const own = volumes.get(text(volume, 'Name'))
    const usage = record(volume, 'UsageData')
    if (own === undefined) continue
    check.equal(`${own.name} size`, own.size.content, integer(usage, 'Size'))
    check.equal(`${own.name} links`, own.containers.length, integer(usage, 'RefCount'))
  }
  compareCache(check, report, objects(df['BuildCache']))
}

function compareCache(check: Checker, report: Report, theirs: readonly JsonObject[]): void {
  check.equal(
    'cache record ids',
    sorted(report.cacheRecords.map((cached) => cached.id)),
    sorted(theirs.map((cached) => text(cached, 'ID'))),
  )
  const ours = new Map(report.cacheRecords.map((cached) => [cached.id, cached]))
  for (const cached of theirs) {
    const own = ours.get(text(cached, 'ID'))
    if (own === undefined) continue
    check.equal(`${own.id} type`, own.type, text(cached, 'Type'))
    check.equal(`${own.id} description`, own.description, text(cached, 'Description'))
    check.equal(`${own.id} parents`, own.parents.join(), text(cached, 'Parent'))
    check.equal(`${own.id} size`, own.size.content, integer(cached, 'Size'))
    check.equal(`${own.id} shared`, own.shared, cached['Shared'])
    check.equal(`${own.id} created`, own.createdAt, text(cached, 'CreatedAt'))
    check.equal(`${own.id} last used`, own.lastUsedAt, textOrNull(cached, 'LastUsedAt'))
    check.equal(`${own.id} usage`, own.usageCount, integer(cached, 'UsageCount'))
  }
}
