import { columnsOf, truncate } from '../../report/width.ts'
import { imageRef, objectName } from '../objects.ts'
import type { PageContext } from './context.ts'

/** The names of images that are no steps of builds: those with a tag first, the shortest first. */
export function imageNames(page: PageContext, home: string, ids: readonly string[]): string[] {
  return ids
    .flatMap((id) => page.index.image({ kind: 'image', home, id }) ?? [])
    .filter(({ intermediate }) => !intermediate)
    .map((image) => ({ name: objectName(page.report, imageRef(image)), tagged: image.tags.length > 0 }))
    .sort((a, b) => Number(b.tagged) - Number(a.tagged) || a.name.length - b.name.length)
    .map(({ name }) => name)
}

/** One container by its name, several by their number; nothing where there is none. */
export function containersText(page: PageContext, home: string, ids: readonly string[]): string {
  const [only = ''] = ids
  if (ids.length > 1) return `${ids.length} containers`
  return ids.length === 0 ? '' : objectName(page.report, { kind: 'container', home, id: only })
}

/** The first names as far as there is room, then how many more there are; at least one, cut where it is too long. */
export function someNames(names: readonly string[], room: number, ellipsis: string): string {
  const more = (shown: number): string => (shown < names.length ? ` and ${names.length - shown} more` : '')
  let text = truncate(names[0] ?? '', Math.max(8, room - more(1).length), ellipsis)
  let shown = 1
  for (; shown < names.length; shown++) {
    const longer = `${text}, ${names[shown]}`
    if (columnsOf(longer + more(shown + 1)) > room) break
    text = longer
  }
  return text + more(shown)
}
