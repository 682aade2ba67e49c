import { shellWord } from '../../analysis/shell-word.ts'
import { shortId } from '../../model/ids.ts'
import { unjudgedByReason } from '../../report/unjudged.ts'
import { span } from '../text/line.ts'
import { categoryTarget, categoryText } from './categories.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'

const SHOWN = 500

/** The page that tells of every category. */
export const ALL_CATEGORIES = 'all'

/** What a category of the ledger is, for those that are not made of listed objects. */
export function writeCategoryPage(out: PageWriter, page: PageContext, category: string): void {
  if (category === ALL_CATEGORIES) {
    writeAllCategories(out, page)
    return
  }
  const { what } = categoryText(category)
  out.sentence(what)
  out.blank()
  for (const entry of page.report.ledger.entries.filter((each) => each.category === category)) {
    const place = { root: entry.root, path: '', category }
    out.item(`root ${entry.root}`, { kind: 'directory', place }, () => {
      out.add(
        span(page.bytesColumn(entry.disk), 'strong'),
        span(`  on disk, ${page.bytes(entry.content)} of content in ${counted(entry.files, 'inode')}`),
      )
      out.sentence(`its paths below ${entry.root}`, 'faint', 2)
    })
  }
  if (category === 'hidden-stores') writeHiddenStores(out, page)
  if (category === 'deleted-files') writeDeletedFiles(out, page)
  else writeOrphans(out, page, category)
}

function writeAllCategories(out: PageWriter, page: PageContext): void {
  for (const { category, root, disk, files } of page.report.ledger.entries.toSorted(
    (a, b) => b.disk - a.disk,
  )) {
    const { name, what } = categoryText(category)
    out.blank()
    out.item(`${category} ${root}`, categoryTarget(category), () => {
      out.add(
        span(page.bytesColumn(disk), 'strong'),
        span(`  ${name}`, 'strong'),
        span(`  ${counted(files, 'inode')} below ${root}`, 'faint'),
      )
      out.sentence(what, 'plain', page.bytesColumn(0).length + 2)
    })
  }
}

function writeHiddenStores(out: PageWriter, page: PageContext): void {
  for (const store of page.report.stores.filter(({ active }) => active === false)) {
    out.heading(`${store.layout}/${store.driver}`, `${store.root}/${store.path}`)
    out.sentence(store.why)
    out.item(`store ${store.id}`, { kind: 'list', view: 'images', filter: `store=${store.id}` }, () =>
      out.add(span('its images')),
    )
  }
}

const KIND_OF_CATEGORY: Readonly<Record<string, string>> = {
  temporary: 'leftover',
  'hidden-stores': 'hidden',
}

/** What has no owner: all of it on the page of the orphans, on other pages what belongs to their category. */
function writeOrphans(out: PageWriter, page: PageContext, category: string): void {
  const kind = KIND_OF_CATEGORY[category]
  const orphans = page.report.orphans.filter((orphan) => category === 'orphans' || orphan.kind === kind)
  for (const orphan of orphans.toSorted((a, b) => (b.size.disk ?? 0) - (a.size.disk ?? 0)).slice(0, SHOWN)) {
    out.blank()
    const writeOne = (): void => {
      out.add(
        span(page.bytesColumn(orphan.size.disk), 'strong'),
        span(`  ${orphan.kind}, ${orphan.certainty}`, orphan.kind === 'orphan' ? 'warning' : 'plain'),
      )
      out.sentence(`${orphan.root}/${orphan.path}`, 'plain', 2)
      out.sentence(orphan.reason + (orphan.mounted === true ? '; it is mounted now' : ''), 'plain', 2)
      if (orphan.searched.length > 0)
        out.sentence(`searched, and not named in: ${orphan.searched.join(', ')}`, 'faint', 2)
      if (orphan.command !== null) out.sentence(`remove it with: ${orphan.command}`, 'faint', 2)
    }
    out.item(
      `orphan ${orphan.path}`,
      { kind: 'directory', place: { root: orphan.root, path: orphan.path } },
      writeOne,
      whyCommand(orphan.root, orphan.path),
    )
  }
  if (orphans.length > SHOWN) out.sentence(`and ${orphans.length - SHOWN} more`, 'faint')
  if (category === 'orphans' || category === 'other') writeUnjudged(out, page)
}

/** What is not judged, each reason once above the places that it is the reason for. */
function writeUnjudged(out: PageWriter, page: PageContext): void {
  const groups = unjudgedByReason(page.report.unjudged)
  const isOneRoot = page.report.roots.length === 1
  if (groups.length === 0) return
  out.heading('Not judged', 'what could own them cannot be read')
  for (const { because, places, disk } of groups) {
    out.blank()
    out.sentence(because)
    const below = isOneRoot ? ` below ${page.report.roots[0]?.path}` : ''
    out.sentence(`${counted(places.length, 'place')}${below}, ${page.bytes(disk)} on disk`, 'faint')
    for (const { root, path, size } of places.slice(0, SHOWN))
      out.item(
        `unjudged ${root} ${path}`,
        { kind: 'directory', place: { root, path } },
        () => out.pathLine(page.bytesColumn(size.disk), isOneRoot ? path : `${root}/${path}`),
        whyCommand(root, path),
      )
    if (places.length > SHOWN) out.sentence(`and ${places.length - SHOWN} more`, 'faint')
  }
}

const whyCommand = (root: string, path: string): string =>
  `layerscope why ${shellWord(`${root}/${path}`)} --root ${shellWord(root)}`

function writeDeletedFiles(out: PageWriter, page: PageContext): void {
  for (const { root, path, size, processes } of page.report.deletedFiles.slice(0, SHOWN)) {
    out.add(span(page.bytesColumn(size.disk), 'strong'), span(`  ${root}/${path}`))
    for (const { command, pid, container } of processes)
      out.sentence(
        `held open by ${command} (pid ${pid})${container === null ? '' : ` of container ${shortId(container)}`}`,
        'plain',
        2,
      )
  }
}
