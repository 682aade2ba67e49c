import { CommandLineError } from '../../analysis/whatif/flags.ts'
import { parseDockerCommand } from '../../analysis/whatif/parse-command.ts'
import { findContainer } from '../../analysis/whatif/remove-named.ts'
import { PRUNE_RULES, type PruneRules, ruleOfVersion } from '../../analysis/whatif/rules.ts'
import { type Outcome, Simulator, type SimulatorOptions } from '../../analysis/whatif/simulator.ts'
import { whyNotSimulated } from '../../analysis/whatif/why-not-simulated.ts'
import type { EngineRule } from '../../model/model.ts'
import { whatifJson } from '../../report/whatif-json.ts'
import { whatifLines } from '../../report/whatif-text.ts'
import { WITH_VALUE } from '../docker-words.ts'
import { UserError } from '../exit.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderJson, requireFormat } from '../render.ts'
import type { Session } from '../session.ts'

/** What the user says of the engine that docker would meet. */
export interface SimulationOptions {
  readonly engine?: string
  readonly asStarted?: boolean
  readonly asRecorded?: boolean
  readonly assumeRunning?: readonly string[]
}

/** Throws UserError for a command line that no version of docker takes, before anything is read. */
export function checkDockerCommand(words: readonly string[], { engine }: SimulationOptions): void {
  const rule = ruleAsked(engine)
  if (rule === null && Object.values(PRUNE_RULES).some((rules) => takes(rules, words))) return
  understood(words, () => parseDockerCommand(words, PRUNE_RULES[rule ?? '29']))
}

function takes(rules: PruneRules, words: readonly string[]): boolean {
  try {
    parseDockerCommand(words, rules)
    return true
  } catch (error) {
    if (error instanceof CommandLineError) return false
    throw error
  }
}

/** `whatif`: what a docker command would remove, what docker would say, and what the disk would get back. */
export function whatif(
  session: Session,
  options: CommonOptions,
  words: readonly string[],
  own: SimulationOptions,
): { text: string; didNothing: boolean } {
  requireFormat(options, ['table', 'json', 'ndjson'])
  const simulator = openSimulator(session, own)
  const outcome = understood(words, () => simulator.simulate([parseDockerCommand(words, simulator.rules)]))
  const command = words[0] === 'docker' ? words : ['docker', ...words]
  return { text: render(session, options, simulator, command, outcome), didNothing: didNothing(outcome) }
}

function render(
  { nowMs }: Session,
  options: CommonOptions,
  simulator: Simulator,
  command: readonly string[],
  outcome: Outcome,
): string {
  if (options.format === 'ndjson') return JSON.stringify(whatifJson(simulator, command, outcome))
  if (options.format !== 'table') return renderJson(whatifJson(simulator, command, outcome))
  return whatifLines(simulator, command, outcome, displayOf(options, nowMs)).join('\n')
}

/** Docker refused all that it was asked for. */
const didNothing = ({ refusals, removed }: Outcome): boolean =>
  refusals.length > 0 && Object.values(removed).every((list: readonly unknown[]) => list.length === 0)

/** The simulator of the first root that docker uses. Throws UserError where there is none, or the options do not fit. */
export function openSimulator({ catalog, nowMs }: Session, own: SimulationOptions): Simulator {
  const engine = ruleAsked(own.engine)
  const basis = own.asStarted ? 'started' : own.asRecorded ? 'recorded' : null
  const options: SimulatorOptions = {
    nowMs,
    ...(engine === null ? {} : { engine }),
    ...(basis === null ? {} : { basis }),
  }
  for (const { path } of catalog.model.roots) {
    const simulator = Simulator.create(catalog, path, options)
    if (simulator === null) continue
    checkRules(simulator, engine)
    const assumeRunning = (own.assumeRunning ?? []).map((name) => idOf(simulator, name))
    if (assumeRunning.length === 0) return simulator
    return Simulator.create(catalog, path, { ...options, assumeRunning }) ?? simulator
  }
  const { roots, stores } = catalog.model
  throw new UserError(
    roots.map((root) => whyNotSimulated(root, stores) ?? `${root.path} shows no engine.`).join('\n'),
    'Simulated are the removals of docker. What an image alone would give back: layerscope images --sort freed',
  )
}

/** The rules of the old layout and those of the new one do not fit each other's roots. */
function checkRules({ ground, rules }: Simulator, engine: EngineRule | null): void {
  const isOldRoot = ground.at.store.layout === 'graph'
  if (engine !== null && isOldRoot !== (rules.rule === 'legacy'))
    throw new UserError(
      isOldRoot
        ? `${ground.root} has the layout of Docker before 1.10; --engine cannot change that.`
        : `${ground.root} has the layout of Docker 1.10 and later; no older engine reads it.`,
    )
}

function ruleAsked(version: string | undefined): EngineRule | null {
  if (version === undefined) return null
  const rule = ruleOfVersion(version)
  if (rule === null)
    throw new UserError(
      `${JSON.stringify(version)} is no version of docker that is known here.`,
      'There are 20.10, 23, 26, 28 and 29; one in between follows the rules of the one before it.',
    )
  return rule
}

function idOf(simulator: Simulator, name: string): string {
  const container = findContainer([...simulator.ground.containers.values()], name)
  if (container === null) throw new UserError(`There is no container ${JSON.stringify(name)} here.`)
  return container.id
}

/** Throws UserError for a command line that docker does not take, or that is not simulated. */
function understood<T>(words: readonly string[], run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof CommandLineError) throw new UserError(error.message, error.hint ?? hintFor(words))
    throw error
  }
}

const OWN_OPTIONS: ReadonlySet<string> = new Set([
  ...WITH_VALUE,
  '--json',
  '--bytes',
  '--binary',
  '--no-measure',
  '--no-trunc',
])

/** An option of ours behind the docker command is taken for one of docker's. */
function hintFor(words: readonly string[]): string | null {
  const own = words.find((word) => OWN_OPTIONS.has(word.replace(/=.*/, '')))
  return own === undefined
    ? null
    : `${own} is an option of layerscope: those stand before the docker command, as in layerscope whatif ${own} … docker system prune.`
}
