import { readDatabase } from '../database.ts'
import type { Source } from '../source.ts'
import { decodeRecord, type RecordRow } from './records.ts'

/** Reads the cache records of one worker by id, those that are being removed left out; null where they cannot be read. */
export function readRecordRows(source: Source, path: string): Map<string, RecordRow> | null {
  const database = readDatabase(source, path, 'the build cache is')
  if (database === null) return null
  const rows = new Map<string, RecordRow>()
  for (const { key, bucket } of database.file.root.bucket('_main')?.entries() ?? []) {
    const id = key.toString('utf8')
    if (bucket === null) continue
    const row = decodeRecord(id, bucket)
    if (!row.deleted) rows.set(id, row)
  }
  database.reportDamage()
  return rows
}

/** A record that the engine lists, with the immutable ones that share its data. */
export interface ListedRecord {
  readonly row: RecordRow
  readonly twins: readonly RecordRow[]
}

/** The records that the engine lists: no twins. Of one whose parent is gone a finding tells. */
export function listedRecords(
  source: Source,
  path: string,
  rows: ReadonlyMap<string, RecordRow>,
): ListedRecord[] {
  const twins = new Map<string, RecordRow[]>()
  for (const row of rows.values()) {
    if (row.equalMutable === null) continue
    const same = twins.get(row.equalMutable)
    if (same === undefined) twins.set(row.equalMutable, [row])
    else same.push(row)
  }
  const listed: ListedRecord[] = []
  for (const row of rows.values()) {
    if (row.equalMutable !== null) continue
    const missing = row.parents.find((parent) => !rows.has(parent))
    if (missing !== undefined)
      source.report({
        code: 'cache-parent-missing',
        subject: { kind: 'cache-record', id: row.id },
        path,
        message: `The cache record ${row.id} stands on ${missing}, which is not in the database; BuildKit drops such a record when it starts.`,
      })
    listed.push({ row, twins: twins.get(row.id) ?? [] })
  }
  return listed
}
