import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture, fixtureRoot } from '../support/fixtures.ts'
import { ensureBuilt, layerscope, PROGRAM } from './program.ts'

beforeAll(ensureBuilt)

interface Answer {
  readonly growth: { readonly disk: number; readonly content: number; readonly files: number } | null
  readonly changes: readonly {
    readonly kind: string
    readonly name: string
    readonly state: string
    readonly growth: { readonly disk: number | null; readonly content: number | null }
  }[]
}

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'layerscope-compare-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Two reports of one root, between which a volume grew, another came and a container went. */
function reports(): { before: string; after: string } {
  const directory = scratch()
  const { root, dispose } = copyOfFixture('overlay2-buildkit')
  onTestFinished(dispose)
  const report = (name: string): string => {
    const file = join(directory, name)
    writeFileSync(file, layerscope(['report', '--root', root]).out)
    return file
  }
  const before = report('before')
  writeFileSync(join(root, 'volumes/data/_data/grown'), 'x'.repeat(100_000))
  mkdirSync(join(root, 'volumes/fresh/_data'), { recursive: true })
  const all = JSON.parse(layerscope(['containers', '--json', '--root', root]).out) as {
    id: string
    name: string
  }[]
  rmSync(join(root, 'containers', all.find(({ name }) => name === 'chatty')?.id ?? 'none'), {
    recursive: true,
  })
  return { before, after: report('after') }
}

describe('compare', () => {
  it('tells what grew, appeared and went, and its categories sum to the difference of the ledgers', () => {
    const { before, after } = reports()
    const run = layerscope(['compare', before, after, '--json'])
    expect(run.code).toBe(0)
    const { growth, changes } = JSON.parse(run.out) as Answer
    const stateOf = (kind: string, name: string) =>
      changes.find((change) => change.kind === kind && change.name === name)?.state
    expect(stateOf('volume', 'data')).toBe('grew')
    expect(stateOf('volume', 'fresh')).toBe('appeared')
    expect(stateOf('logs', 'chatty (logs)')).toBe('went')
    const categories = changes.filter(({ kind }) => kind === 'category')
    for (const size of ['disk', 'content'] as const)
      expect(categories.reduce((sum, change) => sum + (change.growth[size] ?? 0), 0)).toBe(growth?.[size])
    const grown = changes.map((change) => change.growth.disk ?? change.growth.content ?? 0)
    expect(grown).toEqual(grown.toSorted((a, b) => b - a))
    const back = JSON.parse(layerscope(['compare', after, before, '--json']).out) as Answer
    expect(back.growth?.disk).toBe(-(growth?.disk ?? 0))
    const table = layerscope(['compare', before, after, '--filter', 'kind=volume']).out
    expect(table).toMatch(/^\s*\+102\.4kB .* grew +volume +data$/m)
  })

  it('of a report with itself finds nothing that changed', () => {
    const { before } = reports()
    const { growth, changes } = JSON.parse(layerscope(['compare', before, before, '--json']).out) as Answer
    expect(growth).toEqual({ content: 0, disk: 0, files: 0 })
    expect(new Set(changes.map(({ state }) => state))).toEqual(new Set(['same']))
  })

  it('reads one of them from stdin', () => {
    const { before, after } = reports()
    const script = `cat '${after}' | '${process.execPath}' '${PROGRAM}' compare '${before}' - --format ndjson`
    expect(spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout).toContain('"name":"fresh"')
  })

  it('compares recorded sizes where nothing was measured', () => {
    const file = join(scratch(), 'recorded')
    writeFileSync(file, layerscope(['report', '--no-measure', '--root', fixtureRoot('vfs-layerdb')]).out)
    const run = layerscope(['compare', file, file])
    expect(run.code).toBe(0)
    expect(run.out).toContain('recorded sizes are compared')
  })

  it.each([
    ['damaged JSON', (report: Report) => JSON.stringify(report).slice(0, 500), /is damaged: it is no JSON/],
    ['an empty file', () => '', /is empty/],
    [
      'another schema',
      (report: Report) => JSON.stringify({ ...report, schemaVersion: '2.0' }),
      /schema 2\.0; schema 1 is understood/,
    ],
    ['other JSON', () => '{"a":1}', /is JSON, but no report of layerscope/],
    ['a list', () => '[]', /is JSON, but no report of layerscope/],
  ] as const)('refuses %s with a sentence', (_what, write, sentence) => {
    const file = join(scratch(), 'report')
    const report = JSON.parse(layerscope(['report', '--root', fixtureRoot('vfs-layerdb')]).out) as Report
    writeFileSync(file, write(report))
    const run = layerscope(['compare', file, file])
    expect(run.code).toBe(1)
    expect(run.err).toMatch(sentence)
    expect(run.err).not.toContain('at ')
  })

  it('refuses a file that is not there', () => {
    const run = layerscope(['compare', '/nonexistent', '-'])
    expect(run.code).toBe(1)
    expect(run.err).toMatch(/cannot be read/)
  })
})
