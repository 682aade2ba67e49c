import { shellWord } from '../../analysis/shell-word.ts'
import { shortId } from '../../model/ids.ts'
import { freedBytes, holdersOf } from '../../report/holders.ts'
import type { ReportImage } from '../../report/schema.ts'
import { whyNotRemovable } from '../marks/why-not.ts'
import { imageRef } from '../objects.ts'
import { span } from '../text/line.ts'
import type { PageContext } from './context.ts'
import type { PageWriter, Target } from './document.ts'
import { writeChain } from './image-chain.ts'
import { writeParts } from './image-parts.ts'
import { containersText } from './names.ts'
import { writeContainers, writeEvidence, writeFindings, writeLabels } from './parts.ts'

/** An image: its names and sizes, with whom it shares what, then its chain with the step that made each layer. */
export function writeImagePage(out: PageWriter, page: PageContext, image: ReportImage): void {
  const ref = imageRef(image)
  out.id('Id', image.id)
  for (const [index, tag] of image.tags.entries()) out.field(index === 0 ? 'Tags' : '', tag, 'strong')
  for (const [index, digest] of image.digests.entries()) out.field(index === 0 ? 'Digests' : '', digest)
  const marks = [
    image.dangling ? 'dangling' : '',
    image.intermediate ? 'a step of a build' : '',
    image.loaded ? '' : 'not loaded by the engine',
    [image.os, image.architecture].filter((part) => part !== null).join('/'),
  ].filter((mark) => mark !== '')
  out.field('Made', `${page.age(image.created)}  ${marks.join(', ')}`.trimEnd())
  writeSizes(out, page, image)
  writeParts(out, page, image)
  writeChain(out, page, image)
  writeContainers(out, page, 'Containers', image.store, image.containers, {
    kind: 'list',
    view: 'containers',
    filter: `image-id=${shortId(image.id)}`,
  })
  writeParent(out, page, image)
  const { entrypoint, command, workingDirectory, user } = image.config
  if (entrypoint.length + command.length > 0 || workingDirectory !== '' || user !== '') {
    out.heading('Runs')
    if (entrypoint.length > 0) out.field('Entrypoint', JSON.stringify(entrypoint))
    if (command.length > 0) out.field('Command', JSON.stringify(command))
    if (workingDirectory !== '') out.field('Directory', workingDirectory)
    if (user !== '') out.field('User', user)
  }
  writeLabels(out, 'Labels', image.labels)
  writeFindings(out, page, ref)
  writeEvidence(out, page, ref, image.evidence)
}

function writeSizes(out: PageWriter, page: PageContext, image: ReportImage): void {
  const { bytes } = page
  const { size } = image
  const layers: Target = {
    kind: 'list',
    view: 'layers',
    sort: { key: 'disk', descending: true },
    filter: `image=${shortId(image.id)}`,
  }
  out.item('size', layers, () => {
    out.field('Size', `${bytes(size.engine)} as the engine lists it${sharedText(page, size)}`)
    out.field('On disk', size.disk === null ? 'not measured' : `${bytes(size.disk)}, shared layers included`)
  })
  const freed = freedBytes(image)
  const frees =
    freed === null
      ? 'may free something: records that tell cannot be read'
      : freed === 0
        ? `frees none of its layers: ${whyNothing(page, image)}`
        : `frees ${bytes(freed)} of layers${size.freedIfRemoved.disk === null ? ' (recorded)' : ''}`
  const users = containersText(page, image.store, image.containers)
  const write = (): void =>
    out.field(
      'Removing it',
      users === '' ? frees : `not while ${users} ${image.containers.length > 1 ? 'stand' : 'stands'} on it`,
      users !== '' || freed === 0 ? 'plain' : 'good',
    )
  if (freed === 0) write()
  else out.item('removing', removalOf(page, image) ?? layers, write)
}

function whyNothing({ report }: PageContext, image: ReportImage): string {
  const names = holdersOf(report, image).map((each) => (each === 'build cache' ? 'the build cache' : each))
  const last = names.pop()
  if (last === undefined) return 'they take no space'
  const verb = last === 'the build cache' && names.length === 0 ? 'holds' : 'hold'
  return `${names.length === 0 ? '' : `${names.join(', ')} and `}${last} ${verb} them`
}

/** With containerd docker counts a layer once for each platform that has it, and may take more for shared than there is. */
const sharedText = ({ bytes }: PageContext, { shared, unique }: ReportImage['size']): string =>
  unique !== null && unique < 0
    ? `; it calls ${bytes(shared)} shared, since it counts a layer once for each platform that has it`
    : `: ${bytes(shared)} shared, ${bytes(unique)} of its own`

/** What the command does that removes it with all of its names; null where docker has none for it. */
function removalOf(page: PageContext, image: ReportImage): Target | null {
  const ref = imageRef(image)
  if (!page.isScanned || whyNotRemovable(page.report, ref) !== null) return null
  const names = [...image.tags, ...image.digests]
  const words = names.length === 0 ? [image.id] : names
  return {
    kind: 'command-plan',
    root: page.index.rootOf(ref),
    command: `docker rmi ${words.map(shellWord).join(' ')}`,
  }
}

function writeParent(out: PageWriter, page: PageContext, image: ReportImage): void {
  if (image.parent === null) return
  const parent = page.index.image({ kind: 'image', home: image.store, id: image.parent })
  out.heading('Parent image')
  if (parent === undefined) {
    out.sentence(`${image.parent} is not here any more.`, 'faint')
    return
  }
  out.item('parent', { kind: 'object', ref: imageRef(parent) }, () =>
    out.add(span(shortId(parent.id)), span(`  ${parent.tags.join(', ')}`)),
  )
}
