import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateRoot } from './root/generate.mjs'

const GENERATOR = fileURLToPath(new URL('root', import.meta.url))

/** Where generated roots, compiled programs and lists are kept between runs. */
export class Workshop {
  directory = join(tmpdir(), `layerscope-bench-${process.getuid?.() ?? 0}`)

  constructor() {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 })
    const stats = lstatSync(this.directory)
    if (!stats.isDirectory() || (process.getuid !== undefined && stats.uid !== process.getuid()))
      throw new Error(`${this.directory} is not a directory of this user`)
  }

  path(name) {
    return join(this.directory, name)
  }

  /** The generated root of these parameters; made only where this very generator has not made it before. */
  root(parameters, onGenerate = () => {}, generate = generateRoot) {
    const home = this.path(`root-${hashOf(JSON.stringify(parameters))}`)
    const root = join(home, 'root')
    const mark = join(home, 'complete.json')
    const generator = hashOf(generatorSource())
    const made = existsSync(mark) ? JSON.parse(readFileSync(mark, 'utf8')) : null
    if (made?.generator === generator) return { root, holds: made.holds }
    onGenerate()
    removeTree(home)
    const holds = generate(root, parameters)
    writeFileSync(mark, JSON.stringify({ generator, holds }))
    return { root, holds }
  }

  clean() {
    removeTree(this.directory)
  }
}

/** A short name for some content. */
export const hashOf = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)

const generatorSource = () =>
  readdirSync(GENERATOR)
    .sort()
    .map((name) => readFileSync(join(GENERATOR, name), 'utf8'))
    .join('\0')

// Node's own recursive removal takes several times as long on a million files.
function removeTree(path) {
  if (process.platform === 'win32') rmSync(path, { recursive: true, force: true })
  else execFileSync('rm', ['-rf', '--', path])
}
