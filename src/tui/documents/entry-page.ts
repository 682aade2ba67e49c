import type { Place } from '../state.ts'
import { writeAnswered } from './answered.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'

const KINDS: Readonly<Record<string, string>> = {
  file: 'a regular file',
  directory: 'a directory',
  symlink: 'a symbolic link, which is not followed',
  device: 'a device',
  fifo: 'a named pipe',
  socket: 'a socket',
  unknown: 'of a kind that is not known',
}

/** One file: where it lies, whose it is, and what it takes. */
export function writeEntryPage(out: PageWriter, page: PageContext, place: Place): void {
  out.field('Path', `${place.root}/${place.path}`, 'strong')
  writeAnswered(out, page, { kind: 'entry', ...place }, (facts) => {
    out.field('Kind', KINDS[facts.kind] ?? facts.kind)
    const estimated = facts.isEstimated ? ', estimated' : ''
    out.field('On disk', `${page.bytes(facts.diskBytes)} (${facts.diskBytes} bytes${estimated})`)
    out.field('Content', `${page.bytes(facts.contentBytes)} (${facts.contentBytes} bytes)`)
    if (facts.kind === 'file' && !facts.isEstimated && facts.diskBytes < facts.contentBytes)
      out.field('', 'sparse: it has holes, which take no space', 'warning')
    out.field('Mode', facts.mode.toString(8).padStart(4, '0'))
    out.field('Owner', `user ${facts.uid}, group ${facts.gid}`)
    const time = (ms: number): string => {
      const text = new Date(ms).toISOString()
      return `${text} (${page.age(text)})`
    }
    out.field('Modified', time(facts.modifiedMs))
    out.field('Changed', time(facts.changedMs))
    if (facts.kind !== 'directory')
      out.field(
        'Names',
        facts.links > 1
          ? `${counted(facts.links, 'name')} for inode ${facts.inode}: removing one gives nothing back`
          : `this one alone, inode ${facts.inode}`,
      )
    if (facts.kind === 'file')
      out.item('content', { kind: 'file', ...place }, () => out.field('Holds', 'see what stands in it'))
    if (facts.what !== '') out.field('Is', facts.what)
    for (const { kind, id, name } of facts.owners)
      out.field('Belongs to', name === '' || name === id ? `${kind} ${id}` : `${kind} ${name} (${id})`)
  })
}
