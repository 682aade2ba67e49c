import { nameOfBytes } from '../../formats/byte-name.ts'
import { isObject, record, text, textMap } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import { isGraphId, isHex64, isPlainName } from '../../model/ids.ts'
import type { Labels, Volume } from '../../model/model.ts'
import { readDatabase } from '../database.ts'
import type { Source } from '../source.ts'

const ANONYMOUS_LABEL = 'com.docker.volume.anonymous'
const NO_LABELS: Labels = new Map()

interface VolumeRow {
  readonly driver: string
  readonly labels: Labels
  readonly options: Labels | null
}

/** Reads `volumes/` as Docker writes it since 1.7: a directory each, labels and options in `metadata.db`. */
export function readVolumes(source: Source, options: { marksAnonymous: boolean }): Volume[] {
  const rows = readVolumeRows(source)
  const volumes: Volume[] = []
  const onDisk = new Set<string>()
  for (const entry of source.list('volumes')) {
    if (entry.kind !== 'directory' || entry.name === 'lost+found') continue
    onDisk.add(entry.name)
    volumes.push(readVolume(source, entry.name, rows, options))
  }
  for (const [name, row] of rows ?? []) {
    if (onDisk.has(name)) continue
    if (row.driver === 'local' || row.driver === '')
      source.report({
        code: 'volume-record-without-directory',
        subject: { kind: 'volume', id: name },
        path: 'volumes/metadata.db',
        message: `The volume database lists ${name}, whose directory is gone; the engine drops the row when it starts.`,
      })
    else
      volumes.push({
        root: source.root,
        name,
        driver: row.driver,
        path: null,
        dataPath: null,
        created: null,
        anonymous: false,
        options: row.options,
        labels: row.labels,
        onDisk: false,
        recorded: true,
      })
  }
  return volumes
}

function readVolume(
  source: Source,
  name: string,
  rows: ReadonlyMap<string, VolumeRow> | null,
  { marksAnonymous }: { marksAnonymous: boolean },
): Volume {
  const path = `volumes/${name}`
  const row = rows?.get(name)
  if (rows !== null && row === undefined)
    source.report({
      code: 'volume-without-record',
      subject: { kind: 'volume', id: name },
      path,
      message: `The volume ${name} has a directory but no row in the volume database: its labels are unknown. The engine lists it all the same.`,
    })
  // The engine shows the inode change time of the data's directory.
  const createdMs = source.stat(`${path}/_data`)?.changedMs ?? null
  return {
    root: source.root,
    name,
    driver: row?.driver || 'local',
    path,
    dataPath: `${path}/_data`,
    created:
      createdMs === null
        ? null
        : new Date(Math.floor(createdMs / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    anonymous: isAnonymous(name, row, marksAnonymous),
    options: readOptions(source, path, name) ?? row?.options ?? null,
    labels: row?.labels ?? NO_LABELS,
    onDisk: true,
    recorded: rows === null ? null : row !== undefined,
  }
}

/** Only 23 and later write down that a volume is anonymous; before, a 64-hex name is all there is, and no proof. */
function isAnonymous(name: string, row: VolumeRow | undefined, marksAnonymous: boolean): boolean | null {
  if (row?.labels.has(ANONYMOUS_LABEL)) return true
  if (!isHex64(name)) return false
  return marksAnonymous && row !== undefined ? false : null
}

function readOptions(source: Source, path: string, name: string): Labels | null {
  const file = `${path}/opts.json`
  const content = source.json(file)
  if (content.ok) {
    const options = new Map<string, string>()
    for (const [key, option] of [
      ['MountType', 'type'],
      ['MountOpts', 'o'],
      ['MountDevice', 'device'],
    ] as const) {
      const value = text(content.value, key)
      if (value !== '') options.set(option, value)
    }
    const quota = record(content.value, 'Quota')['Size']
    if (typeof quota === 'number' && quota > 0) options.set('size', String(quota))
    return options
  }
  if (content.code !== 'missing')
    source.reportFailure(content, {
      code: 'volume-options-damaged',
      subject: { kind: 'volume', id: name },
      path: file,
      message: `The options of volume ${name} (${file}) ${content.problem}: it is unknown whether it is mounted from elsewhere.`,
    })
  return null
}

/** The rows of `metadata.db`; null where it cannot be read or does not exist. */
function readVolumeRows(source: Source): Map<string, VolumeRow> | null {
  const path = 'volumes/metadata.db'
  const database = readDatabase(source, path, 'the labels and options of the volumes are')
  if (database === null) return null
  const rows = new Map<string, VolumeRow>()
  for (const { key, value } of database.file.root.bucket('volumes')?.entries() ?? []) {
    const name = nameOfBytes(key)
    if (value === null) continue
    const parsed = parseJsonBounded(value.toString('utf8'))
    const row = parsed.ok && isObject(parsed.value) ? parsed.value : null
    if (row === null && value.length > 0)
      source.report({
        code: 'volume-record-damaged',
        subject: { kind: 'volume', id: name },
        path,
        message: `The row of volume ${name} in ${path} cannot be read; its labels are unknown.`,
      })
    const options = row === null || !isObject(row['Options']) ? null : textMap(row, 'Options')
    rows.set(name, {
      driver: row === null ? '' : text(row, 'Driver'),
      labels: row === null ? NO_LABELS : textMap(row, 'Labels'),
      options: options === null || options.size === 0 ? null : options,
    })
  }
  database.reportDamage()
  return rows
}

/**
 * Reads `volumes/` of a legacy root in whichever of its four shapes each entry has: `<name>/_data` (1.7 on),
 * `config.json` with the data in `vfs/dir` (1.3 to 1.6), `json` with the data in `vfs/dir` (0.7 to 1.2), or
 * `json` and `layer/` (up to 0.6).
 */
export function readLegacyVolumes(source: Source): Volume[] {
  const volumes: Volume[] = []
  for (const entry of source.list('volumes')) {
    if (entry.kind !== 'directory' || entry.name.startsWith('_') || entry.name === ':tmp:') continue
    const names = new Set(source.list(`volumes/${entry.name}`).map((child) => child.name))
    const dataPath = legacyDataPath(source, entry.name, names)
    if (dataPath === null) continue
    volumes.push({
      root: source.root,
      name: entry.name,
      driver: 'local',
      path: `volumes/${entry.name}`,
      dataPath,
      created: legacyCreated(source, entry.name, names),
      anonymous: isGraphId(entry.name) ? null : false,
      options: null,
      labels: NO_LABELS,
      onDisk: true,
      recorded: null,
    })
  }
  return volumes
}

/** Where the volume's data is; null for records of bind mounts, whose data is not the engine's. */
function legacyDataPath(source: Source, name: string, names: ReadonlySet<string>): string | null {
  if (names.has('_data')) return `volumes/${name}/_data`
  if (names.has('layer')) return `volumes/${name}/layer`
  if (names.has('config.json')) {
    const path = `volumes/${name}/config.json`
    const content = source.json(path)
    if (!content.ok)
      source.reportFailure(content, {
        code: 'volume-record-damaged',
        subject: { kind: 'volume', id: name },
        path,
        message: `The record of volume ${name} ${content.problem}.`,
      })
    else if (content.value['IsBindMount'] === true) return null
    return isPlainName(name) ? `vfs/dir/${name}` : null
  }
  return names.has('json') ? `vfs/dir/${name}` : `volumes/${name}`
}

function legacyCreated(source: Source, name: string, names: ReadonlySet<string>): string | null {
  if (!names.has('json')) return null
  const content = source.json(`volumes/${name}/json`)
  return content.ok ? text(content.value, 'created') || null : null
}
