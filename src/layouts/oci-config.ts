import { flag, isObject, type JsonObject, list, record, text, textOrNull, texts } from '../formats/fields.ts'
import type { SameTexts } from '../formats/same-texts.ts'
import type { HistoryStep, Image } from '../model/model.ts'
import { readCreated, readImageConfig, readLabels } from './docker/image-config.ts'

/** What an image's config blob says by itself, the same in every content-addressed layout. */
export type ConfigFacts = Pick<
  Image,
  'created' | 'os' | 'architecture' | 'variant' | 'author' | 'dockerVersion' | 'labels' | 'config'
>

/** Decodes a config; an empty object gives the facts of an image whose config cannot be read. */
export function readConfigFacts(config: JsonObject): ConfigFacts {
  const configuration = record(config, 'config')
  return {
    created: readCreated(config),
    os: textOrNull(config, 'os'),
    architecture: textOrNull(config, 'architecture'),
    variant: textOrNull(config, 'variant'),
    author: text(config, 'author'),
    dockerVersion: text(config, 'docker_version'),
    labels: readLabels(configuration),
    config: readImageConfig(configuration),
  }
}

/** The diff IDs of a config, base first. */
export const readDiffIds = (config: JsonObject): readonly string[] =>
  texts(record(config, 'rootfs'), 'diff_ids')

/** Every step that is not marked empty takes the next layer, base first; none does where the counts cannot fit. */
export function readHistorySteps(
  config: JsonObject,
  layers: readonly string[],
  same: SameTexts,
): HistoryStep[] {
  const entries = list(config, 'history').filter(isObject)
  const fits = entries.filter((entry) => !flag(entry, 'empty_layer')).length <= layers.length
  let next = 0
  return entries.map((entry) => {
    const emptyLayer = flag(entry, 'empty_layer')
    const created = readCreated(entry)
    return {
      created: created === null ? null : same.of(created),
      createdBy: same.of(text(entry, 'created_by')),
      comment: same.of(text(entry, 'comment')),
      emptyLayer,
      layer: emptyLayer || !fits ? null : (layers[next++] ?? null),
    }
  })
}
