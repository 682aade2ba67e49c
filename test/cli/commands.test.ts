import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture, fixtureRoot } from '../support/fixtures.ts'
import { ensureBuilt, fingerprint, layerscope, PROGRAM, type Run } from './program.ts'

const MODERN = fixtureRoot('overlay2-buildkit')
const LEGACY = fixtureRoot('legacy-aufs')

beforeAll(ensureBuilt)

const on = (root: string, ...args: readonly string[]): Run => layerscope([...args, '--root', root])

const json = (text: string): unknown => JSON.parse(text)

const reportOn = (root: string): Report => json(on(root, 'report').out) as Report

/** The commands whose answer is a list of the report, each with that list. */
const LISTS: Readonly<Record<string, (report: Report) => readonly unknown[]>> = {
  images: (report) => report.images.filter((image) => !image.intermediate && image.loaded),
  'images --all': (report) => report.images,
  layers: (report) => report.layers,
  containers: (report) => report.containers,
  volumes: (report) => report.volumes,
  cache: (report) => report.cacheRecords,
  orphans: (report) => report.orphans,
}

const OTHERS = (image: string): readonly string[] => [
  'df',
  'df --verbose',
  'tree',
  `tree ${image}`,
  `history ${image}`,
  `inspect ${image}`,
  `why ${image}`,
  `explain ${image}`,
  'why containers',
  'verify',
  'report',
]

const words = (command: string): string[] => command.split(' ')

/** Two lists with the same items, in whatever order. */
const sorted = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).sort()

describe.each([
  ['overlay2-buildkit', MODERN, 'shop:2'],
  ['legacy-aufs', LEGACY, 'tiny:latest'],
])('on %s', (_name, root, image) => {
  it.each(OTHERS(image))('%s answers a person and a script', (command) => {
    const text = on(root, ...words(command))
    expect([text.code, text.err]).toEqual([0, ''])
    expect(text.out.trim()).not.toBe('')
    const answer = on(root, ...words(command), '--json')
    expect([answer.code, answer.err]).toEqual([0, ''])
    expect(() => json(answer.out)).not.toThrow()
  })

  it.each(Object.entries(LISTS))('%s gives the list of the report, in every format', (command, listOf) => {
    const expected = sorted(listOf(reportOn(root)))
    const answers = (['table', 'json', 'ndjson', 'csv'] as const).map((format) =>
      on(root, ...words(command), '--format', format),
    )
    expect(answers.map(({ code, err }) => [code, err])).toEqual(answers.map(() => [0, '']))
    const [table, asJson, asNdjson, asCsv] = answers
    expect(sorted(json(asJson?.out ?? '') as unknown[])).toEqual(expected)
    const lines = (asNdjson?.out ?? '').split('\n').filter((line) => line !== '')
    expect(sorted(lines.map(json))).toEqual(expected)
    expect(asCsv?.out.split('\n')[0]).toMatch(/^[a-z]+(,[a-z-]+)+$/)
    expect(table?.out.trim()).not.toBe('')
  })
})

describe('formats', () => {
  it.each([
    'tree',
    'tree shop:2',
    'report',
    'df',
    'inspect shop:2',
    'history shop:2',
    'verify',
    'why overlay2',
  ])('%s as ndjson has one value on every line', (command) => {
    const { code, out } = on(MODERN, ...words(command), '--format', 'ndjson')
    expect(code).toBe(0)
    for (const line of out.trim().split('\n')) expect(() => json(line)).not.toThrow()
  })

  it.each([
    ...['tree', 'report', 'inspect shop:2', 'verify', 'why overlay2', 'df', 'layers', 'files shop:2'],
    ...['explain shop:2', 'free 1MB', 'history shop:2'],
  ])('%s as csv is csv, or refused with the formats that there are', (command) => {
    const { code, out, err } = on(MODERN, ...words(command), '--format', 'csv')
    if (code === 0) expect(out.split('\n')[0]).toMatch(/^[a-z]+(,[a-z-]+)+$/)
    else {
      expect([code, out]).toEqual([1, ''])
      expect(err).toMatch(/csv.*json/s)
    }
  })

  it('--bytes and --binary say the same in other units', () => {
    const size = (...options: string[]): string | undefined =>
      on(MODERN, 'volumes', '--filter', 'name=data', ...options).out.split('\n')[1]
    const [volume] = json(on(MODERN, 'volumes', '--filter', 'name=data', '--json').out) as Report['volumes']
    expect(size('--bytes')).toContain(` ${volume?.size.disk} `)
    expect(size('--binary')).toMatch(/ \d+(\.\d+)? (Ki)?B /)
    expect(size()).toMatch(/\dk?B /)
  })

  it('--no-trunc prints ids in full', () => {
    const report = reportOn(MODERN)
    const { out } = on(MODERN, 'images', '--no-trunc')
    for (const image of report.images.filter((each) => each.tags.length > 0)) expect(out).toContain(image.id)
    expect(on(MODERN, 'images').out).not.toMatch(/[0-9a-f]{64}/)
  })

  it.each(['layers', 'cache', 'tree', 'history shop:2', 'df --verbose', 'why shop:2'])(
    '--ascii, or a locale that is not UTF-8, keeps %s to ASCII marks',
    (command) => {
      const ascii = layerscope([...words(command), '--root', MODERN, '--ascii'])
      expect(ascii.out).not.toMatch(/[…→◀│├└─·•]/)
      const locale = layerscope([...words(command), '--root', MODERN], { environment: { LANG: 'C' } })
      expect(locale.out).not.toMatch(/[…→◀│├└─·•]/)
    },
  )

  it('colours nothing that goes to a pipe, with NO_COLOR or without', () => {
    for (const environment of [{}, { NO_COLOR: '1' }, { FORCE_COLOR: '1' }])
      for (const command of ['df', 'images', 'tree'])
        expect(layerscope([command, '--root', MODERN], { environment }).out).not.toContain('\u001b')
  })
})

