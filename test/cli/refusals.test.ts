import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture, type FixtureName, fixtureRoot, isRoot } from '../support/fixtures.ts'
import { removeTree } from '../support/restore-fixtures.ts'
import { NOBODY, scratch } from '../tree/scratch.ts'
import { ensureBuilt, layerscope, publicProgram, type Run } from './program.ts'

beforeAll(ensureBuilt)

function copy(name: FixtureName): string {
  const { root, dispose } = copyOfFixture(name)
  chmodSync(dirname(root), 0o755)
  onTestFinished(dispose)
  return root
}

/** A refused request: nothing on stdout, a sentence on stderr, perhaps a hint below it, and no stack. */
function expectRefusal({ code, out, err }: Run, says: RegExp): void {
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(says)
  expect(err).not.toMatch(/^\s+at |node:internal|Error:/m)
  expect(err.trim().split('\n').length).toBeLessThanOrEqual(2)
}

describe('a request that cannot be served', () => {
  const root = fixtureRoot('vfs-layerdb')

  it.each([
    ['an unknown command', ['imagse'], /"imagse" is neither a command nor a directory/],
    ['an unknown option', ['df', '--colour'], /unknown option '--colour'/],
    ['an unknown format', ['df', '--format', 'yaml'], /'yaml' is invalid.*table, json, ndjson, csv/],
    [
      'a simulation as csv',
      ['whatif', '--format', 'csv', '--root', root, 'docker', 'image', 'prune'],
      /has no csv; it has table, json, ndjson/,
    ],
    ['a plan as csv', ['free', '1MB', '--format', 'csv', '--root', root], /has no csv/],
    ['a command without its object', ['history', '--root', root], /missing required argument 'image'/],
    ['too many objects', ['images', 'a', '--root', root], /too many arguments for 'images'[\s\S]*--root DIR/],
    [
      'an image that is not there',
      ['history', 'nosuch:1', '--root', root],
      /There is no image "nosuch:1" here/,
    ],
    [
      'an object that is not there',
      ['inspect', 'nosuch', '--root', root],
      /There is no object "nosuch" here/,
    ],
    [
      'a removal on podman',
      ['whatif', '--root', fixtureRoot('podman-overlay'), 'docker', 'system', 'prune'],
      /is podman's: what podman and buildah remove is not simulated[\s\S]*images --sort freed/,
    ],
    [
      'a removal on plain containerd',
      ['free', '1G', '--root', fixtureRoot('containerd')],
      /is containerd's own: what ctr, nerdctl or a kubelet remove is not simulated/,
    ],
    ['an engine of the future', ['df', '--engine', '31', '--root', root], /"31" is no version of docker/],
    [
      'an engine that had another layout',
      ['df', '--engine', '1.9', '--root', root],
      /does not have the layout that docker 1\.9 reads/,
    ],
    [
      'an engine whose figures are not known',
      ['df', '--engine', '24', '--root', fixtureRoot('docker-containerd')],
      /How docker 24 sums up images in containerd is not known/,
    ],
    ['a path in no root', ['why', '/nonexistent/x', '--root', root], /is in none of the roots/],
  ] as const)('%s', (_what, args, says) => {
    expectRefusal(layerscope(args), says)
  })

  it('lists what an ambiguous name may mean', () => {
    const copied = copy('vfs-layerdb')
    mkdirSync(join(copied, 'volumes/created/_data'), { recursive: true })
    expectRefusal(
      layerscope(['inspect', 'created', '--root', copied]),
      /"created" may mean any of 2: container created \([0-9a-f]{64}\); volume created\./,
    )
  })

  it('a root that is missing, a file, empty, or something else', () => {
    const top = scratch()
    writeFileSync(join(top, 'file'), '')
    mkdirSync(join(top, 'empty'))
    mkdirSync(join(top, 'photos/2019'), { recursive: true })
    const sentences = {
      absent: /^layerscope: There is no directory .*absent\.\nName a data root with --root DIR\.$/m,
      file: /^layerscope: .*file is .*directory.*\.\nName a data root with --root DIR\.$/m,
      empty: /^layerscope: .*empty is empty: no engine has written here yet\.\n.*--root DIR\.$/m,
      photos: /^layerscope: .*photos does not look like the data root of an engine\.\n.*--root DIR\.$/m,
    }
    for (const [name, says] of Object.entries(sentences))
      for (const command of [['df'], ['report', '--json'], ['images', '--no-measure'], []])
        expectRefusal(layerscope([...command, '--root', join(top, name)]), says)
  })
})

