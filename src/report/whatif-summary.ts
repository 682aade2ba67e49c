import type { Freed } from '../analysis/whatif/freed.ts'
import type { Kept } from '../analysis/whatif/kept.ts'
import { notSimulated } from '../analysis/whatif/notes.ts'
import { commandsOf, type Typed } from '../analysis/whatif/removal.ts'
import type { Outcome, Simulator } from '../analysis/whatif/simulator.ts'
import type { Warning } from '../analysis/whatif/warnings.ts'
import { shortId } from '../model/ids.ts'

/** Things of one kind that go. */
interface Going {
  /** How many of what, as a person says it: `3 images`. */
  readonly what: string
  readonly names: readonly string[]
}

/** Things of one kind that stay for the same reason. */
interface Staying {
  readonly kind: string
  readonly names: readonly string[]
  readonly why: string
}

/** Docker commands on one root, with what they would do, as plain data. */
export interface Plan {
  readonly root: string
  /** By whose rules, and which containers are taken to run. */
  readonly basis: string
  readonly commands: readonly {
    readonly text: string
    /** What this one gives back after those before it; null where nothing was measured. */
    readonly freedDisk: number | null
  }[]
  readonly warnings: readonly Warning[]
  /** What docker would refuse, in its words. */
  readonly refusals: readonly string[]
  /** What docker would say it reclaimed; null where it says nothing. */
  readonly says: number | null
  readonly freed: Freed
  readonly goes: readonly Going[]
  readonly stays: readonly Staying[]
  readonly notes: readonly string[]
}

/** Plays the commands through, one after the other, and puts down what comes of it. */
export function planOf(simulator: Simulator, lines: readonly Typed[]): Plan {
  const outcome = simulator.simulate(commandsOf(lines))
  let before: Outcome = simulator.simulate([])
  const commands = lines.map(({ text, command }) => {
    const after = simulator.simulate([command], before)
    const freedDisk =
      after.freed.disk === null || before.freed.disk === null ? null : after.freed.disk - before.freed.disk
    before = after
    return { text, freedDisk }
  })
  return {
    root: simulator.ground.root,
    basis: basisText(simulator),
    commands,
    warnings: outcome.warnings,
    refusals: outcome.refusals.map(({ message }) => message),
    says: outcome.reclaimed,
    freed: outcome.freed,
    goes: whatGoes(simulator, outcome, shortId),
    stays: whatStays(outcome.kept()),
    notes: notSimulated(simulator, outcome),
  }
}

/** How the engine is called whose rules are followed. */
export const ruleName = ({ rules }: Simulator): string =>
  rules.rule === 'legacy' ? 'Docker before 1.10' : `Docker ${rules.rule}`

function basisText(simulator: Simulator): string {
  const { rulesWhy, states, ground } = simulator
  const when = states.basis === 'started' ? 'as after a start of the engine' : 'as recorded'
  const running =
    states.running.length === 0 ? 'none runs' : `${states.running.length} of ${ground.containers.size} run`
  return `By the rules of ${ruleName(simulator)} (${rulesWhy}); containers ${when} (${states.why}): ${running}.`
}

/** Each kind of thing that goes. Images go by their names, those without one last. */
export function whatGoes(
  { ground }: Simulator,
  { removed, state }: Outcome,
  id: (text: string) => string,
): Going[] {
  const staying = removed.references.filter(({ image }) => !state.removedImages.has(image))
  const tagsOf = new Map(removed.references.map(({ image, reference }) => [image, reference]))
  const images = removed.images.map((image) => tagsOf.get(image) ?? id(image))
  // Those with names say more than steps of builds.
  const named = [...images].sort(
    (a, b) => Number(/^[a-f0-9]{12}$/.test(a)) - Number(/^[a-f0-9]{12}$/.test(b)),
  )
  const kinds: readonly { one: string; several: string; names: readonly string[] }[] = [
    {
      one: 'container',
      several: 'containers',
      names: removed.containers.map((each) => ground.containers.get(each)?.name || id(each)),
    },
    { one: 'image', several: 'images', names: named },
    {
      one: 'name of an image that stays',
      several: 'names of images that stay',
      names: staying.map(({ reference }) => reference),
    },
    { one: 'volume', several: 'volumes', names: removed.volumes },
    {
      one: 'network',
      several: 'networks',
      names: removed.networks.map((each) => ground.networks.get(each)?.name ?? id(each)),
    },
    { one: 'cache record', several: 'cache records', names: removed.cacheRecords },
    { one: 'layer', several: 'layers', names: removed.layers.map(id) },
  ]
  return kinds.flatMap(({ one, several, names }) =>
    names.length === 0 ? [] : [{ what: `${names.length} ${names.length === 1 ? one : several}`, names }],
  )
}

/** What stays, one entry for each reason, the most common first. */
export function whatStays(kept: readonly Kept[]): Staying[] {
  const groups = new Map<string, Staying & { readonly names: string[] }>()
  for (const { kind, why, name } of kept) {
    const key = `${kind}\0${why}`
    const group = groups.get(key) ?? { kind, why, names: [] }
    group.names.push(name)
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => b.names.length - a.names.length)
}
