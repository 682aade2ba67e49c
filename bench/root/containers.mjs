import { mkdirSync, writeFileSync } from 'node:fs'
import { boltDatabase } from './bolt.mjs'
import { createdAt } from './image-store.mjs'

const MOUNTS = 'image/overlay2/layerdb/mounts'
const FILES_PER_VOLUME = 5
const LOG_LINES = 50

const directory = (name) => ({ name, kind: 'directory', content: Buffer.alloc(0), target: '' })
const file = (name, text = '') => ({ name, kind: 'file', content: Buffer.from(text), target: '' })

/** What the engine puts into an init layer to mount over. */
const INIT_ENTRIES = [
  file('.dockerenv'),
  ...['dev', 'dev/pts', 'dev/shm', 'etc', 'proc', 'sys'].map(directory),
  ...['dev/console', 'etc/hostname', 'etc/hosts', 'etc/resolv.conf'].map((name) => file(name)),
  { ...file('etc/mtab'), kind: 'symlink', target: '/proc/mounts' },
]

/**
 * Writes one container: its record, its log, its writable and init layers.
 * @param {import('./layer-store.mjs').LayerStore} layers
 */
export function writeContainer(root, seeded, layers, { index, image, volume }) {
  const id = seeded.hex64(`container ${index}`)
  const mountId = seeded.hex64(`mount ${index}`)
  const initId = `${mountId}-init`
  const lower = layers.addDirectory(initId, image.top, INIT_ENTRIES, { mounted: true })
  const written = [directory('opt'), file('opt/written', `${index} `.repeat(200))]
  layers.addDirectory(mountId, { cacheId: initId, lower }, written, { mounted: true })

  const mount = `${root}/${MOUNTS}/${id}`
  mkdirSync(mount)
  writeFileSync(`${mount}/mount-id`, mountId)
  writeFileSync(`${mount}/init-id`, initId)
  writeFileSync(`${mount}/parent`, image.top.chainId)

  const home = `${root}/containers/${id}`
  mkdirSync(`${home}/mounts`, { recursive: true })
  mkdirSync(`${home}/checkpoints`)
  writeFileSync(`${home}/config.v2.json`, JSON.stringify(containerConfig({ id, index, image, volume })))
  writeFileSync(`${home}/hostconfig.json`, JSON.stringify(hostConfig(volume)))
  writeFileSync(`${home}/hostname`, `${id.slice(0, 12)}\n`)
  writeFileSync(`${home}/hosts`, '127.0.0.1\tlocalhost\n')
  writeFileSync(`${home}/resolv.conf`, 'nameserver 192.0.2.53\n')
  writeFileSync(`${home}/${id}-json.log`, logLines(index))
}

const logLines = (index) =>
  Array.from(
    { length: LOG_LINES },
    (_, line) =>
      `${JSON.stringify({ log: `container ${index} line ${line}\n`, stream: 'stdout', time: createdAt(line) })}\n`,
  ).join('')

function containerConfig({ id, index, image, volume }) {
  const neverStarted = index % 7 === 6
  const command = ['serve', '--instance', String(index)]
  return {
    StreamConfig: {},
    State: {
      Running: false,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      RemovalInProgress: false,
      Dead: false,
      Pid: 0,
      ExitCode: index % 3,
      Error: '',
      StartedAt: neverStarted ? '0001-01-01T00:00:00Z' : createdAt(index),
      FinishedAt: neverStarted ? '0001-01-01T00:00:00Z' : createdAt(index + 60),
      Health: null,
    },
    ID: id,
    Created: createdAt(index),
    Managed: false,
    Path: command[0],
    Args: command.slice(1),
    Config: {
      Hostname: id.slice(0, 12),
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      Cmd: command,
      Image: image.name,
      Labels: { 'org.example.instance': String(index) },
    },
    Image: image.id,
    NetworkSettings: { Networks: { none: null } },
    LogPath: `/var/lib/docker/containers/${id}/${id}-json.log`,
    Name: `/service-${index}`,
    Driver: 'overlay2',
    OS: 'linux',
    RestartCount: 0,
    HasBeenStartedBefore: !neverStarted,
    MountPoints: volume === null ? {} : { '/data': mountPoint(volume) },
  }
}

const mountPoint = (name) => ({
  Type: 'volume',
  Name: name,
  Source: `/var/lib/docker/volumes/${name}/_data`,
  Destination: '/data',
  Driver: 'local',
  RW: true,
})

const hostConfig = (volume) => ({
  Binds: volume === null ? null : [`${volume}:/data`],
  LogConfig: { Type: 'json-file', Config: {} },
  NetworkMode: 'none',
  RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
})

/** Writes the volumes, every third one anonymous, with their database, and gives their names. */
export function writeVolumes(root, seeded, count) {
  const names = []
  const rows = new Map()
  mkdirSync(`${root}/volumes`)
  for (let index = 0; index < count; index++) {
    const anonymous = index % 3 === 2
    const name = anonymous ? seeded.hex64(`volume ${index}`) : `data-${index}`
    const data = `${root}/volumes/${name}/_data`
    mkdirSync(data, { recursive: true })
    for (let part = 0; part < FILES_PER_VOLUME; part++)
      writeFileSync(`${data}/table-${part}`, `row ${index} ${part}\n`.repeat(1 + seeded.number(name, 800)))
    names.push(name)
    rows.set(
      name,
      JSON.stringify({ Name: name, Driver: 'local', Labels: anonymous ? null : {}, Options: {} }),
    )
  }
  writeFileSync(`${root}/volumes/metadata.db`, boltDatabase(new Map([['volumes', rows]])))
  return names
}
