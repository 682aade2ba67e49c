// Fuzzes the readers of foreign formats: inputs that reach code not reached before are kept and changed further.
// node scripts/fuzz-formats.mjs [seconds per reader] [seed]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Session } from 'node:inspector'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const seconds = Number(process.argv[2] ?? 20)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31)
const LARGEST_INPUT = 256 * 1024
const PATIENCE_MS = 2000

const root = fileURLToPath(new URL('../', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'layerscope-fuzz-'))
const bundle = join(directory, 'readers.mjs')
await build({
  stdin: {
    contents: `
      export { openBolt, BoltError } from './src/formats/bolt.ts'
      export { readTarSplit, withTarHeaders, TarSplitError } from './src/formats/tar-split.ts'
      export { readTar } from './src/formats/tar-header.ts'
      export { TarError } from './src/formats/tar-block.ts'
      export { parseJsonBounded, rawInteger } from './src/formats/go-json.ts'
      export { ArchiveTree } from './src/tree/archive.ts'
      export { TreeError } from './src/tree/tree.ts'`,
    resolveDir: root,
    loader: 'ts',
  },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
})
const code = await import(pathToFileURL(bundle).href)

const isForeseen = (error, ...kinds) =>
  kinds.some((kind) => error instanceof kind) || /^(Z_|ERR_BUFFER_TOO_LARGE)/.test(error?.code)

const limits = { totalBytes: 8 * 2 ** 20, lineBytes: 2 ** 20 }
const READERS = {
  bolt: {
    corpus: (files) => files.filter(({ name }) => name.endsWith('.db')),
    run(bytes) {
      const visit = (bucket, depth) => {
        for (const { key, bucket: below } of bucket.entries()) {
          bucket.get(key)
          if (below !== null && depth < 8) visit(below, depth + 1)
        }
      }
      visit(code.openBolt(bytes).root, 0)
    },
    foreseen: [code.BoltError],
  },
  'tar-split': {
    corpus: (files) =>
      files.filter(({ name }) => /tar-(split|data)\.json\.gz$|tar-split\.gz$/.test(name)).map(unpacked),
    run(bytes) {
      for (const _ of code.withTarHeaders(code.readTarSplit(gzipSync(bytes, { level: 1 }), limits)));
    },
    foreseen: [code.TarSplitError],
  },
  'tar-split gzip': {
    corpus: (files) => files.filter(({ name }) => /tar-(split|data)\.json\.gz$|tar-split\.gz$/.test(name)),
    run(bytes) {
      for (const _ of code.withTarHeaders(code.readTarSplit(bytes, limits)));
    },
    foreseen: [code.TarSplitError],
  },
  tar: {
    corpus: (_files, tars) => tars,
    run(bytes) {
      for (const _ of code.readTar(bytes));
    },
    foreseen: [code.TarError],
  },
  json: {
    corpus: (files) => files.filter(({ name }) => /json$|\/json$/.test(name)),
    run(bytes) {
      const text = bytes.toString()
      const parsed = code.parseJsonBounded(text)
      if (!parsed.ok && /[\u0000-\u001f]/.test(parsed.reason)) throw new Error('the reason quotes the text')
      code.rawInteger(text, 'created')
    },
    foreseen: [],
  },
  archive: {
    corpus: (_files, tars) => tars,
    run(bytes) {
      const tree = new code.ArchiveTree(
        'a',
        gzipSync(bytes, { level: 1 }),
        String(bytes.subarray(0, 100)).split('/')[0],
      )
      const visit = (path, depth) => {
        for (const { name, kind } of tree.list(path)) {
          const at = path === '' ? name : `${path}/${name}`
          tree.stat(at)
          if (kind === 'directory' && depth < 64) visit(at, depth + 1)
          if (kind === 'file') tree.read(at, Number.POSITIVE_INFINITY)
        }
      }
      visit('', 0)
    },
    foreseen: [code.TreeError, code.TarError],
  },
}

const unpacked = ({ name, bytes }) => ({ name, bytes: gunzipSync(bytes) })

