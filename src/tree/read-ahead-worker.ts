import { LocalTree } from './local.ts'
import { type AheadResult, type AheadTask, NOT_READ } from './read-ahead.ts'
import { doTask } from './second-thread.ts'

// What is larger is left to the thread that wants it.
const LIMIT_BYTES = 64 * 1024
const FIRST_BYTES = 1024 * 1024

doTask(readAhead, ({ bytes, lengths }) => [bytes.buffer, lengths.buffer])

/** Reads ahead. Whatever goes wrong is left out. */
function readAhead({ location, home, names, files, links }: AheadTask): AheadResult {
  const tree = new LocalTree(location)
  const targets = new Map<string, string>()
  for (const { name, kind } of attempt(() => tree.list(links)) ?? []) {
    const target = kind === 'symlink' ? attempt(() => tree.readlink(`${links}/${name}`)) : null
    if (target !== null) targets.set(name, target)
  }
  // The listing says which of the names are directories.
  attempt(() => tree.list(home))
  const lengths = new Int32Array(names.length * files.length)
  let bytes = Buffer.from(new ArrayBuffer(FIRST_BYTES))
  let end = 0
  let index = 0
  for (const name of names)
    for (const file of files) {
      const text = attempt(() => tree.readText(`${home}/${name}/${file}`, LIMIT_BYTES))
      const needed = end + 3 * (text?.length ?? 0)
      if (needed > bytes.length) bytes = grown(bytes, 2 * needed)
      const length = text === null ? NOT_READ : bytes.write(text, end)
      end += Math.max(0, length)
      lengths[index++] = length
    }
  return { bytes, lengths, targets }
}

function grown(bytes: Buffer<ArrayBuffer>, length: number): Buffer<ArrayBuffer> {
  const larger = Buffer.from(new ArrayBuffer(length))
  bytes.copy(larger)
  return larger
}

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
