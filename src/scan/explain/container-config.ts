import { type JsonObject, record, text } from '../../formats/fields.ts'
import type { AssemblyStep } from '../../model/assembly.ts'
import { check, facts, type Ground, step, unread } from './steps.ts'

/** The config of a Docker container, the same in all layouts, and what stands in it. */
export function containerConfigStep(
  { source }: Ground,
  id: string,
  file: 'config.json' | 'config.v2.json',
): { step: AssemblyStep; json: JsonObject } {
  const path = `containers/${id}/${file}`
  const content = source.json(path)
  const json = content.ok ? content.value : {}
  return {
    json,
    step: step({
      title: 'From the container to its image',
      sentence:
        "A container's directory is named by its ID. Its config says what was typed, and which image that meant when the container was made.",
      files: [path],
      says: facts(
        ['Name', text(json, 'Name')],
        ['Config.Image', text(record(json, 'Config'), 'Image')],
        ['Image', text(json, 'Image')],
        ['Driver', text(json, 'Driver')],
      ),
      checks: content.ok ? [check('ID is the name of the directory', text(json, 'ID'), id)] : [],
      problem: content.ok ? null : unread(path, content),
      leadsTo: text(json, 'Image') || null,
    }),
  }
}