describe('filters and sorting', () => {
  const images = (...options: string[]) =>
    json(on(MODERN, 'images', '--json', ...options).out) as Report['images']

  it('keep and order what was asked for', () => {
    expect(images('--filter', 'dangling=true').every((image) => image.dangling)).toBe(true)
    expect(images('--filter', 'dangling=true').length).toBeGreaterThan(0)
    expect(
      images('--filter', 'repository=shop', '--filter', 'tag=2').flatMap((image) => image.tags),
    ).toContain('shop:2')
    const sizes = images('--sort', 'size:asc').map((image) => image.size.engine ?? Number.NaN)
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
    expect(images('--filter', 'size>1TB')).toEqual([])
  })

  it('say what there is where a key does not exist', () => {
    for (const option of ['--filter=colour=red', '--sort=colour']) {
      const { code, out, err } = on(MODERN, 'images', option)
      expect([code, out]).toEqual([1, ''])
      expect(err).toMatch(/^layerscope: There is no (filter|sort) "colour" here; there are repository, tag/)
    }
  })
})

describe('the program', () => {
  it('prints the df summary where there is no terminal', () => {
    // The first lines say how full the file system is, which changes from one moment to the next.
    const summary = ({ out }: Run): string => out.slice(out.indexOf('What docker system df prints'))
    expect(summary(layerscope([MODERN]))).toBe(summary(on(MODERN, 'df')))
    expect(layerscope(['--root', MODERN]).out).toMatch(/RECLAIMABLE[\s\S]*CATEGORY/)
  })

  it('shows the bundled sample, and says that its disk figures are estimated', () => {
    const { code, out, err } = layerscope(['demo'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/sample:overlay2-buildkit/)
    expect(out).toMatch(/sample:legacy-aufs/)
    expect(out).toMatch(/estimated/)
  })

  it('tells its version', () => {
    const { version } = json(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(layerscope(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })

  it('names every command, the exit codes and that it only reads in its help', () => {
    const { code, out } = layerscope(['--help'])
    expect(code).toBe(0)
    for (const command of [
      ...['df', 'images', 'layers', 'containers', 'volumes', 'cache', 'tree', 'history', 'inspect', 'why'],
      'explain',
      ...['orphans', 'verify', 'whatif', 'free', 'report', 'demo', 'tour'],
    ]) {
      expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'))
      const help = layerscope([command, '--help'])
      expect(help.code).toBe(0)
      expect(help.out).toContain(`Usage: layerscope ${command}`)
    }
    expect(out).toMatch(/Exit codes: 0 .* 1 .* 2 /)
    expect(out).toMatch(/only reads/)
  })

  it('ends quietly where the reader of a pipe has enough', () => {
    const script = `"$0" "$1" report --root "$2" | head -n 1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, PROGRAM, MODERN], {
      encoding: 'utf8',
    })
    expect([stdout, stderr]).toEqual(['{\n0\n', ''])
  })

  it('reports the same bytes twice, but for the time and what the file system has free', () => {
    const [first, second] = [1, 2].map(() =>
      on(MODERN, 'report')
        .out.replace(/"generatedAt": "[^"]*"/, '')
        .replace(/"(free|available)(Bytes|Inodes)": ?\d+/g, ''),
    )
    expect(second).toBe(first)
  })

  it('reads several roots, and one that is named twice once', () => {
    const both = json(layerscope(['report', '--root', MODERN, '--root', LEGACY]).out) as Report
    expect(both.roots.map((root) => root.path)).toEqual([MODERN, LEGACY])
    const twice = json(layerscope(['report', '--root', MODERN, '--root', `${MODERN}/.`]).out) as Report
    const once = reportOn(MODERN)
    expect(twice.roots).toHaveLength(1)
    expect(twice.ledger.total).toEqual(once.ledger.total)
    expect(twice.images).toHaveLength(once.images.length)
  })

  it('writes the report to a file that is named, and says where it cannot', () => {
    const directory = mkdtempSync(join(tmpdir(), 'layerscope-output-'))
    try {
      const file = join(directory, 'report.json')
      expect(on(LEGACY, 'report', '--output', file)).toEqual({ code: 0, out: '', err: '' })
      expect((json(readFileSync(file, 'utf8')) as Report).images).toEqual(reportOn(LEGACY).images)
      const refused = on(LEGACY, 'report', '--output', join(directory, 'absent/report.json'))
      expect([refused.code, refused.out]).toEqual([1, ''])
      expect(refused.err).toMatch(/^layerscope: The report could not be written to .*absent\/report\.json/)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('does not write a report below a root either', () => {
    const { root, dispose } = copyOfFixture('vfs-layerdb')
    try {
      const { code, out, err } = on(root, 'report', '--output', join(root, 'tmp/report.json'))
      expect([code, out]).toEqual([1, ''])
      expect(err).toMatch(/^layerscope: .*tmp\/report\.json/)
      expect(existsSync(join(root, 'tmp/report.json'))).toBe(false)
    } finally {
      dispose()
    }
  })

  it('changes nothing below a root, whatever it is asked', () => {
    for (const root of [MODERN, LEGACY]) {
      const before = fingerprint(root)
      const image = root === MODERN ? 'shop:2' : 'tiny:latest'
      for (const command of [...Object.keys(LISTS), ...OTHERS(image), 'verify --deep', 'free 1GB'])
        on(root, ...words(command))
      layerscope(['whatif', '--root', root, 'docker', 'system', 'prune', '-a', '--volumes', '-f'])
      expect(fingerprint(root)).toBe(before)
    }
  })
})
