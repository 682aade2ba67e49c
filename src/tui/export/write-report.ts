import { lstatSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { jsonPieces } from '../../report/json-pieces.ts'
import type { Report } from '../../report/schema.ts'
import { rootAbove } from '../../scan/below-root.ts'
import { errorCode } from '../screen/write-sync.ts'
import type { ExportOutcome } from './prompt.ts'

const CHUNK_CHARACTERS = 256 * 1024

/**
 * Writes the report to a file for its owner alone: the only thing that the UI ever writes. Never below a root, and over
 * an existing file only where that is wanted; then it takes its place in one step, so that a full disk costs nothing.
 */
export async function writeReport(report: Report, typed: string, overwrite: boolean): Promise<ExportOutcome> {
  const path = resolve(typed.replace(/^~(?=\/)/, homedir()))
  const failed = (why: string): ExportOutcome => ({
    kind: 'failed',
    message: `The report was not written to ${path}: ${why}.`,
  })
  const root = rootAbove(
    path,
    report.roots.map((each) => each.path),
  )
  if (root !== null) return failed(`it lies below the data root ${root}, where nothing is ever written`)
  const target = overwrite ? `${path}.part-${process.pid}` : path
  let isOurs = false
  try {
    if (overwrite && !lstatSync(path).isFile()) return failed('what is there is no ordinary file')
    const file = await open(target, 'wx', 0o600)
    isOurs = true
    const bytes = await writePieces(file, report)
    if (overwrite) await rename(target, path)
    return { kind: 'written', path, bytes }
  } catch (error) {
    if (isOurs) await rm(target, { force: true })
    if (!isOurs && errorCode(error) === 'EEXIST') return { kind: 'exists', path }
    return failed(REASONS[errorCode(error)] ?? (error instanceof Error ? error.message : String(error)))
  }
}

/** Piece by piece, so that the keys are heard while a large report is written. */
async function writePieces(file: FileHandle, report: Report): Promise<number> {
  let bytes = 0
  const write = async (text: string): Promise<void> => {
    await file.writeFile(text)
    bytes += Buffer.byteLength(text)
  }
  try {
    let pending = ''
    for (const piece of jsonPieces(report)) {
      pending += piece
      if (pending.length < CHUNK_CHARACTERS) continue
      await write(pending)
      pending = ''
    }
    await write(`${pending}\n`)
  } finally {
    await file.close()
  }
  return bytes
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such directory',
  ENOTDIR: 'a part of the path is no directory',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'the name is too long',
}
