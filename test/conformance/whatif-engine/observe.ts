import { isObject, type JsonObject, list, text, texts } from '../../../src/formats/fields.ts'
import type { DockerEngine } from '../../engines/docker-engine.ts'

/** What the engine lists, by id; tags and digests with the image they lead to. */
export interface Observed {
  readonly images: ReadonlySet<string>
  readonly references: ReadonlySet<string>
  readonly containers: ReadonlyMap<string, { readonly name: string; readonly state: string }>
  readonly volumes: ReadonlySet<string>
  readonly networks: ReadonlySet<string>
  readonly cacheRecords: ReadonlySet<string>
}

/** Asks the engine for everything that a command could remove. */
export async function observe(engine: DockerEngine): Promise<Observed> {
  const [images, containers, volumes, networks, usage] = await Promise.all([
    engine.get('/images/json?all=1'),
    engine.get('/containers/json?all=1'),
    engine.get('/volumes'),
    engine.get('/networks'),
    engine.get('/system/df'),
  ])
  const known = (name: string): boolean => !name.startsWith('<none>')
  return {
    images: new Set(objects(images).map((image) => text(image, 'Id'))),
    references: new Set(
      objects(images).flatMap((image) =>
        [...texts(image, 'RepoTags'), ...texts(image, 'RepoDigests')].filter(known),
      ),
    ),
    containers: new Map(
      objects(containers).map((container) => [
        text(container, 'Id'),
        { name: (texts(container, 'Names')[0] ?? '').slice(1), state: text(container, 'State') },
      ]),
    ),
    volumes: new Set(
      objects(isObject(volumes) ? list(volumes, 'Volumes') : []).map((volume) => text(volume, 'Name')),
    ),
    networks: new Set(objects(networks).map((network) => text(network, 'Id'))),
    cacheRecords: new Set(
      objects(isObject(usage) ? list(usage, 'BuildCache') : []).map((record) => text(record, 'ID')),
    ),
  }
}

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
