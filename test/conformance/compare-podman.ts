import type { JsonObject } from '../../src/formats/fields.ts'
import { flag, integer, isObject, list, record, text, textOrNull, texts } from '../../src/formats/fields.ts'
import type { Report } from '../../src/report/schema.ts'

/** What podman said of a store: its answers in JSON. */
export interface PodmanTruth {
  readonly imagesAll: unknown
  readonly containers: unknown
  readonly inspectContainers: unknown
  readonly volumes: unknown
  readonly history: unknown
  /** The lines of `podman system df --format json`. */
  readonly df: readonly unknown[]
}

/** A line for each figure that differs, and how many were compared. */
export interface Comparison {
  compared: number
  readonly differences: string[]
}

/** Holds a report against what podman said of the same store. */
export function compareWithPodman(report: Report, truth: PodmanTruth): Comparison {
  const result: Comparison = { compared: 0, differences: [] }
  const equal: Equal = (what, ours, theirs) => {
    result.compared++
    const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)]
    if (a !== b) result.differences.push(`${what}: layerscope ${a}, podman ${b}`)
  }
  compareImages(equal, report, objects(truth.imagesAll))
  compareHistory(equal, report, isObject(truth.history) ? truth.history : {})
  compareContainers(equal, report, objects(truth.containers), objects(truth.inspectContainers))
  compareVolumes(equal, report, objects(truth.volumes))
  compareDf(equal, report, truth.df.filter(isObject))
  return result
}

type Equal = (what: string, ours: unknown, theirs: unknown) => void

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort()
const seconds = (time: string | null): number => Math.floor(Date.parse(time ?? '') / 1000)

function compareImages(equal: Equal, report: Report, theirs: readonly JsonObject[]): void {
  equal(
    'image ids',
    sorted(report.images.map(({ id }) => id)),
    sorted(theirs.map((image) => text(image, 'Id'))),
  )
  const ours = new Map(report.images.map((image) => [image.id, image]))
  for (const image of theirs) {
    const id = text(image, 'Id')
    const own = ours.get(id)
    equal(`${id} parent`, own?.parent ?? null, textOrNull(image, 'ParentId'))
    equal(`${id} names`, sorted(own?.tags ?? []), sorted(texts(image, 'Names')))
    equal(`${id} digests`, sorted(own?.digests ?? []), sorted(texts(image, 'RepoDigests')))
    equal(`${id} size`, own?.size.engine, integer(image, 'Size'))
    equal(`${id} dangling`, own?.dangling, flag(image, 'Dangling'))
    equal(`${id} containers`, own?.containers.length, integer(image, 'Containers'))
    equal(`${id} created`, seconds(own?.created ?? null), integer(image, 'Created'))
    equal(`${id} labels`, own?.labels, record(image, 'Labels'))
  }
}

function compareHistory(equal: Equal, report: Report, history: JsonObject): void {
  const layers = new Map(report.layers.map((layer) => [layer.id, layer]))
  for (const image of report.images) {
    const theirs = objects(history[image.id])
    if (image.layers.length === 0) continue
    equal(`${image.id} steps`, image.history.length, theirs.length)
    for (const [index, step] of [...image.history].reverse().entries()) {
      const other = theirs[index] ?? {}
      equal(`${image.id} step ${index}`, step.createdBy, text(other, 'CreatedBy'))
      equal(`${image.id} step ${index} comment`, step.comment, text(other, 'comment'))
      equal(
        `${image.id} step ${index} size`,
        step.layer === null ? 0 : layers.get(step.layer)?.size.content,
        integer(other, 'size') ?? 0,
      )
    }
  }
}

function compareContainers(
  equal: Equal,
  report: Report,
  theirs: readonly JsonObject[],
  inspected: readonly JsonObject[],
): void {
  equal(
    'container ids',
    sorted(report.containers.map(({ id }) => id)),
    sorted(theirs.map((container) => text(container, 'Id'))),
  )
  const ours = new Map(report.containers.map((container) => [container.id, container]))
  for (const container of theirs) {
    const own = ours.get(text(container, 'Id'))
    equal(`${own?.id} name`, own?.name, texts(container, 'Names')[0])
    equal(`${own?.id} image`, own?.image, text(container, 'ImageID'))
    equal(`${own?.id} image name`, own?.imageName, text(container, 'Image'))
    const state = text(container, 'State')
    // Containers of other tools have no state that podman knows.
    equal(`${own?.id} state`, own?.state, state === 'storage' || state === 'unknown' ? 'unknown' : state)
    equal(`${own?.id} listed`, own?.loaded, own?.state !== 'unknown')
  }
  for (const container of inspected) {
    const own = ours.get(text(container, 'Id'))
    equal(`${own?.id} exit code`, own?.exitCode, integer(record(container, 'State'), 'ExitCode'))
    equal(`${own?.id} SizeRw`, own?.size.writable.content, integer(container, 'SizeRw') ?? 0)
    const volumes = list(container, 'Mounts')
      .filter(isObject)
      .flatMap((mount) => textOrNull(mount, 'Name') ?? [])
    equal(`${own?.id} volumes`, own?.volumes, sorted(volumes))
    equal(`${own?.id} created`, own?.created, text(container, 'Created'))
  }
}

function compareVolumes(equal: Equal, report: Report, theirs: readonly JsonObject[]): void {
  equal(
    'volume names',
    report.volumes.map(({ name }) => name),
    sorted(theirs.map((volume) => text(volume, 'Name'))),
  )
  for (const volume of theirs) {
    const own = report.volumes.find(({ name }) => name === text(volume, 'Name'))
    equal(`${own?.name} driver`, own?.driver, text(volume, 'Driver'))
    equal(`${own?.name} labels`, own?.labels, record(volume, 'Labels'))
    equal(`${own?.name} options`, own?.options ?? {}, record(volume, 'Options'))
    equal(`${own?.name} created`, own?.created, text(volume, 'CreatedAt'))
    equal(`${own?.name} anonymous`, own?.anonymous, flag(volume, 'Anonymous'))
  }
}

function compareDf(equal: Equal, report: Report, lines: readonly JsonObject[]): void {
  const view = report.engineView
  for (const [type, row] of [
    ['Images', view?.images],
    ['Containers', view?.containers],
    ['Local Volumes', view?.volumes],
  ] as const) {
    const line = lines.find((each) => text(each, 'Type') === type) ?? {}
    equal(
      `df ${type}`,
      [row?.total, row?.active, row?.size, row?.reclaimable],
      ['Total', 'Active', 'Size', 'Reclaimable'].map((key) => integer(line, key)),
    )
  }
}
