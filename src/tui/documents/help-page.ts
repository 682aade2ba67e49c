import { padEnd } from '../../report/width.ts'
import { wrapText } from '../../report/wrap.ts'
import { KEY_TABLE } from '../key-table.ts'
import { keyName } from '../keys.ts'
import type { Context, Subject } from '../state.ts'
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

/** Pages that are not about one object have the same keys, and are something else. */
const ABOUT_PAGES: Partial<Record<Subject['kind'], string>> = {
  ways: "The plan: what removing all that is marked would do, then docker's prune commands side by side. Nothing is removed here; Enter on a command tells what it would do.",
  'command-plan':
    'What one docker command would do: what the disk gets back and what docker would say, what goes, what stays and why. Nothing is removed here; y copies the command.',
  'engine-views':
    "The engines' own summaries, as their commands print them. Enter on a line opens the list of what it counts.",
  largest: 'The largest single things of every kind. Enter leads to what is known of one.',
  explain: 'How something is put together, step by step. Enter opens the file that a step was read from.',
  file: 'What stands in a file, as far as a view goes.',
  entry: 'What is known of one path, and whose it is.',
  category: 'What a category of the disk holds. Enter on a line browses its files or opens its list.',
}

/** The keys of where one stands. */
export function writeHelpPage(out: PageWriter, context: Context, subject: Subject['kind'] | null): void {
  const about = (subject === null ? undefined : ABOUT_PAGES[subject]) ?? ABOUT[context]
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
