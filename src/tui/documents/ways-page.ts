import { whyNotSimulated } from '../../analysis/whatif/why-not-simulated.ts'
import type { RootWays } from '../questions.ts'
import { span } from '../text/line.ts'
import { writeAnswered } from './answered.ts'
import type { PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { NARROW } from './overview/roots-part.ts'
import { writeRemovalPlan } from './removal-plan.ts'

/** The plan: what removing the marked does, then docker's prune commands side by side. */
export function writeWaysPage(out: PageWriter, page: PageContext): void {
  if (page.marks.size > 0) writeRemovalPlan(out, page)
  writeAnswered(out, page, { kind: 'ways' }, (roots) => {
    if (roots.length > 0) writeWays(out, page, roots)
    else writeWhyNone(out, page)
  })
  if (page.marks.size > 0) return
  out.blank()
  if (page.report.roots.some(({ kind }) => kind === 'docker'))
    out.sentence(
      'Space marks single images, containers, volumes and cache records; then their plan stands here.',
      'faint',
    )
}

/** Why no prune command is shown, root by root. */
function writeWhyNone(out: PageWriter, { report }: PageContext): void {
  for (const root of report.roots)
    out.sentence(
      whyNotSimulated(root, report.stores) ??
        (report.ledger.measured
          ? `${root.path} is of a Docker before 1.13, which has no prune commands.`
          : `${root.path} is not measured, so what the disk gets back is not known.`),
    )
  out.blank()
  const sort = { key: 'freed', descending: true }
  out.item('images', { kind: 'list', view: 'images', sort }, () =>
    out.add(span('Images by what each alone gives back')),
  )
}

/** What speaks against running commands here, before any of them can be read. */
function writeWarnings(out: PageWriter, ways: RootWays['ways']): void {
  const warnings = new Set(ways.flatMap(({ warning }) => warning ?? []))
  for (const warning of warnings)
    out.item(`warning ${warning}`, { kind: 'findings' }, () =>
      out.sentence(`Do not prune yet: ${warning}`, 'error'),
    )
}

function writeWays(out: PageWriter, page: PageContext, roots: readonly RootWays[]): void {
  for (const { root, ways } of roots) {
    out.heading('Prune commands', root)
    writeWarnings(out, ways)
    const isNarrow = out.width < NARROW
    const titles = `  ${page.bytesColumn(null).replace('-', ' ').slice(0, -4)}disk`
    out.add(span(isNarrow ? titles : `${titles}   docker says`, 'faint'))
    for (const { command, freedDisk, says, warning } of ways)
      out.item(
        `way ${root} ${command}`,
        { kind: 'command-plan', root, command },
        () =>
          out.add(
            span(`  ${page.bytesColumn(freedDisk)}`, 'strong'),
            span(isNarrow ? '  ' : `  ${page.bytesColumn(says)}  `),
            span(isNarrow ? command.replace(/^docker /, '') : command),
            span(warning === null ? '' : '  do not run it', 'error'),
          ),
        command,
      )
  }
  out.blank()
  out.sentence(
    'What the disk would get back, and what docker would say it reclaimed: two numbers that differ, since docker counts lengths and not blocks, and counts shared layers its own way. Nothing is removed here; Enter tells what goes, what stays and why.',
    'faint',
  )
}
