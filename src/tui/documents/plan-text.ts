import type { Plan } from '../../report/whatif-summary.ts'
import { wrapText } from '../../report/wrap.ts'
import { span } from '../text/line.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'

const MOST_NAMES = 12
const MOST_REASONS = 30

/** What has to be known before the commands are run, and the commands in full, to be copied. */
export function writeCommands(out: PageWriter, plan: Plan): void {
  for (const { code, message, hint } of plan.warnings) {
    out.blank()
    out.sentence(`WARNING ${code}: ${message}`, 'error')
    if (hint !== null) out.sentence(hint, 'plain', 2)
  }
  out.heading(plan.commands.length === 1 ? 'The command' : 'The commands, in this order', 'y copies')
  if (plan.commands.length === 0) out.sentence('Docker knows none of it.')
  else
    out.item(
      `commands ${plan.root}`,
      null,
      () => {
        for (const { text } of plan.commands) writeCommand(out, text)
      },
      plan.commands.map(({ text }) => text).join('\n'),
    )
  if (plan.refusals.length === 0) return
  out.heading('Docker would refuse')
  for (const message of plan.refusals) out.sentence(message, 'warning', 2)
}

/** A command is shown whole, its later lines further in. */
function writeCommand(out: PageWriter, text: string): void {
  for (const [index, part] of wrapText(text, out.width - 6).entries())
    out.add(span(`${' '.repeat(index === 0 ? 2 : 6)}${part}`, 'strong'))
}

/** What the disk gets back and what docker would say, what goes, and what stays and why. */
export function writeConsequences(out: PageWriter, page: PageContext, plan: Plan): void {
  const { freed, says } = plan
  const files = freed.files === null ? '' : `, ${counted(freed.files, 'inode')}`
  out.heading(
    'The disk gets back',
    freed.disk === null ? 'not measured' : `${page.bytes(freed.disk)}${files}`,
  )
  if (freed.disk === null) out.sentence(`${page.bytes(freed.content)} of content, as recorded`, 'plain', 2)
  for (const { kind, disk, files: inodes } of freed.parts)
    out.add(span(`  ${page.bytesColumn(disk)}`, 'strong'), span(`  ${kind}, ${counted(inodes, 'inode')}`))
  if (says !== null) out.sentence(`Docker would say that it reclaimed ${page.bytes(says)}.`, 'plain', 2)
  writeGoing(out, plan)
  writeStaying(out, plan)
  out.heading('How this is known')
  out.sentence(plan.basis, 'faint', 2)
  for (const note of plan.notes) out.sentence(note, 'faint', 2)
}

function writeGoing(out: PageWriter, { goes }: Plan): void {
  out.heading('Would go')
  if (goes.length === 0) out.sentence('Nothing.', 'plain', 2)
  for (const { what, names } of goes) out.sentence(`${what}: ${some(names, MOST_NAMES)}`, 'plain', 2)
}

function writeStaying(out: PageWriter, { stays }: Plan): void {
  if (stays.length === 0) return
  out.heading('Stays')
  for (const { kind, names, why } of stays.slice(0, MOST_REASONS))
    out.sentence(`${kind.replace('-', ' ')} ${some(names, 3)}: ${why}`, 'plain', 2)
  const rest = stays.slice(MOST_REASONS).reduce((sum, { names }) => sum + names.length, 0)
  if (rest > 0) out.sentence(`and ${rest} more; layerscope whatif --no-trunc tells all`, 'faint', 2)
}

function some(names: readonly string[], shown: number): string {
  const first = names.slice(0, shown).join(', ')
  return names.length > shown ? `${first} and ${names.length - shown} more` : first
}
