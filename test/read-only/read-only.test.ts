import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt, layerscope, PROGRAM } from '../cli/program.ts'
import { type FixtureName, fixtureRoot, isRoot } from '../support/fixtures.ts'
import { scratch } from '../tree/scratch.ts'
import { run } from '../tui/support/program.ts'
import { judgeTrace, type Place, traced, whyNoTrace } from './trace.ts'

const HERE = resolve(fileURLToPath(new URL('../../', import.meta.url)))
const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8' }

const missing = whyNoTrace()
if (missing !== null) console.log(`system calls are not watched: ${missing}`)

beforeAll(ensureBuilt)

/** Runs the program under strace. */
function trace(root: string, args: readonly string[], asked: Pick<Place, 'named' | 'output'> = {}) {
  const log = join(scratch(), 'strace')
  const [strace = '', ...options] = traced(log)
  const { status } = spawnSync(strace, [...options, process.execPath, PROGRAM, ...args], {
    env: ENVIRONMENT,
    cwd: '/',
    // Pipes of Node are sockets: what is written would look like what is sent.
    stdio: 'ignore',
  })
  return { status, ...judgeTrace(log, { root, program: HERE, ...asked }) }
}

const COMMANDS: readonly string[] = [
  ...[
    'df -v',
    'images -a',
    'layers',
    'containers',
    'volumes',
    'cache',
    'tree',
    'orphans',
    'verify',
    'verify --deep',
  ],
  ...[
    'report',
    'report --no-measure',
    'history app:1',
    'inspect app:1',
    'files app:1',
    'why app:1',
    'explain app:1',
    'why image',
  ],
  ...['whatif docker system prune -a --volumes -f', 'free 1MB --volumes', '--help'],
]

describe.skipIf(missing !== null)('every system call of', () => {
  it.each(COMMANDS)('%s', (command) => {
    const root = fixtureRoot('vfs-layerdb')
    const [name = '', ...words] = command.split(' ')
    const { status, wrong, calls, openedBelowRoot } = trace(root, [name, '--root', root, ...words])
    expect(wrong).toEqual([])
    expect([0, 2, 3]).toContain(status)
    expect(calls).toBeGreaterThan(200)
    if (command !== '--help') expect(openedBelowRoot).toBeGreaterThan(20)
  })

  const others: readonly FixtureName[] = [
    ...(['legacy-vfs', 'overlay-layerdb', 'podman-overlay', 'containerd', 'docker-containerd'] as const),
  ]
  it.each(others)('verify --deep on %s', (name) => {
    const root = fixtureRoot(name)
    const { wrong, openedBelowRoot } = trace(root, ['verify', '--deep', '--root', root])
    expect(wrong).toEqual([])
    expect(openedBelowRoot).toBeGreaterThan(20)
  })

  it('report -o, which opens that one file and no other to write it', () => {
    const root = fixtureRoot('vfs-layerdb')
    const output = join(scratch(), 'report.json')
    const { status, wrong, openedOutput } = trace(root, ['report', '--root', root, '-o', output], { output })
    expect(wrong).toEqual([])
    expect([status, openedOutput]).toEqual([0, 1])
    // The same calls are wrong where nobody asked for the file.
    expect(trace(root, ['report', '--root', root, '-o', output]).wrong).not.toEqual([])
  })

  it('compare, which reads the two reports', () => {
    const root = fixtureRoot('vfs-layerdb')
    const directory = scratch()
    const named = ['before.json', 'after.json'].map((name) => join(directory, name))
    for (const output of named) layerscope(['report', '--root', root, '-o', output])
    const { status, wrong, openedBelowRoot } = trace(root, ['compare', ...named], { named })
    expect(wrong).toEqual([])
    // No root is looked at.
    expect([status, openedBelowRoot]).toEqual([0, 0])
  })

  it.each(['demo', 'demo --plain', 'tour'])('%s, on the bundled sample', (command) => {
    const { status, wrong, calls } = trace('/nonexistent', command.split(' '))
    expect(wrong).toEqual([])
    expect(status).toBe(0)
    expect(calls).toBeGreaterThan(200)
  })

  it('the pages as text, --plain', () => {
    const root = fixtureRoot('vfs-layerdb')
    const { status, wrong, openedBelowRoot } = trace(root, ['--plain', '--root', root])
    expect(wrong).toEqual([])
    expect(status).toBe(0)
    expect(openedBelowRoot).toBeGreaterThan(20)
  })

  it('the terminal UI, on some of its pages', async () => {
    const root = fixtureRoot('vfs-layerdb')
    const log = join(scratch(), 'strace')
    const program = run(['--root', root], { under: traced(log) })
    await program.sees('What frees space')
    for (const keys of ['2', '\r', '\u001b', '5', 'f', '\u001b', '1']) program.press(keys)
    await program.sees('What frees space')
    program.press('2')
    await program.sees('IMAGE  ')
    program.press('x')
    await program.sees('agree with the disk')
    program.press('\r')
    await program.sees('File        ')
    program.press('5')
    await program.sees('VOLUME  ')
    program.press('b')
    await program.sees('_data/')
    program.press('\r')
    program.press('\u0003')
    await program.ended
    const { wrong, openedBelowRoot } = judgeTrace(log, { root, program: HERE })
    expect(wrong).toEqual([])
    expect(openedBelowRoot).toBeGreaterThan(20)
  })
})

/** Runs a script in a mount namespace of its own; null where this user may make none. */
function inOwnMounts(script: string, args: readonly string[]): { status: number | null; out: string } | null {
  const probe = spawnSync('unshare', ['-m', '--propagation', 'private', 'true'])
  if (!isRoot || probe.status !== 0) return null
  const result = spawnSync(
    'unshare',
    ['-m', '--propagation', 'private', 'sh', '-euc', script, 'sh', ...args],
    {
      encoding: 'utf8',
      env: ENVIRONMENT,
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  return { status: result.status, out: result.stdout }
}

/** A report without what differs between any two runs on a host where others work too. */
function lasting(report: string): unknown {
  const { generatedAt: _generatedAt, roots, ...rest } = JSON.parse(report)
  return {
    ...rest,
    roots: roots.map(({ filesystem: _filesystem, ...root }: { filesystem: unknown }) => root),
  }
}

const READ_ONLY_AND_FULL = `
root=$1 full=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
if touch "$root/x" 2>/dev/null; then exit 90; fi
mount -t tmpfs -o size=16k,nr_inodes=8 none "$full"
head -c 1M /dev/zero >"$full/fill" 2>/dev/null && exit 91
cd "$full"
TMPDIR=$full HOME=$full exec "$@"`

describe('a root that is mounted read-only, with every file system full', () => {
  const fixtures: readonly FixtureName[] = ['overlay2-buildkit', 'podman-overlay', 'containerd']
  for (const name of fixtures)
    it(`gives the same report of ${name}`, ({ skip }) => {
      const root = fixtureRoot(name)
      const command = [PROGRAM, 'report', '--root', root]
      const bad = inOwnMounts(READ_ONLY_AND_FULL, [root, scratch(), process.execPath, ...command])
      if (bad === null) return skip('this user may not mount')
      const good = spawnSync(process.execPath, command, {
        encoding: 'utf8',
        env: ENVIRONMENT,
        maxBuffer: 2 ** 26,
      })
      expect(bad.status).toBe(good.status)
      expect(lasting(bad.out)).toEqual(lasting(good.stdout))
    })
})
