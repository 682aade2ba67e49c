import { byGravity } from '../../report/gravity.ts'
import type { ReportFinding } from '../../report/schema.ts'
import type { ObjectKind, ObjectRef } from '../objects.ts'
import { span } from '../text/line.ts'
import type { PageContext } from './context.ts'
import type { PageWriter, Target } from './document.ts'
import { SEVERITY_STYLES } from './parts.ts'

const SHOWN = 1000
const KINDS: ReadonlySet<string> = new Set<ObjectKind>([
  'image',
  'layer',
  'container',
  'volume',
  'cache-record',
])

/** Every finding in full, the gravest first. */
export function writeFindingsPage(out: PageWriter, page: PageContext): void {
  const { findings } = page.report
  if (findings.length === 0) {
    out.sentence('Nothing was found wrong: every file could be read, and everything fits together.', 'good')
    return
  }
  if (!page.report.complete)
    out.sentence('Not everything could be read, so what is shown here is incomplete.', 'warning')
  const sorted = byGravity(findings)
  for (const [index, finding] of sorted.slice(0, SHOWN).entries()) {
    out.blank()
    out.item(`finding ${index}`, targetOf(page, finding), () => {
      out.add(span(finding.severity, SEVERITY_STYLES[finding.severity]), span(`  ${finding.code}`, 'faint'))
      out.sentence(finding.message, 'plain', 2)
      if (finding.hint !== null) out.sentence(finding.hint, 'plain', 2)
      if (finding.path !== null) out.sentence(`${finding.root}/${finding.path}`, 'faint', 2)
    })
  }
  if (sorted.length > SHOWN) {
    out.blank()
    out.sentence(`And ${sorted.length - SHOWN} more; layerscope report prints all of them.`, 'faint')
  }
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
