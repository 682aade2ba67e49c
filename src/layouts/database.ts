import { type BoltBucket, BoltError, type BoltFile, readBoltFile } from '../formats/bolt.ts'
import { usedLength } from '../formats/bolt-meta.ts'
import type { Subject } from '../model/findings.ts'
import { type Tree, TreeError } from '../tree/tree.ts'
import { DATABASE_LIMIT_BYTES, type Failure, type Source } from './source.ts'

/** Meta pages of the largest page size that is in use, and the start of the file. */
const META_SPAN_BYTES = 2 * 64 * 1024
/** Where the second meta of a file lies whose first is damaged: at 16 MiB, at the most. */
const LARGEST_META_SPAN_BYTES = 17 * 1024 * 1024

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
  const first = source.start(path, META_SPAN_BYTES)
  const about = subject === undefined ? {} : { subject }
  const fail = (failure: Failure): null => {
    if (failure.code !== 'missing')
      source.reportFailure(failure, {
        code: 'database-damaged',
        ...about,
        path,
        message: `The database ${path} ${failure.problem}; ${holds} unknown.`,
      })
    return null
  }
  if (!first.ok) return fail(first)
  try {
    const { file, consistent } = openDatabase(source.tree, path)
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
    if (error instanceof TreeError) return fail({ ok: false, code: error.code, problem: error.message })
    if (!(error instanceof BoltError)) throw error
    source.report({
      code: 'database-damaged',
      ...about,
      path,
      message: `The database ${path} cannot be read: ${error.message}; ${holds} unknown.`,
    })
    return null
  }
}

/** Goes through all of a database, so that damage to what nothing here is made of is known too: an engine may fail on it. */
export function walkAll(root: BoltBucket): void {
  const pending = [root]
  for (let bucket = pending.pop(); bucket !== undefined; bucket = pending.pop())
    for (const { bucket: inner } of bucket.entries()) if (inner !== null) pending.push(inner)
}

/** The rows of a database as they are by now; null where it cannot be read any more. Nothing is reported. */
export function readDatabaseAgain({ tree }: Source, path: string): BoltBucket | null {
  try {
    return openDatabase(tree, path).file.root
  } catch (error) {
    if (error instanceof TreeError || error instanceof BoltError) return null
    throw error
  }
}

const openDatabase = (tree: Tree, path: string): { file: BoltFile; consistent: boolean } =>
  readBoltFile(
    () => readUsed(tree, path),
    () => tree.readStart(path, META_SPAN_BYTES),
  )

/**
 * Reads as much of a file as its states lie in, which may be far less than all: a file that was grown to gigabytes
 * takes no more memory than before. A commit meanwhile may need more of it.
 */
function readUsed(tree: Tree, path: string): Buffer {
  let bytes = tree.readStart(path, META_SPAN_BYTES)
  for (;;) {
    const used = usedLength(bytes) ?? LARGEST_META_SPAN_BYTES
    if (used > DATABASE_LIMIT_BYTES)
      throw new TreeError(
        'too-large',
        path,
        `holds ${used} bytes, more than the ${DATABASE_LIMIT_BYTES} allowed here`,
      )
    if (used <= bytes.length) return bytes
    const more = tree.readStart(path, used)
    if (more.length < used) return more
    bytes = more
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
