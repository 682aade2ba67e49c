import { existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Report } from '../../src/report/schema.ts'
import { type Enclosure, pause } from './enclosure.ts'

const SCANS = Number(process.env['LAYERSCOPE_SCANS'] ?? 10)
export const SEED = Number(process.env['LAYERSCOPE_SEED'] ?? 1)

/** What keeps an engine busy: a script beside this file, told where, a seed, and what it needs to know of the engine. */
export interface Churn {
  readonly script: string
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

export interface Live {
  readonly codes: ReadonlyMap<number, number>
  /** In how many scans the root changed. */
  readonly changed: number
  /** Everything that a scan named and that was so when the engine rested a moment later, by how many scans. */
  readonly named: number
  /** What was named and was not so, with the number of the scan. */
  readonly inVain: readonly string[]
}

const CHURNS = 2

/**
 * Scans a root again and again while programs change it, until there were so many scans. Whenever one names what the
 * one before did not, the programs rest, and what it named must be so.
 */
export async function scanWhile(enclosure: Enclosure, root: string, churn: Churn): Promise<Live> {
  const seeds = Array.from({ length: CHURNS }, (_, index) => SEED + index)
  const running = seeds.map((seed) => start(enclosure, churn, seed))
  const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  const codes = new Map<number, number>()
  const inVain: string[] = []
  let [changed, named] = [0, 0]
  let known: ReadonlyMap<string, string | null> = new Map()
  for (let scan = 1; scan <= SCANS; scan++) {
    const { status, report } = reportWhile(enclosure, root)
    codes.set(status, (codes.get(status) ?? 0) + 1)
    if (report.findings.some(({ code }) => code === 'changed-during-scan')) changed++
    const said = saidOf(report)
    const fresh = [...said].filter(([line]) => !known.has(line))
    known = said
    if (fresh.length === 0) continue
    await rest(enclosure, seeds)
    known = saidOf(reportWhile(enclosure, root).report)
    for (const [line, expected] of fresh)
      if (known.has(line) || (expected !== null && !isThere(join(root, expected)))) named++
      else inVain.push(`${line} (scan ${scan})`)
    rmSync(join(enclosure.home, 'pause'))
  }
  const gone = running.filter(({ exitCode }) => exitCode !== null).length
  if (gone > 0) throw new Error(`${gone} of the programs that were to change the root ended early`)
  writeFileSync(join(enclosure.home, 'stop'), '')
  await Promise.all(ended)
  return { codes, changed, named, inVain }
}

export const describeLive = (what: string, { codes, changed, named, inVain }: Live): string =>
  `${what}: ${SCANS} scans, exit codes ${[...codes].map(([code, times]) => `${code} (${times} times)`).join(', ')}; ` +
  `the root changed under ${changed}; ${named} findings or orphans were named, ${inVain.length} in vain`

function start(enclosure: Enclosure, { script, words, environment }: Churn, seed: number) {
  const path = fileURLToPath(new URL(`churn/${script}`, import.meta.url))
  const settings = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
  return enclosure.start(['env', ...settings, path, enclosure.home, String(seed), ...words], `churn-${seed}`)
}

function reportWhile(enclosure: Enclosure, root: string): { status: number; report: Report } {
  const { status, stdout, stderr } = enclosure.layerscope(['report', '--root', root])
  if (status !== 0 && status !== 2) throw new Error(`exit code ${status}: ${stderr.slice(0, 3000)}`)
  return { status, report: JSON.parse(stdout) as Report }
}

/**
 * Everything that a report says is wrong with a root, as a line that says the same whenever the same is said; with the
 * path of what an engine is said to remove by itself, for then it may be gone.
 */
const saidOf = (report: Report): Map<string, string | null> =>
  new Map([
    ...report.findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ code, path, subject }) => [`${code} ${path} ${subject?.id}`, null] as const),
    ...report.orphans.map(
      ({ kind, path, reason }) =>
        [`${kind} ${path}: ${reason}`, reason.includes('at its next collection') ? path : null] as const,
    ),
  ])

async function rest({ home }: Enclosure, seeds: readonly number[]): Promise<void> {
  writeFileSync(join(home, 'pause'), '')
  while (!seeds.every((seed) => existsSync(join(home, `resting-churn${seed}`)))) await pause(50)
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined
