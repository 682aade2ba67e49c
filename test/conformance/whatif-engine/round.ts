import { createCatalog } from '../../../src/analysis/catalog.ts'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { type Outcome, Simulator } from '../../../src/analysis/whatif/simulator.ts'
import { engineSize } from '../../../src/report/units.ts'
import { scan } from '../../../src/scan/scan.ts'
import type { Answer, DockerEngine } from '../../engines/docker-engine.ts'
import { pause } from '../../engines/enclosure.ts'
import { type Observed, observe } from './observe.ts'

/** What the disk may give back more or less than predicted: 1 % or 64 KiB, whichever is more. */
const allowance = (bytes: number): number => Math.max(65_536, bytes / 100)

export interface RoundResult {
  readonly command: string
  readonly differences: readonly string[]
  /** What the disk gave back less what was predicted, without the engine's databases. */
  readonly diskDifference: number
  /** What the engine's databases took meanwhile. */
  readonly databaseGrowth: number
  readonly removedRecords: number
  readonly removed: number
  readonly refused: number
}

/** Predicts one command from the root, lets docker do it, and compares. At rest the engine is stopped while the root is read. */
export async function playRound(
  engine: DockerEngine,
  words: readonly string[],
  { atRest }: { atRest: boolean },
): Promise<RoundResult> {
  if (atRest) await engine.stop()
  const simulator = readRoot(engine.root)
  const outcome = simulator.simulate([parseDockerCommand(words, simulator.rules)])
  const differences: string[] = []
  if (atRest) {
    await engine.start()
    await allStarted(engine, simulator.states.running.length)
  }
  const before = await observe(engine)
  compareRunning(differences, simulator, before)
  const usage = await settledUsage(engine)
  const answer = engine.docker(words)
  const after = await observe(engine)
  const left = await settledUsage(engine)
  compareSets(differences, outcome, before, after)
  compareWords(differences, outcome, answer)
  const gained = usage.total - usage.databases - (left.total - left.databases)
  const predicted = outcome.freed.disk ?? 0
  const diskDifference = gained - predicted
  if (Math.abs(diskDifference) > allowance(gained))
    differences.push(`the disk got ${gained} bytes back, predicted were ${predicted}`)
  return {
    command: words.join(' '),
    differences,
    diskDifference,
    databaseGrowth: left.databases - usage.databases,
    removedRecords: outcome.removed.cacheRecords.length,
    removed: Object.values(outcome.removed).reduce((sum, list: readonly unknown[]) => sum + list.length, 0),
    refused: outcome.refusals.length,
  }
}

function readRoot(root: string): Simulator {
  const { model, surveys } = scan([root], { measure: true })
  const simulator = Simulator.create(createCatalog(model, surveys), root, { nowMs: Date.now() })
  if (simulator === null) throw new Error('the root has no store that docker uses')
  return simulator
}

/** An engine that starts needs a moment to start its containers. */
async function allStarted(engine: DockerEngine, expected: number): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const { containers } = await observe(engine)
    if ([...containers.values()].filter(({ state }) => state === 'running').length >= expected) return
    await pause(100)
  }
}

/** Waits until nothing changes: the engine removes some of its files after it has answered. */
async function settledUsage(engine: DockerEngine): Promise<{ total: number; databases: number }> {
  let last = engine.usage()
  for (let attempt = 0; attempt < 20; attempt++) {
    await pause(150)
    const next = engine.usage()
    if (next.total === last.total) return next
    last = next
  }
  return last
}

function compareRunning(differences: string[], simulator: Simulator, { containers }: Observed): void {
  const isRunning = (state: string): boolean => ['running', 'paused', 'restarting'].includes(state)
  const theirs = [...containers].filter(([, { state }]) => isRunning(state)).map(([id]) => id)
  compareIds(
    differences,
    'running containers',
    simulator.states.running.map(({ id }) => id),
    theirs,
  )
}

function compareSets(differences: string[], { removed }: Outcome, before: Observed, after: Observed): void {
  const gone = (was: Iterable<string>, has: { has(id: string): boolean }): string[] =>
    [...was].filter((id) => !has.has(id))
  compareIds(differences, 'images', removed.images, gone(before.images, after.images))
  compareIds(
    differences,
    'names',
    removed.references.map(({ reference }) => reference),
    gone(before.references, after.references),
  )
  compareIds(differences, 'containers', removed.containers, gone(before.containers.keys(), after.containers))
  compareIds(differences, 'volumes', removed.volumes, gone(before.volumes, after.volumes))
  compareIds(differences, 'networks', removed.networks, gone(before.networks, after.networks))
  compareIds(
    differences,
    'cache records',
    removed.cacheRecords,
    gone(before.cacheRecords, after.cacheRecords),
  )
}

function compareIds(
  differences: string[],
  what: string,
  ours: readonly string[],
  theirs: readonly string[],
): void {
  const tooMany = ours.filter((id) => !theirs.includes(id))
  const missing = theirs.filter((id) => !ours.includes(id))
  if (tooMany.length > 0) differences.push(`${what} predicted, but they stayed: ${tooMany.join(' ')}`)
  if (missing.length > 0) differences.push(`${what} went that were not predicted: ${missing.join(' ')}`)
}

function compareWords(differences: string[], { reclaimed, refusals }: Outcome, answer: Answer): void {
  const said = /Total reclaimed space: (\S+)/.exec(answer.stdout)?.[1] ?? null
  const predicted = reclaimed === null ? null : engineSize(reclaimed)
  if (said !== predicted) differences.push(`docker said ${said}, predicted was ${predicted}`)
  const ours = refusals.flatMap(({ message }) => message.split('\n')).map(comparable)
  const theirs = answer.stderr.split('\n').filter(Boolean).map(comparable)
  if (ours.join('\n') !== theirs.join('\n'))
    differences.push(`docker refused ${JSON.stringify(theirs)}, predicted was ${JSON.stringify(ours)}`)
}

/** Which of several users the engine names is left to chance. */
const comparable = (line: string): string =>
  line
    .replace(/container [0-9a-f]{12}/g, 'container X')
    .replace(/volume is in use - \[.*\]/, 'volume is in use - [X]')
    .trim()
