import { linkSync, lutimesSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'

/** When every file of every layer was last changed, in seconds. */
export const MODIFIED_S = 1704067200

/**
 * @typedef {object} LayerEntry
 * @property {string} name without a slash at the end
 * @property {'directory' | 'file' | 'symlink' | 'hardlink'} kind
 * @property {Buffer} content empty for all but files
 * @property {string} target where a link leads; empty for the others
 */

/** Few directories, so that the layers of one chain replace each other's files. */
const DIRECTORIES = 7
const FILES_PER_DIRECTORY = 25
const LARGEST_BYTES = 3000

/** What a layer adds: small files in a few directories, in some layers a symbolic and a hard link. Parents come first. */
export function layerEntries(seeded, index, fileCount) {
  const directory = `opt/part-${index % DIRECTORIES}`
  /** @type {LayerEntry[]} */
  const entries = [entry('opt', 'directory'), entry(directory, 'directory')]
  for (let file = 0; file < fileCount; file++) {
    const label = `layer ${index} file ${file}`
    const content = Buffer.alloc(1 + seeded.number(label, LARGEST_BYTES), `${label}\n`)
    const part = Math.floor(file / FILES_PER_DIRECTORY)
    const home = part === 0 ? directory : `${directory}/more-${part}`
    if (part > 0 && file % FILES_PER_DIRECTORY === 0) entries.push(entry(home, 'directory'))
    entries.push(entry(`${home}/file-${file}`, 'file', { content }))
  }
  if (fileCount > 0 && index % 3 === 0)
    entries.push(entry(`${directory}/link`, 'symlink', { target: 'file-0' }))
  if (fileCount > 0 && index % 5 === 0)
    entries.push(entry(`${directory}/same`, 'hardlink', { target: `${directory}/file-0` }))
  return entries
}

const entry = (name, kind, { content = Buffer.alloc(0), target = '' } = {}) => ({
  name,
  kind,
  content,
  target,
})

/** What the engine records as a layer's size: every inode but directories once, a symbolic link by its target. */
export function recordedSize(entries) {
  let sizeBytes = 0
  for (const { kind, content, target } of entries)
    sizeBytes += kind === 'symlink' ? target.length : content.length
  return sizeBytes
}

/** Writes the entries below a directory that exists. */
export function writeEntries(directory, entries) {
  for (const { name, kind, content, target } of entries) {
    const path = `${directory}/${name}`
    if (kind === 'directory') mkdirSync(path)
    else if (kind === 'file') writeFileSync(path, content)
    else if (kind === 'symlink') symlinkSync(target, path)
    else linkSync(`${directory}/${target}`, path)
  }
  // Last entry first: a directory's time changes with every entry that it gets.
  for (const { name, kind } of entries.toReversed())
    if (kind === 'symlink') lutimesSync(`${directory}/${name}`, MODIFIED_S, MODIFIED_S)
    else if (kind !== 'hardlink') utimesSync(`${directory}/${name}`, MODIFIED_S, MODIFIED_S)
}
