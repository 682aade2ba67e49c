import {
  flag,
  integer,
  isObject,
  type JsonObject,
  list,
  record,
  text,
  textMap,
  textOrNull,
  texts,
} from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import { isHex64, isPlainName } from '../../model/ids.ts'
import type { Container, ContainerState, Mount } from '../../model/model.ts'
import type { Source } from '../source.ts'
import type { ReadLayers } from './layers.ts'
import type { LibpodContainer, LibpodState } from './libpod.ts'
import { containerDirectory, type StorePlaces } from './places.ts'
import { readRecordFile } from './records.ts'

/** The store that the containers belong to, and what stands around them. */
interface Surroundings {
  readonly store: string
  readonly read: ReadLayers
  readonly libpod: LibpodState | null
  /** Image id → the last of its names. */
  readonly images: ReadonlyMap<string, string>
}

/** The containers of a store, and the ids of those that podman made. */
export interface ReadContainers {
  readonly containers: readonly Container[]
  readonly podmans: readonly string[]
}

/** Reads the containers of a store, those of buildah and CRI-O included, and joins what podman knows of its own. */
export function readContainers(source: Source, places: StorePlaces, at: Surroundings): ReadContainers {
  const records = ['containers.json', 'volatile-containers.json'].flatMap((file) => {
    const path = `${places.containers}/${file}`
    const what = 'containers'
    return readRecordFile(source, { path, code: 'container-config-damaged', what }).map((json) => ({
      path,
      json,
    }))
  })
  return {
    containers: records.map(({ path, json }) => joinContainer(source, places, path, at, json)),
    podmans: records.flatMap(({ json }) => (isPodmans(parseMetadata(json)) ? [text(json, 'id')] : [])),
  }
}

/** Buildah writes no metadata, and CRI-O names the pod in it. */
const isPodmans = (metadata: JsonObject): boolean =>
  text(metadata, 'name') !== '' && text(metadata, 'pod-id') === ''

function joinContainer(
  source: Source,
  places: StorePlaces,
  path: string,
  at: Surroundings,
  json: JsonObject,
): Container {
  const id = text(json, 'id')
  const own = at.libpod?.containers.get(id) ?? null
  const layerId = textOrNull(json, 'layer')
  const layer = layerId === null ? undefined : at.read.layers.get(layerId)
  const image = textOrNull(json, 'image')
  const name = text(own?.config ?? {}, 'name') || (texts(json, 'names')[0] ?? '')
  if (layer === undefined) reportMissingLayer(source, path, id, name, layerId)
  const isElsewhere = layer?.parent != null && at.read.elsewhere.has(layer.parent)
  if (image !== null && !at.images.has(image) && !isElsewhere)
    reportMissingImage(source, places, path, { id, name, image })
  const metadata = parseMetadata(json)
  return {
    root: source.root,
    store: at.store,
    id,
    name,
    image,
    baseLayer: layer?.parent ?? null,
    mountId: layer?.id ?? null,
    initId: null,
    layerPath: layer?.path ?? null,
    initPath: null,
    logs: readLogs(source, places.driver, id),
    ...describe(
      own,
      textOrNull(json, 'created'),
      text(metadata, 'name') === '' ? externalImageName(at, image) : text(metadata, 'image-name'),
    ),
    // Buildah writes no metadata: podman lists its containers only when asked for external ones.
    loaded: layer !== undefined && (own !== null || (!isWhole(at.libpod) && text(metadata, 'name') !== '')),
  }
}

/** Of buildah's containers podman names the image by the last of its names, and what has none it calls `scratch`. */
const externalImageName = ({ images }: Surroundings, image: string | null): string =>
  image === null ? 'scratch' : (images.get(image) ?? '')

const isWhole = (libpod: LibpodState | null): boolean => libpod?.whole === true

