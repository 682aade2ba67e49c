import { BoltError, type BoltFile, readBoltFile } from '../formats/bolt.ts'
import type { Subject } from '../model/findings.ts'
import { TreeError } from '../tree/tree.ts'
import { DATABASE_LIMIT_BYTES, type Source } from './source.ts'

/** Meta pages of the largest page size bolt can have, and the start of the file. */
const META_SPAN_BYTES = 2 * 64 * 1024

/**
 * Reads a bolt database without a lock, as of one commit. Null where it is missing or nothing of it can be read;
 * what could not be read is a finding. `holds` says in words what is unknown then.
 */
export function readDatabase(
  source: Source,
  path: string,
  holds: string,
  subject?: Subject,
): { file: BoltFile; reportDamage(): void } | null {
  const first = source.bytes(path, DATABASE_LIMIT_BYTES)
  const about = subject === undefined ? {} : { subject }
  if (!first.ok) {
    if (first.code !== 'missing')
      source.reportFailure(first, {
        code: 'database-damaged',
        ...about,
        path,
        message: `The database ${path} ${first.problem}; ${holds} unknown.`,
      })
    return null
  }
  let next: Buffer | null = first.value
  const read = (): Buffer => {
    const bytes = next ?? source.tree.read(path, DATABASE_LIMIT_BYTES)
    next = null
    return bytes
  }
  try {
    const { file, consistent } = readBoltFile(read, () => source.tree.readStart(path, META_SPAN_BYTES))
    if (!consistent)
      source.report({
        code: 'database-inconsistent',
        ...about,
        path,
        message: `The database ${path} was being written all the time while it was read; what is shown of it may mix two states.`,
        hint: 'Scan again when the engine is quiet.',
      })
    if (file.usedOlderMeta)
      source.report({
        code: 'database-older-state',
        ...about,
        path,
        message: `The newest state of the database ${path} is damaged; the state one commit earlier is shown.`,
      })
    return { file, reportDamage: () => reportDamage(source, path, holds, file, about) }
  } catch (error) {
    if (!(error instanceof BoltError) && !(error instanceof TreeError)) throw error
    source.report({
      code: 'database-damaged',
      ...about,
      path,
      message: `The database ${path} cannot be read: ${error.message}; ${holds} unknown.`,
    })
    return null
  }
}

function reportDamage(
  source: Source,
  path: string,
  holds: string,
  file: BoltFile,
  about: { subject?: Subject },
): void {
  if (file.damage.length === 0) return
  const places = file.damage
    .slice(0, 3)
    .map((damage) => `${damage.bucket.join('/') || 'top level'}: ${damage.reason}`)
    .join('; ')
  source.report({
    code: 'database-damaged',
    ...about,
    path,
    message: `Parts of the database ${path} are damaged (${file.damage.length} ${file.damage.length === 1 ? 'place' : 'places'}: ${places}). The rest of it was read; ${holds} incomplete.`,
  })
}
