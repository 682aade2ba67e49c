import { isObject, type JsonObject, record } from '../../formats/fields.ts'
import type { EngineVersion } from '../../model/model.ts'
import type { Source } from '../source.ts'

/** The version rules that a root shows by what lies in it: newest evidence first. */
const EVIDENCE: readonly { path: string; rule: EngineVersion['rule']; since: string }[] = [
  // Seen on disks of 26.1 and 28.5: with its images in containerd, the former keeps its builds in history.db.
  { path: 'buildkit/history_c8d.db', rule: '28', since: 'Docker 28' },
  // The build history came with 23, the engine's id moved into the root with 24.
  { path: 'engine-id', rule: '23', since: 'Docker 24' },
  { path: 'buildkit/history.db', rule: '23', since: 'Docker 23' },
]

/** What an engine of some version writes into the config of a container, newest first (seen of 20.10, 26.1 and 28.5). */
const IN_CONFIGS: readonly {
  has: (config: JsonObject) => boolean
  rule: EngineVersion['rule']
  says: string
}[] = [
  {
    has: (config) => 'ImagePlatform' in config,
    rule: '28',
    says: 'names the platform of its image: written by Docker 28 or later',
  },
  {
    has: (config) => 'ImageManifest' in config || endpointsOf(config).some((each) => 'DNSNames' in each),
    rule: '26',
    says: 'has the members that came with Docker 25, and none that came with 28: written by Docker 25 to 27',
  },
]

/** Tells by which version's rules the figures of this root are to be computed, and what shows it. */
export function detectEngine(
  source: Source,
  hasLayerdb: boolean,
  containerdSchema: number | null,
): EngineVersion {
  if (!hasLayerdb)
    return { rule: 'legacy', why: 'there is no image/ directory: the layout of Docker before 1.10' }
  // Docker came with containerd 1.7 up to 28, and with containerd 2 since; which of 28 and 29 it was, nothing shows.
  if (containerdSchema !== null && containerdSchema >= 4)
    return {
      rule: '28',
      why: 'the database of its containerd is that of containerd 2: Docker 28 or 29, and nothing shows which',
    }
  const container = anyContainer(source)
  const shown = IN_CONFIGS.find(({ has }) => container !== null && has(container.config))
  if (container !== null && shown !== undefined)
    return { rule: shown.rule, why: `${container.path} ${shown.says}` }
  for (const { path, rule, since } of EVIDENCE)
    if (source.stat(path) !== null) return { rule, why: `${path} exists: written by ${since} or later` }
  return {
    rule: '20.10',
    why: 'neither engine-id nor buildkit/history.db exists: written by Docker 20.10 or earlier',
  }
}

/** A starting engine writes the configs of all its containers anew, so that any one tells of it. */
function anyContainer(source: Source): { path: string; config: JsonObject } | null {
  for (const { name, kind } of source.list('containers')) {
    const path = `containers/${name}/config.v2.json`
    const config = kind === 'directory' ? source.json(path) : null
    if (config?.ok === true) return { path, config: config.value }
  }
  return null
}

const endpointsOf = (config: JsonObject): JsonObject[] =>
  Object.values(record(record(config, 'NetworkSettings'), 'Networks')).filter(isObject)
