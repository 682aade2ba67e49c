import { groupBy } from '../model/group-by.ts'
import { byGravity } from './gravity.ts'
import type { ReportFinding } from './schema.ts'

/** From so many findings of one code on they are told together. */
const TOGETHER_FROM = 4

/** A finding with its place among all of them, the gravest first. */
export interface PlacedFinding {
  readonly finding: ReportFinding
  readonly index: number
}

/** Findings of one code; several where there are many of it. */
export interface FindingGroup {
  readonly code: string
  readonly severity: ReportFinding['severity']
  readonly findings: readonly PlacedFinding[]
  /** What they say, the most frequent first: what several say alike once, without what each is about. */
  readonly says: readonly { readonly text: string; readonly count: number }[]
  /** The hint that all of them have; null where they have none, or different ones. */
  readonly hint: string | null
}

/** The findings, the gravest first, those of a code of which there are many as one. */
export function findingGroups(findings: readonly ReportFinding[], mask: string): FindingGroup[] {
  const placed = byGravity(findings).map((finding, index) => ({ finding, index }))
  return [...groupBy(placed, ({ finding }) => finding.code)]
    .flatMap(([, alike]) =>
      alike.length < TOGETHER_FROM ? alike.map((each) => groupOf([each], mask)) : [groupOf(alike, mask)],
    )
    .sort((a, b) => (a.findings[0]?.index ?? 0) - (b.findings[0]?.index ?? 0))
}

/** The codes of which the findings are told together. */
export function codesTogether(findings: readonly ReportFinding[]): ReadonlySet<string> {
  const groups = groupBy(findings, ({ code }) => code)
  return new Set([...groups].flatMap(([code, alike]) => (alike.length < TOGETHER_FROM ? [] : [code])))
}

function groupOf(findings: readonly PlacedFinding[], mask: string): FindingGroup {
  const [first] = findings
  const isOne = findings.length === 1
  const says = groupBy(findings, ({ finding }) => (isOne ? finding.message : masked(finding, mask)))
  const hints = new Set(findings.map(({ finding }) => finding.hint))
  return {
    code: first?.finding.code ?? '',
    severity: first?.finding.severity ?? 'info',
    findings,
    says: [...says]
      .map(([text, alike]) => ({
        text: alike.length === 1 ? (alike[0]?.finding.message ?? text) : text,
        count: alike.length,
      }))
      .sort((a, b) => b.count - a.count),
    hint: hints.size === 1 ? (first?.finding.hint ?? null) : null,
  }
}

/** The message without the id of what it is about, and without its path. */
function masked({ message, subject, path }: ReportFinding, mask: string): string {
  const names = [path, subject?.id, subject?.id.replace(/^sha256:/, '')]
  let text = message
  for (const name of names) if (name != null && name !== '') text = text.replaceAll(name, mask)
  return text
}
