import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture } from '../support/fixtures.ts'
import { ensureBuilt, PROGRAM, type Run } from './program.ts'

beforeAll(ensureBuilt)

/** A root that is called `root<ff>`, with directories <ff> and <fe> in the places that are looked through. */
function oddRoot(): string {
  const { root, dispose } = copyOfFixture('overlay2-buildkit')
  onTestFinished(dispose)
  for (const byte of [0xff, 0xfe])
    for (const place of ['overlay2', 'containers', 'volumes']) {
      const directory = Buffer.concat([Buffer.from(join(root, place, '/')), Buffer.from([byte])])
      mkdirSync(directory)
      writeFileSync(Buffer.concat([directory, Buffer.from('/file')]), 'x'.repeat(5000))
    }
  const home = dirname(root)
  renameSync(root, Buffer.concat([Buffer.from(`${home}/root`), Buffer.from([0xff])]))
  return home
}

/** Runs the program by way of a shell: Node can give a program no argument that is not UTF-8. `$R` is the root. */
function run(home: string, words: string): Run {
  const script = `R=$0/root$'\\xff'; exec "$1" "$2" --root "$R" ${words}`
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--norc', '-c', script, home, process.execPath, PROGRAM],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    },
  )
  return { code: status, out: stdout, err: stderr }
}

describe('names that are not UTF-8', () => {
  const home = { value: '' }
  const root = (): string => {
    home.value = oddRoot()
    return home.value
  }

  it('stand for themselves among the orphans, each with its own size', () => {
    const report = JSON.parse(run(root(), 'report').out) as Report
    const found = report.orphans.filter(({ path }) => /[\udcfe\udcff]$/.test(path))
    expect(found.map(({ path }) => path).sort()).toEqual([
      'containers/\udcfe',
      'containers/\udcff',
      'overlay2/\udcfe',
      'overlay2/\udcff',
      'volumes/\udcfe',
      'volumes/\udcff',
    ])
    for (const { size } of found) expect(size).toMatchObject({ content: 5000, files: 2 })
    expect(found.flatMap(({ command }) => command ?? [])).toEqual([
      "docker volume rm $'\\xfe'",
      "docker volume rm $'\\xff'",
    ])
    expect(report.ledger.unexplained.disk).toBe(0)
  })

  it('can be asked for, below the root and relative to it', () => {
    const at = root()
    for (const query of ['"$R"/overlay2/$\'\\xff\'', "overlay2/$'\\xff'"]) {
      const { out } = run(at, `why ${query}`)
      expect(out).toContain('/root\\xff/overlay2/\\xff\n')
      expect(out).toContain('[orphan]')
      expect(out).toContain('5kB of content, 2 inodes')
    }
    expect(run(at, "why overlay2/$'\\xfd'").out).toContain('\\xfd (does not exist)')
  })
})
