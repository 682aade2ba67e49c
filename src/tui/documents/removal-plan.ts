import { padEnd } from '../../report/width.ts'
import { KIND_NAMES, objectName, refKey } from '../objects.ts'
import type { RemovalPlan } from '../questions.ts'
import { span } from '../text/line.ts'
import { writeAnswered } from './answered.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { writeCommands, writeConsequences } from './plan-text.ts'

/** What removing all that is marked does, the commands first. */
export function writeRemovalPlan(out: PageWriter, page: PageContext): void {
  const objects = [...page.marks.values()]
  out.add(
    span(`${page.glyphs.marked} ${counted(objects.length, 'object is', 'objects are')} marked`, 'strong'),
  )
  writeAnswered(out, page, { kind: 'removal-plan', objects }, (plan) => writePlan(out, page, plan))
}

function writePlan(out: PageWriter, page: PageContext, { plans, parts }: RemovalPlan): void {
  for (const plan of plans) {
    if (plans.length > 1) out.heading(`On ${plan.root}`)
    writeCommands(out, plan)
  }
  out.heading('What each gives back alone', parts.length > 1 ? 'together it is more where they share' : '')
  for (const { ref, aloneDisk, stays } of parts)
    out.item(`part ${refKey(ref)}`, { kind: 'object', ref }, () =>
      out.add(
        span(`  ${page.bytesColumn(aloneDisk)}  `, 'strong'),
        span(padEnd(KIND_NAMES[ref.kind], 13), 'faint'),
        span(objectName(page.report, ref)),
        span(stays ? '  stays' : '', 'warning'),
      ),
    )
  for (const plan of plans) writeConsequences(out, page, plan)
}
