import type { FileInRoot } from '../questions.ts'
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
    if (view.shownBytes < view.sizeBytes && view.kind !== 'blank') {
      out.blank()
      out.sentence(
        `The first ${page.bytes(view.shownBytes)} of ${page.bytes(view.sizeBytes)} are shown.`,
        'faint',
      )
    }
  })
}

/** What the file is. Of a long one only its start was looked at, and no more is said. */
function descriptionOf(view: FileInRoot, page: PageContext): string {
  const { kind, sizeBytes, shownBytes, lines, isRecord } = view
  const size = page.bytes(sizeBytes)
  const isCut = shownBytes < sizeBytes
  const start = `${size}; its first ${page.bytes(shownBytes)} are`
  switch (kind) {
    case 'json':
      return isCut ? `${start} JSON` : `${size} of JSON`
    case 'text':
      return `${isCut ? `${start} text` : `${size} of text`}, ${counted(lines.length, 'line')}`
    case 'binary':
      return `${size} that are no text, such as a database or an archive`
    case 'link':
      return 'a symbolic link, which is not followed; it leads to'
    case 'empty':
      return 'nothing: it is empty'
    case 'blank':
      return `${isCut ? `${start} NUL bytes` : `${size} of NUL bytes`}${isRecord ? ', as a power loss or a full disk leaves files behind' : ''}`
  }
}
