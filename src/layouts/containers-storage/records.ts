import { isObject, type JsonObject, text } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import type { FindingCode } from '../../model/findings.ts'
import { isPlainName } from '../../model/ids.ts'
import type { Source } from '../source.ts'

/** One file of records: an array of objects, each with an `id`. */
export interface RecordFile {
  readonly path: string
  readonly code: FindingCode
  /** What the records are, for sentences: "layers". */
  readonly what: string
}

/**
 * Reads a record file; a missing one is an empty list. One that is cut off gives the records before the cut, and a
 * finding; so does a record whose id is no plain name, since ids name directories.
 */
export function readRecordFile(source: Source, file: RecordFile): JsonObject[] {
  const content = source.text(file.path)
  if (!content.ok) {
    if (content.code !== 'missing')
      source.reportFailure(content, {
        code: file.code,
        path: file.path,
        message: `The file ${file.path} ${content.problem}; the ${file.what} that it lists are unknown.`,
      })
    return []
  }
  return checkIds(source, file, parseRecords(source, file, content.value))
}

function parseRecords(source: Source, file: RecordFile, content: string): JsonObject[] {
  // Written in place by older versions: a reader may see half of it.
  const parsed = parseJsonBounded(content)
  if (parsed.ok && Array.isArray(parsed.value)) return parsed.value.filter(isObject)
  if (parsed.ok && parsed.value === null) return []
  const saved = completeObjects(content)
  source.report({
    code: file.code,
    path: file.path,
    message: `The file ${file.path} ${parsed.ok ? 'is JSON, but not a list' : `is ${parsed.reason}`}: ${saved.length} of its ${file.what} could be read, the others are unknown. The engine refuses such a file.`,
    hint: 'Run no prune and no removal before this file is repaired.',
  })
  return saved
}

function checkIds(source: Source, file: RecordFile, records: readonly JsonObject[]): JsonObject[] {
  return records.filter((record) => {
    const id = text(record, 'id')
    if (isPlainName(id)) return true
    source.report({
      code: 'unsafe-name',
      path: file.path,
      message: `${file.path} lists an id ${JSON.stringify(id)}, which is not a plain name. It is not followed here; an engine that joins it to a path would leave its directory.`,
      hint: 'Run no prune and no removal on this root before this file is repaired.',
    })
    return false
  })
}

/** The objects of an array that are complete in a text which is not. */
function completeObjects(content: string): JsonObject[] {
  const objects: JsonObject[] = []
  let depth = 0
  let start = 0
  let inText = false
  for (let at = content.indexOf('[') + 1; at > 0 && at < content.length; at++) {
    const char = content[at]
    if (inText) {
      if (char === '\\') at++
      else if (char === '"') inText = false
    } else if (char === '"') inText = true
    else if (char === '{' && depth++ === 0) start = at
    else if (char === '}' && --depth === 0) {
      const parsed = parseJsonBounded(content.slice(start, at + 1))
      if (parsed.ok && isObject(parsed.value)) objects.push(parsed.value)
    }
  }
  return objects
}
