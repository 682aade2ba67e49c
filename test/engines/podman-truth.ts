import { isObject, type JsonObject, text } from '../../src/formats/fields.ts'
import type { PodmanTruth } from '../conformance/compare-podman.ts'
import type { PodmanEngine } from './podman-engine.ts'

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** Asks podman everything. */
export function askPodman(engine: PodmanEngine): PodmanTruth {
  const imagesAll = engine.json('images', '-a')
  const containers = objects(engine.json('ps', '-a', '--external'))
  const images = [...new Set(objects(imagesAll).map((image) => text(image, 'Id')))]
  const ids = engine.must(['ps', '-aq', '--no-trunc']).split('\n').filter(Boolean)
  return {
    imagesAll,
    containers,
    inspectContainers: JSON.parse(engine.must(['inspect', '--type', 'container', '--size', ...ids])),
    volumes: engine.json('volume', 'ls'),
    history: Object.fromEntries(images.map((id) => [id, engine.json('history', '--no-trunc', id)])),
    df: engine
      .must(['system', 'df', '--format', '{{json .}}'])
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  }
}
