import { assemblyLines, assemblyVerdict } from '../../report/assembly-lines.ts'
import type { StyledLine } from '../../report/styled-text.ts'
import { type ObjectRef, objectName } from '../objects.ts'
import { span } from '../text/line.ts'
import { writeAnswered } from './answered.ts'
import type { PageContext } from './context.ts'
import type { PageWriter } from './document.ts'

/** How an object is put together: each step with the files that it was read from, which can be opened. */
export function writeExplainPage(out: PageWriter, page: PageContext, object: ObjectRef): void {
  out.sentence(
    `How ${objectName(page.report, object)} is put together, from the files of this disk as they are now. ${page.look.plain ? 'Lines with numbers open their files.' : 'Enter opens the file of a line.'}`,
  )
  writeAnswered(out, page, { kind: 'explain', object }, (assembly) => {
    const { root } = assembly
    const verdict = assemblyVerdict(assembly)
    out.sentence(verdict.text, verdict.tone)
    const display = {
      width: out.width,
      truncate: true,
      ascii: page.look.ascii || page.look.plain === true,
      groupFiles: false,
    }
    const add = (line: StyledLine | undefined): void =>
      out.add(...(line ?? []).map(({ text, tone }) => span(text, tone)))
    for (const [index, { lines, files }] of assemblyLines(assembly, display).entries()) {
      out.blank()
      for (let at = 0; at < lines.length; ) {
        const file = files.find(({ start }) => start === at)
        if (file === undefined) add(lines[at++])
        else
          out.item(`step ${index} ${file.path}`, { kind: 'file', root, path: file.path }, () => {
            while (at < file.end) add(lines[at++])
          })
      }
    }
  })
}