describe.runIf(existsSync('/dev/full'))('an output that cannot be written', () => {
  const root = fixtureRoot('vfs-layerdb')

  it.each([
    ['a command', ['df', '--root', root]],
    ['the report', ['report', '--root', root]],
    ['the help', ['df', '--help']],
    ['the version', ['--version']],
    ['the UI as text', ['--plain', '--root', root]],
  ] as const)('of %s is said in a sentence', (_what, args) => {
    const full = openSync('/dev/full', 'w')
    onTestFinished(() => closeSync(full))
    const { code, err } = layerscope(args, { stdout: full })
    expect(err).toBe('layerscope: The output could not be written: no space left on device (ENOSPC).\n')
    expect(code).toBe(1)
  })
})

describe('a root of which something cannot be read', () => {
  it('is answered with what there is; the reason and exit code 2 tell the rest', () => {
    const root = copy('overlay2-buildkit')
    truncateSync(join(root, 'image/overlay2/repositories.json'), 50)
    for (const command of [['df'], ['images'], ['report'], ['tree'], ['images', '--json']]) {
      const { code, out, err } = layerscope([...command, '--root', root])
      expect(code).toBe(2)
      expect(out.length).toBeGreaterThan(100)
      expect(err).toMatch(/^layerscope: not everything could be read, so this answer is incomplete:\n/)
      expect(err).toMatch(/error repositories-damaged: .*cut off/)
      expect(err).not.toMatch(/^\s+at /m)
    }
    const report = JSON.parse(layerscope(['report', '--root', root]).out) as Report
    expect(report.complete).toBe(false)
    expect(report.layers.length).toBeGreaterThan(10)
  })

  it('is damage that verify reports with exit code 3', () => {
    const root = copy('overlay2-buildkit')
    const directory = readdirSync(join(root, 'overlay2')).find((name) => name.length === 64) ?? ''
    renameSync(join(root, 'overlay2', directory, 'diff'), join(root, 'overlay2', directory, 'moved'))
    const config = readdirSync(join(root, 'image/overlay2/imagedb/content/sha256'))[0] ?? ''
    writeFileSync(join(root, 'image/overlay2/imagedb/content/sha256', config), '{}')
    const { code, out } = layerscope(['verify', '--root', root])
    expect(code).toBe(3)
    expect(out).toMatch(/image-config-damaged/)
    expect(out).toMatch(/^Damaged: \d+ findings?\.$/m)
  })
})

