import type { RootWays } from '../questions.ts'
import { span } from '../text/line.ts'
import { writeAnswered } from './answered.ts'
import type { PageContext } from './context.ts'
import type { PageWriter } from './document.ts'

/** Docker's prune commands side by side: what the disk would get back, and what docker would say. */
export function writeWaysPage(out: PageWriter, page: PageContext): void {
  out.sentence(
    'What the disk would get back, and what docker would say it reclaimed: two numbers that differ, since docker counts lengths and not blocks, and counts shared layers its own way. Nothing is removed here.',
  )
  out.blank()
  writeAnswered(out, page, { kind: 'ways' }, (roots) => writeWays(out, page, roots))
}

function writeWays(out: PageWriter, page: PageContext, roots: readonly RootWays[]): void {
  if (roots.length === 0) {
    out.sentence('Nothing to show: this needs a measured root of Docker 1.13 or later.', 'faint')
    return
  }
  for (const { root, ways } of roots) {
    out.heading('Command', root)
    out.add(span(`  ${page.bytesColumn(null).replace('-', ' ').slice(0, -4)}disk   docker says`, 'faint'))
    for (const { command, freedDisk, says } of ways)
      out.item(
        `way ${root} ${command}`,
        null,
        () =>
          out.add(
            span(`  ${page.bytesColumn(freedDisk)}`, 'strong'),
            span(`  ${page.bytesColumn(says)}  `),
            span(command),
          ),
        command,
      )
  }
  out.blank()
  out.sentence('layerscope whatif COMMAND tells what goes, what stays and why, for each of them.', 'faint')
}