/** What podman's database says of a container; of one that it does not know, little is known. */
function describe(own: LibpodContainer | null, created: string | null, imageName: string) {
  const { config, state } = own ?? { config: {}, state: {} }
  const mounts = own === null ? [] : readMounts(config)
  const command = texts(config, 'command')
  return {
    imageName: text(config, 'rootfsImageName') || imageName,
    filesElsewhere: text(config, 'rootfs') !== '' && !isInfra(config),
    isInfra: isInfra(config),
    command: (command.length > 0 ? command : texts(record(record(config, 'spec'), 'process'), 'args')).join(
      ' ',
    ),
    state: own === null ? 'unknown' : stateWord(integer(state, 'state') ?? 0),
    exitCode: integer(state, 'exitCode') ?? 0,
    created: textOrNull(config, 'createdTime') ?? created,
    startedAt: timeOf(state, 'startedTime'),
    finishedAt: timeOf(state, 'finishedTime'),
    logDriver: textOrNull(config, 'logDriver'),
    mounts,
    volumes: [...new Set(mounts.flatMap((mount) => mount.volume ?? []))].sort(),
    restartPolicy: text(config, 'restart_policy'),
    maximumRetries: integer(config, 'restart_retries') ?? 0,
    restartCount: integer(state, 'restartCount') ?? 0,
    startedBefore: timeOf(state, 'startedTime') !== null,
    stoppedByHand: flag(state, 'stoppedByUser'),
    autoRemove:
      text(record(record(config, 'spec'), 'annotations'), 'io.podman.annotations.autoremove') === 'TRUE',
    networks: (own?.networks ?? []).map((network) => ({ name: network, id: null })),
    labels: textMap(config, 'labels'),
  } satisfies Partial<Container>
}

/** From 5.8 on these have no image but a directory among podman's temporary ones (`/run/libpod/infra-container`). */
const isInfra = (config: JsonObject): boolean =>
  text(config, 'pod') !== '' && /\/infra-container$/.test(text(config, 'rootfs'))

/** `ContainerStatus` of libpod/define, by its number. */
const STATES: readonly ContainerState[] = [
  'unknown',
  'created',
  'created',
  'running',
  'exited',
  'paused',
  'exited',
  'removing',
  'running',
]

const stateWord = (number: number): ContainerState => STATES[number] ?? 'unknown'

/** Go's zero time stands for what has not happened. */
function timeOf(state: JsonObject, key: string): string | null {
  const time = text(state, key)
  return time === '' || time.startsWith('0001-01-01T00:00:00') ? null : time
}

/** Named volumes, and those of the runtime's mounts that the user asked for. */
function readMounts(config: JsonObject): Mount[] {
  const volumes = list(config, 'namedVolumes')
    .filter(isObject)
    .map((volume): Mount => {
      const name = text(volume, 'volumeName')
      return {
        type: 'volume',
        volume: isPlainName(name) ? name : null,
        driver: null,
        source: '',
        destination: text(volume, 'dest'),
        readOnly: texts(volume, 'options').includes('ro'),
        named: !isHex64(name),
      }
    })
  const asked = new Set(texts(config, 'userVolumes'))
  const binds = list(record(config, 'spec'), 'mounts')
    .filter(isObject)
    .filter((mount) => asked.has(text(mount, 'destination')) && text(mount, 'type') === 'bind')
    .map(
      (mount): Mount => ({
        type: 'bind',
        volume: null,
        driver: null,
        source: text(mount, 'source'),
        destination: text(mount, 'destination'),
        readOnly: texts(mount, 'options').includes('ro'),
        named: false,
      }),
    )
  return [...volumes, ...binds].sort((a, b) => (a.destination < b.destination ? -1 : 1))
}

/** The driver `k8s-file` writes `ctr.log`; journald leaves nothing here. */
function readLogs(source: Source, driver: string, id: string): { path: string }[] {
  const directory = `${containerDirectory(driver, id)}/userdata`
  return source
    .list(directory)
    .filter((entry) => entry.kind === 'file' && /^ctr\.log(\.|$)/.test(entry.name))
    .map((entry) => ({ path: `${directory}/${entry.name}` }))
}

function parseMetadata(json: JsonObject): JsonObject {
  const parsed = parseJsonBounded(text(json, 'metadata'))
  return parsed.ok && isObject(parsed.value) ? parsed.value : {}
}

const reportMissingLayer = (
  source: Source,
  path: string,
  id: string,
  name: string,
  layer: string | null,
): void =>
  source.report({
    code: 'container-mount-missing',
    subject: { kind: 'container', id },
    path,
    message: `Container ${name || id} has its writable layer in ${layer ?? 'no layer'}, which no record lists: it cannot be started, and its changes are lost.`,
  })

function reportMissingImage(
  source: Source,
  places: StorePlaces,
  path: string,
  { id, name, image }: { id: string; name: string; image: string },
): void {
  const hasFiles = isPlainName(image) && source.stat(`${places.images}/${image}`) !== null
  const problem = hasFiles ? 'whose files are there, but no record that can be read' : 'which is gone'
  source.report({
    code: 'container-image-missing',
    subject: { kind: 'container', id },
    path,
    message: `Container ${name || id} was made from image ${image}, ${problem}. The layers below it stay for as long as the container does.`,
  })
}
