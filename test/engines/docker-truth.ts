import { isObject, type JsonObject, text } from '../../src/formats/fields.ts'
import type { EngineTruth } from '../conformance/compare.ts'
import type { DockerEngine } from './docker-engine.ts'

/** All that an engine says of its root: its lists and, of each image and container, what it says of that one. */
export interface DockerTruth extends EngineTruth {
  readonly inspectImages: readonly JsonObject[]
  readonly inspectContainers: readonly JsonObject[]
  /** The containers with both of their sizes. */
  readonly sizedContainers: readonly JsonObject[]
  /** What `docker system df` prints. */
  readonly summary: string
}

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** Asks an engine everything. */
export async function askDocker(engine: DockerEngine): Promise<DockerTruth> {
  // What has no size yet is measured by the first question, and counts as used by it.
  await engine.get('/system/df')
  const imagesAll = await engine.get('/images/json?all=1')
  const sized = objects(await engine.get('/containers/json?all=1&size=1'))
  const images = objects(imagesAll).map((image) => text(image, 'Id'))
  const each = (ids: readonly string[], path: (id: string) => string): Promise<unknown[]> =>
    Promise.all(ids.map((id) => engine.get(path(id))))
  const histories = await each(images, (id) => `/images/${id}/history`)
  return {
    imagesAll,
    systemDf: await engine.get('/system/df'),
    history: new Map(images.map((id, index) => [id, histories[index]])),
    containers: await engine.get('/containers/json?all=1'),
    volumes: await engine.get('/volumes'),
    inspectImages: objects(await each(images, (id) => `/images/${id}/json`)),
    inspectContainers: objects(
      await each(
        sized.map((container) => text(container, 'Id')),
        (id) => `/containers/${id}/json`,
      ),
    ),
    sizedContainers: sized,
    summary: engine.must(['system', 'df']),
  }
}
