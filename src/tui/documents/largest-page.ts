import { padEnd } from '../../report/width.ts'
import { span } from '../text/line.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { imagesAlone, type LargeThing, largestFirst, largestThings } from './largest.ts'

const SHOWN = 500

/** What holds the most space, of every kind, each leading to what is known of it. */
export function writeLargestPage(out: PageWriter, page: PageContext): void {
  const things = largestFirst([...largestThings(page.report), ...imagesAlone(page.report)])
  out.sentence(
    'Single things of every kind by their bytes on disk. Of an image it is what goes if it alone is removed: layers that stand here too, and that nothing else uses.',
    'faint',
  )
  out.blank()
  if (things.length === 0) out.sentence('Nothing here takes any space that is known.')
  for (const thing of things.slice(0, SHOWN)) writeThing(out, page, thing)
  if (things.length > SHOWN)
    out.sentence(`and ${counted(things.length - SHOWN, 'smaller one')}; the lists have them all`, 'faint')
}

/** One of the largest things in a line. */
export function writeThing(out: PageWriter, page: PageContext, thing: LargeThing): void {
  const { key, target, what, name, bytes } = thing
  out.item(`largest ${key}`, target, () =>
    out.add(span(`  ${page.bytesColumn(bytes)}  `), span(padEnd(what, 13), 'faint'), span(name())),
  )
}
