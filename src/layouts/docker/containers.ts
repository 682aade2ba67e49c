import {
  flag,
  integer,
  isObject,
  type JsonObject,
  record,
  text,
  textOrNull,
  texts,
} from '../../formats/fields.ts'
import { isHex64, isPlainName } from '../../model/ids.ts'
import type { Container, ContainerState, LogFile, Mount, NetworkUse } from '../../model/model.ts'
import type { Source } from '../source.ts'
import { readLabels } from './image-config.ts'
import { isOwnLogPath, readLogs } from './logs.ts'

/** A container as its own directory describes it, before its store and writable layer are joined to it. */
export interface ContainerRecord
  extends Omit<
    Container,
    'store' | 'baseLayer' | 'mountId' | 'initId' | 'layerPath' | 'initPath' | 'loaded' | 'root'
  > {
  readonly driver: string
  readonly configPath: string
  /** The config names the directory it lies in; the engine refuses a container that does not. */
  readonly idMatches: boolean
}

export interface UnreadableContainer {
  readonly id: string
  /** Whether only the rights to read it are wanting: the engine knows it then. */
  readonly isDenied: boolean
}

export interface ReadContainers {
  readonly containers: ContainerRecord[]
  /** Directories of `containers/` whose config could not be read: what they use is unknown. */
  readonly unreadable: UnreadableContainer[]
  /** Directories without any config. */
  readonly empty: string[]
  /** False where `containers/` is there but cannot be listed: any container may be in it. */
  readonly listed: boolean
}

/** Reads `containers/`. Content-addressed engines write `config.v2.json`, the older ones `config.json`. */
export function readContainers(source: Source, configName: 'config.v2.json' | 'config.json'): ReadContainers {
  const entries = source.listIfSeen('containers')
  const result: ReadContainers = {
    containers: [],
    unreadable: [],
    empty: [],
    listed: entries !== null,
  }
  for (const entry of entries ?? []) {
    if (entry.kind !== 'directory' || entry.name === 'lost+found') continue
    const directory = `containers/${entry.name}`
    const content = source.json(`${directory}/${configName}`)
    if (content.ok) {
      const container = decodeContainer(source, directory, entry.name, configName, content.value)
      if (container === null) result.unreadable.push({ id: entry.name, isDenied: false })
      else result.containers.push(container)
      continue
    }
    const missing = content.code === 'missing'
    if (missing) result.empty.push(entry.name)
    else result.unreadable.push({ id: entry.name, isDenied: content.code === 'denied' })
    source.reportFailure(content, {
      code: 'container-config-damaged',
      subject: { kind: 'container', id: entry.name },
      path: `${directory}/${configName}`,
      message: missing
        ? `The container directory ${entry.name} has no ${configName}. The engine does not list such a container; its files stay on the disk.`
        : `The config of container ${entry.name} ${content.problem}. Which image and volumes it uses is unknown: treat all of them as possibly in use.`,
      ...(missing
        ? {}
        : {
            engine: 'The engine does not list it, its name is free again, and its files stay on the disk.',
          }),
      ...(missing ? {} : { hint: 'Run no volume prune before this container is repaired or given up.' }),
    })
  }
  return result
}

