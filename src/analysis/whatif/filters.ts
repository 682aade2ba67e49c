import type { Labels } from '../../model/model.ts'
import { parseDuration, parseUntil, timeMs, whyNoDuration } from './durations.ts'
import type { PruneRules } from './rules.ts'

/** How the command line begins what the engine refuses. */
export const DAEMON = 'Error response from daemon: '

/** How docker begins what it refuses of the build cache. */
export const CACHE_REFUSED = `${DAEMON}failed to prune build cache: `

/** How the plugin buildx begins it, and what BuildKit refuses that it asks. */
export const BUILDX_REFUSED = 'ERROR: '
export const BUILDX_ANSWERED = 'ERROR: rpc error: code = Unknown desc = '

export const ONLY_ONE_VALUE = 'filters expect only one value'

/** `--filter` as the engine gets it: each name with the set of its values. */
export type Filters = ReadonlyMap<string, ReadonlySet<string>>

/** Docker refuses the whole command, or the rest of it; the message is docker's own. */
export class Refused extends Error {}

/** Reads one `--filter`; null where it is not of the form name=value. The name ends at the first equals sign. */
export function addFilter(filters: Map<string, Set<string>>, text: string): boolean {
  if (text === '') return true
  const equals = text.indexOf('=')
  if (equals === -1) return false
  const name = text.slice(0, equals).trim().toLowerCase()
  const values = filters.get(name) ?? new Set()
  values.add(text.slice(equals + 1).trim())
  filters.set(name, values)
  return true
}

/** Throws Refused for a filter that this kind of prune does not take. */
export function checkFilters(
  filters: Filters,
  accepted: readonly string[],
  rules: PruneRules,
  beginning = DAEMON,
): void {
  for (const name of filters.keys())
    if (!accepted.includes(name)) throw new Refused(beginning + rules.words.invalidFilter(name))
}

/** Whether the labels pass `label` and `label!`; every value given has to match (or, negated, all of them together). */
export function matchLabels(filters: Filters, labels: Labels): boolean {
  if (!matchAll(filters.get('label'), labels)) return false
  return !filters.has('label!') || !matchAll(filters.get('label!'), labels)
}

/** Keys and `key=value` against labels: an empty request matches everything, empty labels match no request. */
function matchAll(wanted: ReadonlySet<string> | undefined, labels: Labels): boolean {
  if (wanted === undefined || wanted.size === 0) return true
  return [...wanted].every((each) => {
    const equals = each.indexOf('=')
    const value = labels.get(equals === -1 ? each : each.slice(0, equals))
    return value !== undefined && (equals === -1 || value === each.slice(equals + 1))
  })
}

/** The moment of `until`, in milliseconds since 1970; null where none is given. Throws Refused. */
export function untilOf(filters: Filters, { nowMs, rules }: UntilState): number | null {
  const values = [...(filters.get('until') ?? [])]
  const [value] = values
  if (value === undefined) return null
  if (values.length > 1) throw new Refused(`${DAEMON}more than one until filter specified`)
  const moment = parseUntil(value, nowMs, rules.go)
  if ('why' in moment) throw new Refused(DAEMON + moment.why)
  return moment.ms
}

/** Whether a thing was made after the moment, so that it stays. */
export const isYounger = (created: string | null, untilMs: number | null): boolean =>
  untilMs !== null && (timeMs(created) ?? Number.NEGATIVE_INFINITY) > untilMs

/** Whether `image prune` takes dangling images only. Throws Refused. */
export function danglingOnly(filters: Filters, rules: PruneRules): boolean {
  const values = filters.get('dangling')
  if (values === undefined) return true
  const isFalse = values.has('false') || values.has('0')
  const isTrue = values.has('true') || values.has('1')
  if (isFalse && !(isTrue && rules.refusesBothDangling)) return false
  if (isTrue && !isFalse) return true
  throw new Refused(DAEMON + rules.words.invalidFilter(`dangling=[${[...values].join(' ')}]`))
}

/** How long a cache record has to have been unused, in milliseconds; 0 where that is not asked. Throws Refused. */
export function unusedForOf(filters: Filters, state: UntilState, buildx: boolean): number {
  const { rules, nowMs } = state
  const refuse = (why: string): Refused => new Refused((buildx ? BUILDX_REFUSED : CACHE_REFUSED) + why)
  const until = [...(filters.get('until') ?? [])]
  const unusedFor = [...(filters.get('unused-for') ?? [])]
  if (until.length > 0 && unusedFor.length > 0)
    throw refuse(`conflicting filters${buildx ? '' : ':'} "until" and "unused-for"`)
  const [value] = [...until, ...unusedFor]
  if (value === undefined) return 0
  if (until.length + unusedFor.length > 1) throw refuse(ONLY_ONE_VALUE)
  const duration = parseDuration(value)
  if (duration !== null) return duration
  const moment = rules.cacheUntilDates && !buildx ? parseUntil(value, nowMs, rules.go) : null
  if (moment !== null && 'ms' in moment) return nowMs - moment.ms
  const name = until.length > 0 ? 'until' : 'unused-for'
  throw refuse(`"${name}" filter expects a duration (e.g., '24h'): ${whyNoDuration(value)}`)
}

/** What an age is reckoned by. */
interface UntilState {
  readonly rules: PruneRules
  readonly nowMs: number
}
