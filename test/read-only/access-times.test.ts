import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { ensureBuilt, layerscope } from '../cli/program.ts'
import { copyOfFixture } from '../support/fixtures.ts'

const LONG_AGO = '2001-01-01 00:00:00 UTC'

beforeAll(ensureBuilt)

/** The files below a directory that were read since then. */
const readSince = (directory: string): string[] =>
  execFileSync('find', [directory, '-type', 'f', '-newerat', '2002-01-01'], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => path !== '')

it('leaves the times of last access of all files that it reads', ({ skip }) => {
  const { root, dispose } = copyOfFixture('overlay2-buildkit')
  try {
    const control = join(root, '..', 'control')
    writeFileSync(control, 'content')
    const setBack = (...paths: string[]) => execFileSync('touch', ['-a', '-h', '-d', LONG_AGO, ...paths])
    // A file that was read longer ago than it was written gets a new time with `relatime`, too.
    setBack(control)
    readFileSync(control)
    if (statSync(control).atimeMs < Date.now() - 3_600_000) skip('no reader changes access times here')
    execFileSync('find', [root, '-type', 'f', '-exec', 'touch', '-a', '-d', LONG_AGO, '{}', '+'])
    expect(readSince(root)).toEqual([])
    layerscope(['report', '--root', root])
    const { out } = layerscope(['verify', '--deep', '--root', root])
    expect(out).toMatch(/[1-9]\d* files of [1-9]\d* layers/)
    expect(layerscope(['explain', 'bk/scratch', '--root', root]).code).toBe(0)
    expect(readSince(root)).toEqual([])
  } finally {
    dispose()
  }
})
