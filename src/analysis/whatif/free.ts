import { shellWord } from '../shell-word.ts'
import type { DockerCommand } from './command.ts'
import { emptiableLogs } from './free-logs.ts'
import { type FreeKind, freeKinds, type Single } from './free-steps.ts'
import type { Outcome, Removed, Simulator } from './simulator.ts'
import { leadingOut, type Warning } from './warnings.ts'

/** What one step gives back. */
interface StepSize {
  readonly content: number | null
  readonly disk: number
  readonly files: number
}

export interface FreeStep {
  /** What to type. */
  readonly command: string
  /** What goes by this step alone; null for logs, which stay and are emptied. */
  readonly removes: Removed | null
  readonly freed: StepSize
  /** Disk bytes that are free after this step, together with those before it. */
  readonly totalDisk: number
  readonly cost: string
  /** How to keep it from coming back; null where there is nothing to set. */
  readonly prevents: string | null
}

/** The cheapest way to a number of bytes: steps in the order in which to take them. */
export interface FreePlan {
  readonly targetBytes: number
  readonly steps: readonly FreeStep[]
  readonly totalDisk: number
  readonly reached: boolean
  /** What would have been a step, were it not for what the warnings say. */
  readonly withheld: readonly string[]
  readonly warnings: readonly Warning[]
}

const LOG_SETTING =
  'set "log-opts": {"max-size": "10m", "max-file": "3"} in daemon.json, or --log-opt max-size=10m; containers made after that follow it'

/** A command with more names than this is nothing to type; then all of the kind goes. */
const MOST_NAMES = 40

/** Plans what to remove until the disk has the bytes. Null where nothing was measured. */
export function planFree(
  simulator: Simulator,
  targetBytes: number,
  options: { volumes: boolean },
): FreePlan | null {
  if (!simulator.measured) return null
  const plan = new Plan(simulator, targetBytes)
  const kinds = freeKinds(simulator, { volumes: false })
  for (const kind of kinds) plan.takeKind(kind)
  plan.takeLogs()
  // Data comes last, and only where it was asked for.
  for (const kind of freeKinds(simulator, options).slice(kinds.length)) plan.takeKind(kind)
  return plan.result()
}

class Plan {
  readonly #simulator: Simulator
  readonly #target: number
  readonly #steps: FreeStep[] = []
  readonly #withheld = new Set<string>()
  readonly #warnings = new Map<string, Warning>()
  #outcome: Outcome
  #logBytes = 0

  constructor(simulator: Simulator, targetBytes: number) {
    this.#simulator = simulator
    this.#target = targetBytes
    this.#outcome = simulator.simulate([])
  }

  result(): FreePlan {
    const totalDisk = this.#total()
    return {
      targetBytes: this.#target,
      steps: this.#steps,
      totalDisk,
      reached: totalDisk >= this.#target,
      withheld: [...this.#withheld],
      warnings: [...this.#warnings.values()],
    }
  }

  /** All of a kind, or as much of it as is needed. */
  takeKind(kind: FreeKind): void {
    if (this.#total() >= this.#target) return
    const whole = this.#simulator.simulate([kind.parsed], this.#outcome)
    if (diskOf(whole) <= diskOf(this.#outcome)) return
    const { catalog, root } = this.#simulator.ground
    const warnings = [...leadingOut(catalog.model, root), ...whole.warnings]
    if (warnings.length > 0) {
      this.#withheld.add(kind.command)
      for (const warning of warnings) this.#warnings.set(warning.message, warning)
      return
    }
    const few = diskOf(whole) + this.#logBytes > this.#target ? this.#fewest(kind, whole) : null
    if (few === null) this.#push(kind.command, kind.cost, whole)
    else this.#push(few.command, kind.cost, few.outcome)
  }

  takeLogs(): void {
    for (const log of emptiableLogs(this.#simulator, this.#outcome.state)) {
      if (this.#total() >= this.#target) return
      this.#logBytes += log.disk
      this.#steps.push({
        command: `truncate -s 0 ${shellWord(log.path)}`,
        removes: null,
        freed: { content: log.content, disk: log.disk, files: 0 },
        totalDisk: this.#total(),
        cost: `the log of ${log.container} up to now is lost`,
        prevents: LOG_SETTING,
      })
    }
  }

  /** Single ones, those that give the most first, until it is enough; null where that would be all of them. */
  #fewest(kind: FreeKind, whole: Outcome): { command: string; outcome: Outcome } | null {
    const before = this.#outcome
    const ranked = kind
      .singles(before, whole)
      .map((single) => ({ single, disk: diskOf(this.#simulator.simulate([single.command], before)) }))
      .sort((a, b) => b.disk - a.disk || (wordsOf(a.single) < wordsOf(b.single) ? -1 : 1))
    const chosen: DockerCommand[] = []
    const words: string[] = []
    let outcome = before
    for (const { single } of ranked) {
      chosen.push(single.command)
      words.push(...single.words)
      outcome = this.#simulator.simulate([single.command], outcome)
      if (diskOf(outcome) + this.#logBytes >= this.#target) break
    }
    const isEnough = diskOf(outcome) + this.#logBytes >= this.#target
    if (kind.singly === null || !isEnough || chosen.length === ranked.length) return null
    if (words.length > MOST_NAMES) return null
    return { command: `${kind.singly} ${words.map(shellWord).join(' ')}`, outcome }
  }

  #push(command: string, cost: string, outcome: Outcome): void {
    const before = this.#outcome
    this.#outcome = outcome
    const { content } = outcome.freed
    this.#steps.push({
      command,
      removes: difference(outcome.removed, before.removed),
      freed: {
        content: content === null || before.freed.content === null ? null : content - before.freed.content,
        disk: diskOf(outcome) - diskOf(before),
        files: (outcome.freed.files ?? 0) - (before.freed.files ?? 0),
      },
      totalDisk: this.#total(),
      cost,
      prevents: null,
    })
  }

  #total(): number {
    return diskOf(this.#outcome) + this.#logBytes
  }
}

const diskOf = ({ freed }: Outcome): number => freed.disk ?? 0

const wordsOf = ({ words }: Single): string => words.join(' ')

/** What went since. */
function difference(after: Removed, before: Removed): Removed {
  const since = (now: readonly string[], then: readonly string[]): string[] => {
    const had = new Set(then)
    return now.filter((id) => !had.has(id))
  }
  return {
    containers: since(after.containers, before.containers),
    images: since(after.images, before.images),
    references: after.references.slice(before.references.length),
    volumes: since(after.volumes, before.volumes),
    networks: since(after.networks, before.networks),
    cacheRecords: since(after.cacheRecords, before.cacheRecords),
    layers: since(after.layers, before.layers),
  }
}
