import { type FindingGroup, findingGroups, type PlacedFinding } from '../../report/finding-groups.ts'
import type { ReportFinding } from '../../report/schema.ts'
import type { ObjectKind, ObjectRef } from '../objects.ts'
import { span } from '../text/line.ts'
import type { PageContext } from './context.ts'
import type { PageWriter, Target } from './document.ts'
import { SEVERITY_STYLES } from './parts.ts'

const SHOWN = 1000
/** So many sentences stand for a group. */
const SAID = 2
const KINDS: ReadonlySet<string> = new Set<ObjectKind>([
  'image',
  'layer',
  'container',
  'volume',
  'cache-record',
])

/** What was found, the gravest first: each in full, but those of a code of which there are many as one that opens. */
export function writeFindingsPage(out: PageWriter, page: PageContext, code: string | null): void {
  const { findings } = page.report
  if (findings.length === 0) {
    out.sentence('Nothing was found wrong: every file could be read, and everything fits together.', 'good')
    return
  }
  if (!page.report.complete)
    out.sentence('Not everything could be read, so what is shown here is incomplete.', 'warning')
  const groups = findingGroups(findings, page.glyphs.ellipsis)
  if (code === null) for (const group of groups) writeGroup(out, page, group)
  else
    writeEach(
      out,
      page,
      groups.filter((group) => group.code === code).flatMap((group) => group.findings),
    )
}

function writeEach(out: PageWriter, page: PageContext, findings: readonly PlacedFinding[]): void {
  for (const each of findings.slice(0, SHOWN)) writeFinding(out, page, each)
  if (findings.length <= SHOWN) return
  out.blank()
  out.sentence(`And ${findings.length - SHOWN} more; layerscope report prints all of them.`, 'faint')
}

function writeFinding(out: PageWriter, page: PageContext, { finding, index }: PlacedFinding): void {
  out.blank()
  out.item(`finding ${index}`, targetOf(page, finding), () => {
    out.add(span(finding.severity, SEVERITY_STYLES[finding.severity]), span(`  ${finding.code}`, 'faint'))
    out.sentence(finding.message, 'plain', 2)
    if (finding.hint !== null) out.sentence(finding.hint, 'plain', 2)
    if (finding.path !== null) out.sentence(`${finding.root}/${finding.path}`, 'faint', 2)
  })
}

/** Many findings of one code as one: what they say alike, and where each of them is told. */
function writeGroup(out: PageWriter, page: PageContext, group: FindingGroup): void {
  const { code, severity, findings, says, hint } = group
  const [first] = findings
  if (first !== undefined && findings.length === 1) {
    writeFinding(out, page, first)
    return
  }
  out.blank()
  out.item(`findings ${code}`, { kind: 'findings', code }, () => {
    out.add(
      span(severity, SEVERITY_STYLES[severity]),
      span(`  ${code}`, 'faint'),
      span(`  ${findings.length} of them`, 'strong'),
    )
    for (const { text, count } of says.slice(0, SAID))
      out.sentence(count > 1 && says.length > 1 ? `${count} times: ${text}` : text, 'plain', 2)
    const rest = says.slice(SAID).reduce((sum, { count }) => sum + count, 0)
    if (rest > 0) out.sentence(`and ${rest} more`, 'faint', 2)
    if (hint !== null) out.sentence(hint, 'plain', 2)
  })
}

/** The object that a finding is about, where it is here. */
function targetOf(page: PageContext, { subject, root }: ReportFinding): Target | null {
  if (subject === null || !KINDS.has(subject.kind)) return null
  const kind = subject.kind as ObjectKind
  const homes =
    kind === 'volume'
      ? [root]
      : ['', ...page.report.stores.filter((store) => store.root === root).map(({ id }) => id)]
  const ref = homes
    .map((home): ObjectRef => ({ kind, home, id: subject.id }))
    .find((candidate) => exists(page, candidate))
  return ref === undefined ? null : { kind: 'object', ref }
}

function exists({ index }: PageContext, ref: ObjectRef): boolean {
  return [
    index.image(ref),
    index.layer(ref),
    index.container(ref),
    index.volume(ref),
    index.cacheRecord(ref),
  ].some((object) => object !== undefined)
}