describe('an ordinary user', () => {
  const run = (args: readonly string[]): Run =>
    isRoot ? layerscope([...args], { user: NOBODY, program: shared() }) : layerscope([...args])
  const as = (root: string, ...args: string[]): Run => run([...args, '--root', root])

  let program = ''
  /** Made once: the project itself may lie where only its owner can look. */
  const shared = (): string => {
    if (program === '') program = publicProgram()
    return program
  }
  afterAll(() => {
    if (program !== '') removeTree(dirname(dirname(program)))
  })

  it('without rights on the root is told to use sudo', () => {
    const root = copy('vfs-layerdb')
    chmodSync(root, 0o000)
    for (const command of [['df'], ['report'], ['images', '--json']])
      expectRefusal(as(root, ...command), /^layerscope: .* cannot be read: permission denied\.\n.*sudo/)
  })

  it('without rights on the way to the root is told the same', () => {
    const root = copy('vfs-layerdb')
    chmodSync(dirname(root), 0o000)
    expectRefusal(as(root, 'df'), /permission denied\.\n.*sudo/)
  })

  it('with rights on half of it gets a report of that half, and exit code 2', () => {
    const root = copy('overlay2-buildkit')
    if (isRoot) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, root])
    const whole = JSON.parse(as(root, 'report').out) as Report
    chmodSync(join(root, 'containers'), 0o000)
    chmodSync(join(root, 'volumes'), 0o000)
    const { code, out, err } = as(root, 'report')
    expect(code).toBe(2)
    expect(err).toMatch(/unreadable: .*containers.*sudo/)
    const half = JSON.parse(out) as Report
    expect(half.complete).toBe(false)
    expect(half.images.map(({ id, size }) => [id, size.engine])).toEqual(
      whole.images.map(({ id, size }) => [id, size.engine]),
    )
    expect([half.containers, half.volumes]).toEqual([[], []])
    expect(whole.containers.length).toBeGreaterThan(0)
    const paths = half.findings.filter((finding) => finding.code === 'unreadable').map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['containers', 'volumes']))
    // What a container could own is not called an orphan while the containers cannot be read.
    expect(half.orphans.filter((orphan) => orphan.kind === 'orphan')).toEqual([])
    // What the engine sees of it, and we do not, is unknown and not 0.
    const unknown = { total: null, active: null, size: null, reclaimable: null }
    const { total, size } = whole.engineView?.images ?? {}
    expect(half.engineView).toMatchObject({
      images: { total, size, active: null, reclaimable: null },
      containers: unknown,
      volumes: unknown,
      buildCache: whole.engineView?.buildCache,
    })
    expect(as(root, 'df').out).toMatch(/^Containers +- +- +- +-$/m)
  })

  it('with no right to some files calls nothing damaged, and says what may be in use', () => {
    const root = copy('overlay2-buildkit')
    if (isRoot) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, root])
    const [id = ''] = readdirSync(join(root, 'containers'))
    chmodSync(join(root, 'containers', id, 'config.v2.json'), 0o000)
    chmodSync(join(root, 'image/overlay2/repositories.json'), 0o000)
    chmodSync(join(root, 'buildkit/metadata_v2.db'), 0o000)
    const verified = as(root, 'verify', '--json')
    expect(verified.code).toBe(2)
    expect(JSON.parse(verified.out)).toMatchObject({ intact: true })
    expect(as(root, 'verify').out).toMatch(
      /Nothing of what could be read is damaged; \d+ places could not be read/,
    )
    const report = JSON.parse(as(root, 'report').out) as Report
    for (const { message, hint } of report.findings.filter(({ code }) => code === 'unreadable')) {
      expect(message).not.toMatch(/refuses to start|does not list it/)
      expect(hint).toMatch(/sudo/)
    }
    expect(report.engineView).toMatchObject({ images: { total: null }, buildCache: { total: null } })
    expect(
      report.volumes.map(({ containers, inUse }) => inUse === (containers.length > 0 ? true : null)),
    ).toEqual(report.volumes.map(() => true))
    const prune = run(['whatif', '--root', root, 'docker', 'volume', 'prune'])
    expect(prune.out).toMatch(/^WARNING unreadable: The config of container [0-9a-f]{64} cannot be read/)
    expect(as(root, 'volumes', '--filter', 'unused', '--json').out.trim()).toBe('[]')
  })
})

describe('names from a hostile disk', () => {
  const evil = '\u001b[2J\u009b31m\u202eevil\u200b'

  /** A root in which a volume, a directory, a temporary file and everything of one container is named so. */
  function hostileRoot(): { root: string; id: string } {
    const root = copy('overlay2-buildkit')
    mkdirSync(join(root, 'volumes', evil, '_data'), { recursive: true })
    mkdirSync(join(root, 'overlay2', evil))
    writeFileSync(join(root, 'tmp', `GetImageBlob${evil}`), 'x')
    const [id = ''] = readdirSync(join(root, 'containers'))
    const file = join(root, 'containers', id, 'config.v2.json')
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    const labels = { [evil]: '', [`${evil}2`]: evil }
    writeFileSync(
      file,
      JSON.stringify({ ...config, Name: `/${evil}`, Path: evil, Config: { Image: evil, Labels: labels } }),
    )
    return { root, id }
  }

  /** The commands whose output holds a character that a terminal would obey, with that character. */
  function offenders(format: string): string[] {
    const { root, id } = hostileRoot()
    const commands = [
      ...[['df'], ['df', '-v'], ['images'], ['layers'], ['containers'], ['volumes'], ['cache'], ['orphans']],
      ...[['tree'], ['inspect', id], ['inspect', evil], ['why', id], ['why', `overlay2/${evil}`], ['verify']],
      ...[['report'], ['history', evil], ['free', '1TB', '--volumes']],
    ]
    return commands.flatMap((command) => {
      const { out, err } = layerscope([...command, '--root', root, '--format', format, '--no-trunc'])
      const raw = /[^\P{Cc}\n]|[\p{Bidi_Control}\u200b]/u.exec(out + err)
      return raw === null ? [] : [`${command[0]}: U+${raw[0].codePointAt(0)?.toString(16)}`]
    })
  }

  it('reach no terminal as they are', () => {
    expect(offenders('table')).toEqual([])
  })

  it.each(['json', 'ndjson'])('are escaped in %s beyond what JSON itself asks for', (format) => {
    expect(offenders(format)).toEqual([])
  })

  it('are in JSON what they are on disk', () => {
    const volumes = JSON.parse(layerscope(['volumes', '--json', '--root', hostileRoot().root]).out)
    expect((volumes as Report['volumes']).map(({ name }) => name)).toContain(evil)
  })
})
