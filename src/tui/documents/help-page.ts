import { padEnd } from '../../report/width.ts'
import { wrapText } from '../../report/wrap.ts'
import { KEY_TABLE } from '../key-table.ts'
import { keyName } from '../keys.ts'
import type { Context } from '../state.ts'
import { type Style, span } from '../text/line.ts'
import type { PageWriter } from './document.ts'

const GROUPS = ['Go', 'Look', 'Remove', 'Move', 'Program'] as const
const KEYS = 18

const ABOUT: Partial<Record<Context, string>> = {
  overview:
    'The overview: how full the disk is, what fills it, and what docker would say. Enter on any figure goes to what it is made of.',
  list: 'A list of objects. SIZE is what the engine counts, DISK what the disk gives back, both in the units that u chooses.',
  images:
    'The images under each of their names. FREED is what the disk gets back if this image alone is removed: less than its size wherever layers are shared.',
  forest:
    'The layers as a forest: what stands on another is below it, a chain goes straight down, and only branches move to the right. The mark before a name says that this is the top layer of that image.',
  kinds:
    'The build cache by kind, the largest first. What is reclaimable neither an image nor, as far as it is known, a running build uses; s sorts all of it by last use, size and so on.',
  detail: 'Everything known of one object. Lines that can be selected lead to other objects.',
  findings: 'What is damaged, missing or worth knowing.',
}

/** The keys of where one stands. */
export function writeHelpPage(out: PageWriter, context: Context): void {
  const about = ABOUT[context]
  if (about !== undefined) out.sentence(about)
  for (const group of GROUPS) {
    const bindings = KEY_TABLE.filter((binding) => binding.group === group && binding.where.includes(context))
    if (bindings.length === 0) continue
    out.heading(group)
    for (const { keys, description } of bindings) {
      const parts = wrapText(description, out.width - KEYS - 2)
      const style: Style = 'strong'
      for (const [index, part] of parts.entries())
        out.add(span(`  ${padEnd(index === 0 ? keys.map(keyName).join(' ') : '', KEYS)}`, style), span(part))
    }
  }
}
