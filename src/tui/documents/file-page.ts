import type { FileView } from '../../scan/view-file.ts'
import { span } from '../text/line.ts'
import { writeAnswered } from './answered.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'

/** What stands in a file, as far as a view goes. */
export function writeFilePage(out: PageWriter, page: PageContext, root: string, path: string): void {
  out.field('File', path, 'strong')
  out.field('Below', root)
  writeAnswered(out, page, { kind: 'file', root, path }, (view) => {
    out.field('Holds', descriptionOf(view, page))
    out.blank()
    for (const line of view.lines) {
      const indent = line.length - line.trimStart().length
      if (view.kind === 'binary') out.add(span(line))
      else out.sentence(line.trimStart(), 'plain', indent)
    }
    if (view.shownBytes < view.sizeBytes) {
      out.blank()
      out.sentence(
        `The first ${page.bytes(view.shownBytes)} of ${page.bytes(view.sizeBytes)} are shown.`,
        'faint',
      )
    }
  })
}

function descriptionOf({ kind, sizeBytes, lines }: FileView, page: PageContext): string {
  switch (kind) {
    case 'json':
      return `${page.bytes(sizeBytes)} of JSON`
    case 'text':
      return `${page.bytes(sizeBytes)} of text, ${counted(lines.length, 'line')}`
    case 'binary':
      return `${page.bytes(sizeBytes)} that are no text, such as a database or an archive`
    case 'link':
      return 'a symbolic link, which is not followed; it leads to'
    case 'empty':
      return 'nothing: it is empty'
    case 'blank':
      return `${page.bytes(sizeBytes)} of NUL bytes, as a power loss or a full disk leaves files behind`
  }
}
