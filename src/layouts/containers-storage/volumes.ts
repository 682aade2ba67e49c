import { flag, type JsonObject, text, textMap, textOrNull } from '../../formats/fields.ts'
import { isHex64, isPlainName } from '../../model/ids.ts'
import type { Volume } from '../../model/model.ts'
import type { Source } from '../source.ts'
import type { LibpodState } from './libpod.ts'

/** Reads `volumes/`: a directory each; names, labels and drivers are in podman's database. */
export function readVolumes(source: Source, libpod: LibpodState | null): Volume[] {
  const volumes: Volume[] = []
  const onDisk = new Set<string>()
  for (const entry of source.list('volumes')) {
    if (entry.kind !== 'directory' || entry.name === 'lost+found') continue
    onDisk.add(entry.name)
    const config = libpod?.volumes.get(entry.name) ?? null
    // A row that is not found in a damaged database may have been there.
    const isKnown = config !== null || libpod?.whole === true
    if (isKnown && config === null) reportUnrecorded(source, entry.name)
    volumes.push(volumeOf(source, entry.name, config, isKnown))
  }
  if (libpod === null) return volumes
  for (const [name, config] of libpod.volumes) {
    if (onDisk.has(name)) continue
    if (text(config, 'volumeDriver') === 'local' || !isPlainName(name))
      source.report({
        code: 'volume-record-without-directory',
        subject: { kind: 'volume', id: name },
        path: libpod.path,
        message: `Podman's database lists the volume ${name}, whose directory is gone; what it held is lost.`,
      })
    else
      volumes.push({
        ...volumeOf(source, name, config, true),
        path: null,
        dataPath: null,
        onDisk: false,
      })
  }
  return volumes
}

function volumeOf(source: Source, name: string, config: JsonObject | null, isKnown: boolean): Volume {
  const options = config === null ? new Map<string, string>() : readOptions(config)
  return {
    root: source.root,
    name,
    driver: (config === null ? '' : text(config, 'volumeDriver')) || 'local',
    path: `volumes/${name}`,
    dataPath: `volumes/${name}/_data`,
    created: config === null ? null : textOrNull(config, 'createdAt'),
    anonymous: config === null ? (isHex64(name) ? null : false) : flag(config, 'isAnon'),
    options: options.size === 0 ? null : options,
    labels: config === null ? new Map() : textMap(config, 'labels'),
    onDisk: true,
    recorded: isKnown ? config !== null : null,
  }
}

/** Libpod has written `volumeOptions` since 2.0 (libpod/volume.go), and `options` before. */
function readOptions(config: JsonObject): ReadonlyMap<string, string> {
  const options = textMap(config, 'volumeOptions')
  return options.size > 0 ? options : textMap(config, 'options')
}

const reportUnrecorded = (source: Source, name: string): void =>
  source.report({
    code: 'volume-without-record',
    subject: { kind: 'volume', id: name },
    path: `volumes/${name}`,
    message: `The volume ${name} has a directory but no row in podman's database: podman does not list it.`,
  })
