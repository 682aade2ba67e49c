import type { RootWays } from '../questions.ts'
import { span } from '../text/line.ts'
import { writeAnswered } from './answered.ts'
import type { PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { writeRemovalPlan } from './removal-plan.ts'

/** The plan: what removing the marked does, then docker's prune commands side by side. */
export function writeWaysPage(out: PageWriter, page: PageContext): void {
  if (page.marks.size > 0) {
    writeRemovalPlan(out, page)
    out.heading("Docker's prune commands, side by side")
  }
  out.sentence(
    'What the disk would get back, and what docker would say it reclaimed: two numbers that differ, since docker counts lengths and not blocks, and counts shared layers its own way. Nothing is removed here.',
  )
  out.blank()
  writeAnswered(out, page, { kind: 'ways' }, (roots) => writeWays(out, page, roots))
  if (page.marks.size > 0) return
  out.blank()
  out.sentence(
    'Space marks single images, containers, volumes and cache records; then their plan stands here.',
    'faint',
  )
}

function writeWays(out: PageWriter, page: PageContext, roots: readonly RootWays[]): void {
  if (roots.length === 0) {
    out.sentence('Nothing to show: this needs a measured root of Docker 1.13 or later.', 'faint')
    return
  }
  for (const { root, ways } of roots) {
    out.heading('Command', `${root}; Enter tells what goes, what stays and why`)
    out.add(span(`  ${page.bytesColumn(null).replace('-', ' ').slice(0, -4)}disk   docker says`, 'faint'))
    for (const { command, freedDisk, says } of ways)
      out.item(
        `way ${root} ${command}`,
        { kind: 'command-plan', root, command },
        () =>
          out.add(
            span(`  ${page.bytesColumn(freedDisk)}`, 'strong'),
            span(`  ${page.bytesColumn(says)}  `),
            span(command),
          ),
        command,
      )
  }
}
