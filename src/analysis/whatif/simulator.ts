import type { Container, EngineRule } from '../../model/model.ts'
import type { Catalog } from '../catalog.ts'
import { snapshotKeyOf } from './collection.ts'
import type { DockerCommand } from './command.ts'
import { type Freed, freedSpace } from './freed.ts'
import { createGround, type Ground } from './ground.ts'
import { type Kept, keptBy } from './kept.ts'
import { OwnedSizes } from './owned-sizes.ts'
import { play } from './play.ts'
import type { Refusal } from './remove-named.ts'
import { PRUNE_RULES, type PruneRules } from './rules.ts'
import { type Basis, chooseBasis, runningContainers } from './running.ts'
import { State, type Untagged } from './state.ts'
import { type Warning, warningsFor } from './warnings.ts'

export interface SimulatorOptions {
  readonly nowMs: number
  /** The version by whose rules docker acts; without it, what the root shows. */
  readonly engine?: EngineRule
  /** Which containers run; without it, what fits the root. */
  readonly basis?: Basis
  /** Ids of containers that run whatever is recorded. */
  readonly assumeRunning?: readonly string[]
}

/** What goes; ids, names of volumes, and names that an image loses. */
export interface Removed {
  readonly containers: readonly string[]
  readonly images: readonly string[]
  readonly references: readonly Untagged[]
  readonly volumes: readonly string[]
  readonly networks: readonly string[]
  readonly cacheRecords: readonly string[]
  readonly layers: readonly string[]
}

/** The answer: what would go, what docker would say, what the disk would get back, and what stays. */
export interface Outcome {
  /** Where the root would stand then. */
  readonly state: State
  readonly removed: Removed
  /** The reclaimed space that docker would print, summed over the commands; null where none of them prints one. */
  readonly reclaimed: number | null
  readonly refusals: readonly Refusal[]
  readonly freed: Freed
  readonly warnings: readonly Warning[]
  /** What stays of what the commands are about; computed when asked for. */
  kept(): readonly Kept[]
}

/** Which containers are taken to run, and why. */
export interface AssumedStates {
  readonly basis: Basis
  readonly why: string
  readonly running: readonly Container[]
}

/** Plays docker's commands through on one root, as often as wanted: nothing is changed by it. */
export class Simulator {
  readonly ground: Ground
  readonly rules: PruneRules
  readonly rulesWhy: string
  readonly states: AssumedStates
  readonly #owned: OwnedSizes
  readonly #start: State

  /** Null where no docker uses an image store of the root that is understood here. */
  static create(catalog: Catalog, root: string, options: SimulatorOptions): Simulator | null {
    const ground = createGround(catalog, root)
    const shown = catalog.model.roots.find(({ path }) => path === root)?.engine
    if (ground === null || shown === undefined || !isDockerRule(shown.rule)) return null
    return new Simulator(ground, { rule: shown.rule, why: shown.why }, options)
  }

  private constructor(
    ground: Ground,
    shown: { readonly rule: EngineRule; readonly why: string },
    options: SimulatorOptions,
  ) {
    const { catalog, root } = ground
    const containers = [...ground.containers.values()]
    const isRunning = catalog.model.roots.find(({ path }) => path === root)?.engineRunning ?? null
    const chosen =
      options.basis === undefined
        ? chooseBasis(isRunning, containers)
        : { basis: options.basis, why: 'as asked' }
    const running = runningContainers(containers, chosen.basis, new Set(options.assumeRunning ?? []))
    this.ground = ground
    this.rules = PRUNE_RULES[options.engine ?? shown.rule]
    this.rulesWhy = options.engine === undefined ? shown.why : 'as asked'
    this.states = { ...chosen, running: containers.filter(({ id }) => running.has(id)) }
    this.#owned = new OwnedSizes(ground)
    this.#start = new State(ground, { rules: this.rules, running, nowMs: options.nowMs })
  }

  get measured(): boolean {
    return this.#owned.measured
  }

  /**
   * What these commands would do, one after the other. `after` is what earlier ones did: what they removed counts too,
   * what they said does not.
   */
  simulate(commands: readonly DockerCommand[], after?: Outcome): Outcome {
    const state = (after?.state ?? this.#start).fork()
    const played = commands.map((command) => play(state, command))
    const { layers } = this.ground.at
    const collected = state.collect()
    for (const node of collected.directories.keys()) {
      const key = snapshotKeyOf(node)
      if (layers.has(key)) state.removedLayers.add(key)
    }
    const figures = played.flatMap(({ reclaimed }) => reclaimed ?? [])
    const owned = this.#owned
    let freed: Freed | null = null
    return {
      state,
      removed: removedOf(state),
      reclaimed: figures.length === 0 ? null : figures.reduce((sum, bytes) => sum + bytes, 0),
      refusals: played.flatMap(({ refusals }) => refusals),
      get freed() {
        freed ??= freedSpace(state, owned, collected)
        return freed
      },
      warnings: warningsFor(state, commands),
      kept: () => keptBy(state, commands),
    }
  }
}

const isDockerRule = (rule: string): rule is EngineRule => Object.hasOwn(PRUNE_RULES, rule)

const removedOf = (state: State): Removed => ({
  containers: [...state.removedContainers].sort(),
  images: [...state.removedImages].sort(),
  references: [...state.untagged],
  volumes: [...state.removedVolumes].sort(),
  networks: [...state.removedNetworks].sort(),
  cacheRecords: [...state.removedRecords].sort(),
  layers: [...state.removedLayers].sort(),
})
