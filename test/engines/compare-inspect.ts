import {
  integer,
  isObject,
  type JsonObject,
  list,
  record,
  text,
  textOrNull,
  texts,
} from '../../src/formats/fields.ts'
import { renderEngineView } from '../../src/report/df.ts'
import type { Report, ReportContainer } from '../../src/report/schema.ts'
import type { Comparison } from '../conformance/compare.ts'
import type { DockerTruth } from './docker-truth.ts'

/** Holds a report against what the engine says of each single image and container, and against what it prints. */
export function compareInspected(report: Report, truth: DockerTruth): Comparison {
  const differences: string[] = []
  let compared = 0
  const equal: Equal = (what, ours, theirs) => {
    compared++
    const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)]
    if (a !== b) differences.push(`${what}: layerscope ${a}, engine ${b}`)
  }
  compareImages(equal, report, truth.inspectImages)
  compareContainers(equal, report, truth)
  compareSummary(equal, report, truth.summary)
  return { compared, differences }
}

type Equal = (what: string, ours: unknown, theirs: unknown) => void

const sorted = (values: readonly string[]): string[] => [...values].sort()

/** The directories that the engine names of an image or container, below the root; the base stands last. */
export function directoriesOf(report: Report, object: JsonObject): string[] {
  const data = record(record(object, 'GraphDriver'), 'Data')
  const own = textOrNull(data, 'UpperDir') ?? textOrNull(data, 'RootDir')
  return [own ?? '', ...text(data, 'LowerDir').split(':')]
    .filter(Boolean)
    .map((directory) => relativeTo(report, directory).replace(/\/(diff|root|upper)$/, ''))
}

function compareImages(equal: Equal, report: Report, inspected: readonly JsonObject[]): void {
  const images = new Map(report.images.map((image) => [image.id, image]))
  const layers = new Map(report.layers.map((layer) => [layer.id, layer]))
  const byDirectory = layersByDirectory(report)
  for (const image of inspected) {
    const own = images.get(text(image, 'Id'))
    if (own === undefined) continue
    const config = record(image, 'Config')
    equal(`${own.id} system`, [own.os, own.architecture], [text(image, 'Os'), text(image, 'Architecture')])
    equal(`${own.id} author`, own.author, text(image, 'Author'))
    equal(`${own.id} engine`, own.dockerVersion, text(image, 'DockerVersion'))
    equal(`${own.id} created`, own.created, time(text(image, 'Created')))
    equal(`${own.id} last tagged`, own.lastUpdated, time(text(record(image, 'Metadata'), 'LastTagTime')))
    equal(
      `${own.id} layers`,
      own.layers.map((id) => layers.get(id)?.diffId),
      texts(record(image, 'RootFS'), 'Layers'),
    )
    equal(`${own.id} command`, own.config.command, texts(config, 'Cmd'))
    equal(`${own.id} entry point`, own.config.entrypoint, texts(config, 'Entrypoint'))
    equal(`${own.id} environment`, own.config.environment, texts(config, 'Env'))
    equal(`${own.id} directory`, own.config.workingDirectory, text(config, 'WorkingDir'))
    equal(`${own.id} user`, own.config.user, text(config, 'User'))
    const theirs = directoriesOf(report, image).reverse()
    if (theirs.length === 0) continue
    // Some drivers name the last directory alone.
    equal(
      `${own.id} directories`,
      own.layers.slice(-theirs.length),
      theirs.map((directory) => byDirectory.get(directory) ?? directory),
    )
  }
}

/** The layer that each directory holds; BuildKit may keep a second one of the same layer, and build on it. */
function layersByDirectory(report: Report): Map<string, string> {
  const found = new Map<string, string>()
  for (const { path, layer } of report.cacheRecords)
    if (path !== null && layer !== null) found.set(path, layer)
  for (const { path, id } of report.layers) if (path !== null) found.set(path, id)
  return found
}

function relativeTo(report: Report, directory: string): string {
  const root = `${report.roots[0]?.path ?? ''}/`
  return directory.startsWith(root) ? directory.slice(root.length) : directory
}

/** The engine's zero time is no time. */
const time = (value: string): string | null => (value.startsWith('0001-01-01') || value === '' ? null : value)

function compareContainers(equal: Equal, report: Report, truth: DockerTruth): void {
  const containers = new Map(report.containers.map((container) => [container.id, container]))
  for (const container of truth.sizedContainers) {
    const own = containers.get(text(container, 'Id'))
    if (own === undefined) continue
    const rootSize = integer(container, 'SizeRootFs') ?? 0
    equal(`${own.name} size of all`, chainSize(report, own) + (own.size.writable.content ?? 0), rootSize)
  }
  for (const container of truth.inspectContainers) {
    const own = containers.get(text(container, 'Id'))
    if (own === undefined) continue
    const state = record(container, 'State')
    const host = record(container, 'HostConfig')
    equal(`${own.id} name`, `/${own.name}`, text(container, 'Name'))
    equal(`${own.id} state`, own.state, text(state, 'Status'))
    equal(`${own.name} exit code`, own.exitCode, integer(state, 'ExitCode'))
    equal(`${own.name} created`, own.created, text(container, 'Created'))
    equal(`${own.name} started`, own.startedAt, time(text(state, 'StartedAt')))
    equal(`${own.name} finished`, own.finishedAt, time(text(state, 'FinishedAt')))
    equal(`${own.name} restarts`, own.restartPolicy, text(record(host, 'RestartPolicy'), 'Name'))
    equal(`${own.name} log driver`, own.logDriver, text(record(host, 'LogConfig'), 'Type'))
    const log = text(container, 'LogPath')
    if (log !== '')
      equal(
        `${own.name} log`,
        own.logs.some(({ path }) => path === relativeTo(report, log)),
        true,
      )
    const mounts = list(container, 'Mounts').filter(isObject)
    equal(
      `${own.name} mounts`,
      sorted(
        own.mounts.map(
          ({ type, volume, destination, readOnly }) => `${type} ${volume ?? ''} ${destination} ${readOnly}`,
        ),
      ),
      sorted(
        mounts.map(
          (mount) =>
            `${text(mount, 'Type')} ${text(mount, 'Name')} ${text(mount, 'Destination')} ${mount['RW'] === false}`,
        ),
      ),
    )
    const [directory, init] = directoriesOf(report, container)
    if (directory !== undefined) equal(`${own.name} directory`, own.layerPath, directory)
    if (init !== undefined) equal(`${own.name} directory below`, own.initPath, init)
  }
}

function chainSize(report: Report, container: ReportContainer): number {
  const layers = new Map(report.layers.map((layer) => [layer.id, layer]))
  let sum = 0
  for (
    let layer = layers.get(container.baseLayer ?? '');
    layer !== undefined;
    layer = layers.get(layer.parent ?? '')
  )
    sum += layer.size.content ?? 0
  return sum
}

function compareSummary(equal: Equal, report: Report, printed: string): void {
  const display = { units: 'decimal', truncate: true, nowMs: 0 } as const
  const lines = (table: string): string[] =>
    table
      .trim()
      .split('\n')
      .map((line) => line.trimEnd())
  const view = report.engineView
  equal('docker system df', view === null ? null : lines(renderEngineView(view, display)), lines(printed))
}