/** The files of every fixture, and pieces of the packs themselves. */
function readCorpus() {
  const packs = join(root, 'fixtures/var-lib-docker')
  const tars = readdirSync(packs)
    .filter((name) => name.endsWith('.tar.gz'))
    .map((name) => ({ name, bytes: gunzipSync(readFileSync(join(packs, name))) }))
  const files = tars.flatMap(({ bytes }) =>
    [...code.readTar(bytes)]
      .filter(({ type }) => type === 'file')
      .map((entry) => ({
        name: entry.name.toString(),
        bytes: bytes.subarray(entry.dataOffset, entry.dataOffset + entry.size),
      })),
  )
  return { files, tars: tars.map(({ name, bytes }) => ({ name, bytes: bytes.subarray(0, LARGEST_INPUT) })) }
}

let state = seed | 1
/** A number below the limit (xorshift32). */
function random(limit) {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) % Math.max(1, limit)
}

const INTERESTING = [0, 1, 2, 0x7f, 0x80, 0xff, 0x0a, 0x22, 0x5b, 0x7b]

function change(bytes, pool) {
  let changed = Buffer.from(bytes)
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(changed.length)
    switch (random(8)) {
      case 0:
        changed[at] = (changed[at] ?? 0) ^ (1 << random(8))
        break
      case 1:
        changed[at] = INTERESTING[random(INTERESTING.length)]
        break
      case 2:
        changed = changed.subarray(0, at)
        break
      case 3:
        changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + random(64))])
        break
      case 4:
        if (at + 4 <= changed.length)
          changed.writeUInt32LE(random(2) === 0 ? random(2 ** 16) : 2 ** 32 - 1 - random(8), at)
        break
      case 5: {
        const other = pool[random(pool.length)].bytes
        const from = random(other.length)
        changed = Buffer.concat([
          changed.subarray(0, at),
          other.subarray(from, from + random(4096)),
          changed.subarray(at),
        ])
        break
      }
      case 6:
        changed.copy(changed, random(changed.length), at, at + random(512))
        break
      default:
        changed.fill(INTERESTING[random(INTERESTING.length)], at, Math.min(changed.length, at + random(64)))
    }
  }
  return changed.subarray(0, LARGEST_INPUT)
}

const session = new Session()
session.connect()
const call = (method, parameters) => {
  let answer
  session.post(method, parameters, (error, result) => {
    if (error) throw new Error(error.message)
    answer = result
  })
  return answer
}
call('Profiler.enable')
call('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/** The pieces of the readers' code that ran since the last call. */
function reached() {
  const places = []
  for (const script of call('Profiler.takePreciseCoverage').result)
    if (script.url.endsWith('readers.mjs'))
      for (const { functionName, ranges } of script.functions)
        for (const { startOffset, endOffset, count } of ranges)
          if (count > 0)
            places.push(
              `${functionName}:${startOffset}:${endOffset}:${Math.min(8, Math.floor(Math.log2(count)))}`,
            )
  return places
}

const { files, tars } = readCorpus()
let failures = 0
console.log(`seed ${seed}, ${seconds} s for each reader, Node ${process.version}`)
for (const [name, { corpus, run, foreseen }] of Object.entries(READERS)) {
  const pool = corpus(files, tars).filter(({ bytes }) => bytes.length > 0 && bytes.length <= LARGEST_INPUT)
  const known = new Set()
  const began = Date.now()
  let [runs, refused, slowest] = [0, 0, 0]
  const kept = pool.length
  while (Date.now() - began < seconds * 1000) {
    const input = runs < kept ? pool[runs].bytes : change(pool[random(pool.length)].bytes, pool)
    const startedAt = performance.now()
    try {
      run(input)
    } catch (error) {
      refused++
      if (!isForeseen(error, ...foreseen)) report(name, input, error.stack)
    }
    const took = performance.now() - startedAt
    slowest = Math.max(slowest, took)
    if (took > PATIENCE_MS) report(name, input, `it took ${Math.round(took)} ms`)
    runs++
    const before = known.size
    for (const place of reached()) known.add(place)
    if (known.size > before) pool.push({ name: 'found', bytes: input })
  }
  console.log(
    `${name.padEnd(15)} ${String(runs).padStart(8)} runs, ${refused} refused, ${pool.length - kept} inputs kept beside ${kept}, ${known.size} places reached, slowest ${slowest.toFixed(0)} ms`,
  )
}
rmSync(directory, { recursive: true })
console.log(failures === 0 ? 'nothing unforeseen' : `${failures} unforeseen`)
process.exitCode = failures === 0 ? 0 : 1

function report(name, input, what) {
  failures++
  if (failures <= 5)
    console.log(
      `${name}: ${what}\n  input (base64, ${input.length} bytes): ${input.toString('base64').slice(0, 2000)}`,
    )
}
