import type { FreePlan } from '../analysis/whatif/free.ts'
import type { Kept } from '../analysis/whatif/kept.ts'
import { notSimulated } from '../analysis/whatif/notes.ts'
import type { Outcome, Simulator } from '../analysis/whatif/simulator.ts'
import type { Warning } from '../analysis/whatif/warnings.ts'
import { shortId } from '../model/ids.ts'
import { escapeText } from './escape.ts'
import type { Display } from './table.ts'
import { layOut } from './table.ts'
import { engineSize, formatBytes, inodeText } from './units.ts'
import { ruleName, whatGoes, whatStays } from './whatif-summary.ts'

const SHOWN = 6

/** The answer of `whatif` as lines for a person; a warning stands before everything else. */
export function whatifLines(
  simulator: Simulator,
  command: readonly string[],
  outcome: Outcome,
  display: Display,
): string[] {
  const { warnings, refusals } = outcome
  return [
    ...warningLines(warnings),
    escapeText(command.join(' ')),
    ...basisLines(simulator),
    '',
    ...(refusals.length === 0
      ? []
      : ['Docker would refuse:', ...refusals.map(({ message }) => `  ${escapeText(message)}`), '']),
    ...removedLines(simulator, outcome, display),
    '',
    ...figureLines(outcome, display),
    ...keptLines(outcome.kept(), display),
    '',
    ...notSimulated(simulator, outcome).map((note) => `Note: ${note}`),
  ]
}

const warningLines = (warnings: readonly Warning[]): string[] =>
  warnings.flatMap(({ code, message, hint }) => [
    `WARNING ${code}: ${escapeText(message)}${hint === null ? '' : ` ${escapeText(hint)}`}`,
    '',
  ])

function basisLines(simulator: Simulator): string[] {
  const { rulesWhy, states, ground } = simulator
  const running = states.running.map(({ name, id }) => name || shortId(id))
  return [
    `  on ${escapeText(ground.root)}, by the rules of ${ruleName(simulator)} (${escapeText(rulesWhy)}; --engine overrides)`,
    `  containers ${states.basis === 'started' ? 'as after a start of the engine' : 'as recorded'} (${states.why}; ${states.basis === 'started' ? '--as-recorded' : '--as-started'} for the other): ${
      running.length === 0
        ? 'none runs'
        : `${running.length} of ${ground.containers.size} run: ${names(running)}`
    }`,
  ]
}

function names(all: readonly string[], shown = SHOWN): string {
  const first = all.slice(0, shown).map(escapeText).join(', ')
  return all.length > shown ? `${first} and ${all.length - shown} more` : first
}

/** One line for each kind of thing that goes; all of them where nothing is to be cut. */
function removedLines(simulator: Simulator, outcome: Outcome, display: Display): string[] {
  const shown = display.truncate ? SHOWN : Number.POSITIVE_INFINITY
  const going = whatGoes(simulator, outcome, (id) => (display.truncate ? shortId(id) : id))
  const lines = going.map(({ what, names: all }) => `  ${what}: ${names(all, shown)}`)
  return lines.length === 0 ? ['Nothing would go.'] : ['Would go:', ...lines]
}

function figureLines({ reclaimed, freed }: Outcome, display: Display): string[] {
  const inodes = freed.files === null ? '' : `, ${inodeText(freed.files)}`
  return [
    ...(reclaimed === null ? [] : [`Docker would say    Total reclaimed space: ${engineSize(reclaimed)}`]),
    `The disk gets back  ${formatBytes(freed.disk, display.units)}${inodes} (${formatBytes(freed.content, display.units)} of content)`,
    ...freed.parts.map(
      ({ kind, disk, files }) => `  ${formatBytes(disk, display.units)} ${kind}, ${inodeText(files)}`,
    ),
  ]
}

/** What stays, one line for each reason. */
function keptLines(kept: readonly Kept[], display: Display): string[] {
  if (kept.length === 0) return []
  const sorted = whatStays(kept)
  const limit = display.truncate ? 12 : Number.POSITIVE_INFINITY
  const lines = sorted
    .slice(0, limit)
    .map((group) => `  ${group.kind} ${names(group.names, 3)}: ${escapeText(group.why)}`)
  const rest = sorted.slice(limit).reduce((sum, group) => sum + group.names.length, 0)
  return [
    '',
    'Stays:',
    ...lines,
    ...(rest > 0 ? [`  and ${rest} more (--no-trunc or --json lists all)`] : []),
  ]
}

/** The answer of `free` as lines for a person. */
export function freeLines(plan: FreePlan, root: string, display: Display): string[] {
  const size = (bytes: number): string => formatBytes(bytes, display.units)
  const before = [
    ...warningLines(plan.warnings),
    ...(plan.withheld.length === 0
      ? []
      : [`Not proposed before that is repaired: ${plan.withheld.join(', ')}.`, '']),
  ]
  if (plan.steps.length === 0)
    return [
      ...before,
      `Nothing ${plan.withheld.length === 0 ? '' : 'else '}on ${escapeText(root)} can go: ${size(plan.targetBytes)} cannot be reached.`,
    ]
  const settings = [...new Set(plan.steps.flatMap(({ prevents }) => prevents ?? []))]
  return [
    ...before,
    `To get ${size(plan.targetBytes)} back on ${escapeText(root)}, in this order:`,
    '',
    layOut(
      ['', 'FREES', 'TOTAL', 'COMMAND'],
      plan.steps.map(({ command, freed, totalDisk }, index) => [
        String(index + 1),
        size(freed.disk),
        size(totalDisk),
        command,
      ]),
      [true, true, true, false],
    ),
    '',
    ...plan.steps.map(({ cost }, index) => `${index + 1}: ${escapeText(cost)}.`),
    ...settings.map((setting) => `So that logs do not grow again: ${setting}.`),
    '',
    plan.reached
      ? `That gives ${size(plan.totalDisk)}.`
      : `${size(plan.targetBytes)} cannot be reached: all of it gives ${size(plan.totalDisk)}.`,
  ]
}
