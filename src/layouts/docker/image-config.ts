import { type JsonObject, record, text, textMap, textOrNull, texts } from '../../formats/fields.ts'
import type { ImageConfig, Labels } from '../../model/model.ts'

/** The `config` object of an image, the same in the legacy and the content-addressed layout. */
export const readImageConfig = (config: JsonObject): ImageConfig => ({
  entrypoint: commandWords(config, 'Entrypoint'),
  command: commandWords(config, 'Cmd'),
  environment: texts(config, 'Env'),
  workingDirectory: text(config, 'WorkingDir'),
  user: text(config, 'User'),
})

export const readLabels = (config: JsonObject): Labels => textMap(config, 'Labels')

/** A command is a list of words; engines before 1.0 also wrote a single text. */
function commandWords(config: JsonObject, key: string): readonly string[] {
  const single = text(config, key)
  return single === '' ? texts(config, key) : [single]
}

/** The `created` member as it stands; null where it is absent. */
export const readCreated = (object: JsonObject): string | null => textOrNull(object, 'created')

export const readContainerConfigCommand = (object: JsonObject): string =>
  commandWords(record(object, 'container_config'), 'Cmd').join(' ')
