import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { findProgram, layerscope } from './processes.mjs'
import { hashOf } from './workshop.mjs'

const BUNDLE = new URL('../dist/program.js', import.meta.url)

/**
 * Writes the list of the files below a root that `report --no-measure` opens, each once and in its order: as strace saw
 * them, else as the layout has them. A list that this very program made before is taken as it is.
 */
export async function openedFiles(workshop, root) {
  const strace = findProgram('strace')
  const name = hashOf(root, readFileSync(BUNDLE, 'utf8'), String(strace))
  const list = workshop.path(`opened-${name}.list`)
  if (!existsSync(list)) {
    const paths = (strace === null ? null : await tracedFiles(workshop, strace, root)) ?? knownFiles(root)
    writeFileSync(list, `${[...new Set(paths)].join('\n')}\n`)
  }
  return { list, count: readFileSync(list, 'utf8').trimEnd().split('\n').length }
}

/** Null where strace may not trace here. */
async function tracedFiles(workshop, strace, root) {
  const log = workshop.path('opened.strace')
  const { status } = spawnSync(
    strace,
    [
      '-f',
      '--seccomp-bpf',
      '-e',
      'trace=open,openat',
      '-o',
      log,
      ...layerscope('report', '--no-measure', '--root', root),
    ],
    { stdio: 'ignore' },
  )
  if ((status !== 0 && status !== 2) || !existsSync(log)) return null
  const paths = []
  // Where two threads call at once, a call is told in two lines, each with the number of its thread.
  const begun = new Map()
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const [thread] = line.split(' ', 1)
    const call = /open(?:at)?\((?:AT_FDCWD, )?"([^"]+)", ([A-Z_|]+)/.exec(line)
    if (call !== null) begun.set(thread, call)
    const [, path, flags] = call ?? begun.get(thread) ?? []
    const isOpened = /\) += \d+$/.test(line) && (call !== null || line.includes(' resumed>'))
    if (isOpened && path?.startsWith(`${root}/`) && !flags.includes('O_DIRECTORY')) paths.push(path)
  }
  rmSync(log)
  return paths.length === 0 ? null : paths
}

/** The files of a generated root that a reader of its records cannot do without. */
const knownFiles = (root) =>
  existsSync(`${root}/io.containerd.metadata.v1.bolt`) ? containerdFiles(root) : dockerFiles(root)

/** The databases, and the blobs that are JSON. */
function containerdFiles(root) {
  const blobs = `${root}/io.containerd.content.v1.content/blobs/sha256`
  return [
    `${root}/io.containerd.metadata.v1.bolt/meta.db`,
    `${root}/io.containerd.snapshotter.v1.overlayfs/metadata.db`,
    ...readdirSync(blobs)
      .sort()
      .map((name) => `${blobs}/${name}`)
      .filter((path) => readFileSync(path)[0] === BRACE),
  ]
}

const BRACE = 0x7b

function dockerFiles(root) {
  const store = `${root}/image/overlay2`
  const below = (directory, ...files) =>
    readdirSync(directory)
      .sort()
      .flatMap((name) => files.map((file) => `${directory}/${name}${file}`))
  return [
    ...below(`${store}/layerdb/sha256`, '/diff', '/parent', '/size', '/cache-id'),
    ...below(`${store}/layerdb/mounts`, '/parent', '/mount-id', '/init-id'),
    ...below(`${store}/imagedb/content/sha256`, ''),
    ...below(`${store}/imagedb/metadata/sha256`, '/lastUpdated'),
    `${store}/repositories.json`,
    ...below(`${root}/containers`, '/config.v2.json', '/hostconfig.json'),
    ...below(`${root}/overlay2`, '/link', '/lower'),
    `${root}/volumes/metadata.db`,
  ].filter((path) => existsSync(path))
}