function decodeContainer(
  source: Source,
  directory: string,
  name: string,
  configName: string,
  json: JsonObject,
): ContainerRecord | null {
  const subject = { kind: 'container', id: name } as const
  const id = text(json, 'ID')
  if (id !== name) {
    source.report({
      code: 'container-id-mismatch',
      subject,
      path: `${directory}/${configName}`,
      message: `The config in ${directory} says that its ID is ${JSON.stringify(id)}. The engine refuses this container; its files stay on the disk.`,
    })
  }
  const config = record(json, 'Config')
  const state = record(json, 'State')
  const host = readHostConfig(source, directory, name, configName)
  const mounts = readMountPoints(source, json, `${directory}/${configName}`, name)
  const { logs } = readLogs(source, directory, name)
  checkLogPath(source, text(json, 'LogPath'), `${directory}/${configName}`, name, logs)
  return {
    id: name,
    name: text(json, 'Name').replace(/^\//, ''),
    image: textOrNull(json, 'Image'),
    imageManifest: textOrNull(record(json, 'ImageManifest'), 'digest'),
    imageName: text(config, 'Image'),
    command: [text(json, 'Path'), ...texts(json, 'Args').map(asPrinted)].join(' '),
    state: stateWord(state),
    exitCode: integer(state, 'ExitCode') ?? 0,
    created: textOrNull(json, 'Created'),
    startedAt: readTime(state, 'StartedAt'),
    finishedAt: readTime(state, 'FinishedAt'),
    driver: text(json, 'Driver'),
    idMatches: id === name,
    logDriver: textOrNull(record(host, 'LogConfig'), 'Type'),
    logs,
    mounts,
    volumes: [...new Set(mounts.flatMap((mount) => mount.volume ?? []))].sort(),
    restartPolicy: text(record(host, 'RestartPolicy'), 'Name'),
    maximumRetries: integer(record(host, 'RestartPolicy'), 'MaximumRetryCount') ?? 0,
    restartCount: integer(json, 'RestartCount') ?? 0,
    startedBefore: flag(json, 'HasBeenStartedBefore'),
    stoppedByHand: flag(json, 'HasBeenManuallyStopped'),
    autoRemove: flag(host, 'AutoRemove'),
    networks: readNetworkUses(json),
    labels: readLabels(config),
    configPath: `${directory}/${configName}`,
  }
}

const readNetworkUses = (json: JsonObject): NetworkUse[] =>
  Object.entries(record(record(json, 'NetworkSettings'), 'Networks')).map(([name, use]) => ({
    name,
    id: isObject(use) ? textOrNull(use, 'NetworkID') : null,
  }))

function readHostConfig(source: Source, directory: string, id: string, configName: string): JsonObject {
  const path = `${directory}/hostconfig.json`
  const content = source.json(path)
  if (content.ok) return content.value
  // The oldest engines wrote none.
  if (configName === 'config.json' && content.code === 'missing') return {}
  source.reportFailure(content, {
    code: 'container-hostconfig-damaged',
    subject: { kind: 'container', id },
    path,
    message: `The host config of container ${id} ${content.problem}: its log driver, restart policy and limits are unknown.`,
    engine: 'The engine still lists the container.',
  })
  return {}
}

/** As `docker ps` prints an argument. */
const asPrinted = (argument: string): string => (argument.includes(' ') ? `'${argument}'` : argument)

/** A time that has come; Go's zero time stands for one that has not. */
function readTime(state: JsonObject, key: string): string | null {
  const time = text(state, key)
  return time === '' || time.startsWith('0001-01-01T00:00:00') ? null : time
}

/** A paused or restarting container is also running, so those come first. */
function stateWord(state: JsonObject): ContainerState {
  if (flag(state, 'Running')) {
    if (flag(state, 'Paused')) return 'paused'
    return flag(state, 'Restarting') ? 'restarting' : 'running'
  }
  if (flag(state, 'RemovalInProgress')) return 'removing'
  if (flag(state, 'Dead')) return 'dead'
  return readTime(state, 'StartedAt') === null ? 'created' : 'exited'
}

/** `MountPoints` since 1.7; before, `Volumes` maps each destination to a host path. */
function readMountPoints(source: Source, json: JsonObject, path: string, container: string): Mount[] {
  const points = Object.values(record(json, 'MountPoints')).filter(isObject)
  const mounts = points.length > 0 ? points.map(mountOfPoint) : oldVolumes(json)
  return mounts
    .map((mount) => {
      if (mount.volume === null || isPlainName(mount.volume)) return mount
      source.report({
        code: 'unsafe-name',
        subject: { kind: 'container', id: container },
        path,
        message: `The config of container ${container} names a volume ${JSON.stringify(mount.volume)}, which is not a plain name. It is not followed here.`,
      })
      return { ...mount, volume: null }
    })
    .sort((a, b) => (a.destination < b.destination ? -1 : 1))
}

function mountOfPoint(point: JsonObject): Mount {
  const name = text(point, 'Name')
  const type = text(point, 'Type')
  const isVolume = type === 'volume' || (type === '' && name !== '')
  return {
    type: isVolume
      ? 'volume'
      : type === 'bind' || type === ''
        ? 'bind'
        : type === 'tmpfs'
          ? 'tmpfs'
          : 'other',
    volume: isVolume && name !== '' ? name : null,
    driver: textOrNull(point, 'Driver'),
    source: text(point, 'Source'),
    destination: text(point, 'Destination'),
    readOnly: Object.hasOwn(point, 'RW') && !flag(point, 'RW'),
    // Before 1.13 there is no Spec: a name that the engine made up is 64 hex characters.
    named: isObject(point['Spec']) ? text(point['Spec'], 'Source') !== '' : !isHex64(name),
  }
}

function oldVolumes(json: JsonObject): Mount[] {
  const writable = record(json, 'VolumesRW')
  return Object.entries(record(json, 'Volumes')).map(([destination, host]): Mount => {
    const sourcePath = typeof host === 'string' ? host : ''
    const volume = /\/(?:vfs\/dir\/([^/]+)|volumes\/([^/]+)\/(?:_data|layer))\/?$/.exec(sourcePath)
    const name = volume?.[1] ?? volume?.[2] ?? null
    return {
      type: name === null ? 'bind' : 'volume',
      volume: name,
      driver: name === null ? null : 'local',
      source: sourcePath,
      destination,
      readOnly: writable[destination] === false,
      named: name !== null && !isHex64(name),
    }
  })
}

function checkLogPath(
  source: Source,
  logPath: string,
  path: string,
  id: string,
  logs: readonly LogFile[],
): void {
  if (logPath === '' || isOwnLogPath(logPath, id)) return
  source.report({
    code: 'unsafe-name',
    subject: { kind: 'container', id },
    path,
    message: `The config of container ${id} records its log at ${JSON.stringify(logPath)}, which is not in the container's directory. It is not followed here; the ${logs.length} log files found there are counted. An engine that removes the container would delete that file.`,
  })
}
