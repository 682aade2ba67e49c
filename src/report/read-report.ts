import type { ComparedReport, ComparedSize, ComparedThing } from '../analysis/compare.ts'
import {
  flag,
  integer,
  isObject,
  type JsonObject,
  list,
  record,
  text,
  textOrNull,
  texts,
} from '../formats/fields.ts'
import { shortId } from '../model/ids.ts'

/** The major version of the schema that is read here; additions within it do no harm. */
const MAJOR = '1'

/** Why a text is no report that can be compared; a sentence fragment that follows the file's name. */
export class ReportError extends Error {}

/** Reads a JSON report as far as it can be compared. Members that are missing or of another type count as unknown. */
export function readReport(content: string): ComparedReport {
  const report = parse(content)
  const version = text(report, 'schemaVersion')
  if (version === '' || text(record(report, 'tool'), 'name') !== 'layerscope')
    throw new ReportError('is JSON, but no report of layerscope')
  if (version.split('.')[0] !== MAJOR)
    throw new ReportError(`is a report of schema ${version}; schema ${MAJOR} is understood here`)
  const ledger = record(report, 'ledger')
  const total = record(ledger, 'total')
  return {
    generatedAt: textOrNull(report, 'generatedAt'),
    total: flag(ledger, 'measured')
      ? {
          content: integer(total, 'content') ?? 0,
          disk: integer(total, 'disk') ?? 0,
          files: integer(total, 'files') ?? 0,
        }
      : null,
    things: [...categories(report, ledger), ...objectsOf(report)],
  }
}

function parse(content: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    throw new ReportError(content.trim() === '' ? 'is empty' : 'is damaged: it is no JSON')
  }
  if (!isObject(value)) throw new ReportError('is JSON, but no report of layerscope')
  return value
}

const items = (report: JsonObject, key: string): readonly JsonObject[] => list(report, key).filter(isObject)

const sizeOf = (size: JsonObject): ComparedSize => ({
  content: integer(size, 'content'),
  disk: integer(size, 'disk'),
})

/** The entries of the ledger. Of a report of one root its path does not matter: the disk may have moved. */
function categories(report: JsonObject, ledger: JsonObject): ComparedThing[] {
  const isAlone = items(report, 'roots').length < 2
  return items(ledger, 'entries').map((entry) => {
    const category = text(entry, 'category')
    const root = isAlone ? '' : text(entry, 'root')
    return {
      kind: 'category',
      key: `${category}\0${root}`,
      id: category,
      name: root === '' ? category : `${category} in ${root}`,
      size: sizeOf(entry),
    }
  })
}

function objectsOf(report: JsonObject): ComparedThing[] {
  const cache = items(report, 'cacheRecords').map((each) => sizeOf(record(each, 'size')))
  return [
    ...items(report, 'images').map((image): ComparedThing => {
      const id = text(image, 'id')
      const [name] = [...texts(image, 'tags'), ...texts(image, 'digests')]
      return { kind: 'image', key: id, id, name: name ?? shortId(id), size: sizeOf(record(image, 'size')) }
    }),
    ...items(report, 'containers').flatMap((container): ComparedThing[] => {
      const id = text(container, 'id')
      const name = text(container, 'name') || shortId(id)
      const size = record(container, 'size')
      return [
        { kind: 'container', key: id, id, name, size: sizeOf(record(size, 'writable')) },
        { kind: 'logs', key: id, id, name: `${name} (logs)`, size: sizeOf(record(size, 'logs')) },
      ]
    }),
    ...items(report, 'volumes').map((volume): ComparedThing => {
      const name = text(volume, 'name')
      return { kind: 'volume', key: name, id: name, name, size: sizeOf(record(volume, 'size')) }
    }),
    // Records that share their files with a layer have no bytes of their own.
    {
      kind: 'cache',
      key: '',
      id: 'cache',
      name: 'all build cache records',
      size: {
        content: cache.reduce((sum, { content }) => sum + (content ?? 0), 0),
        disk: cache.reduce((sum, { disk }) => sum + (disk ?? 0), 0),
      },
    },
  ]
}
