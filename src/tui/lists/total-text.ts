import type { Total } from '../../report/totals.ts'
import { formatBytes, type Units } from '../../report/units.ts'
import { columnsOf } from '../../report/width.ts'
import type { ListPage } from '../state.ts'
import { isForest } from './arrange.ts'
import type { ListData } from './list-data.ts'
import { ROW_NAMES } from './sources.ts'

/** What a list takes in all, after a filter what it left, in as many words as a width has room for; empty where there is nothing to say. */
export function totalText(page: ListPage, data: ListData, width: number, units: Units): string {
  // What is folded away is a part of the list all the same.
  const all = data.everyRow
  const total = page.order.length === 0 ? null : data.total(isForest(page, data) ? all : page.order)
  if (total === null) return ''
  const [one, several] = page.view === 'cache' ? ['record', 'records'] : ROW_NAMES[page.view]
  const count = `${total.count} ${total.count === 1 ? one : several}`
  const whole = page.filter.trim() === '' ? null : data.total(all)
  const ofAll =
    whole === null ? count : `${total.count} of ${whole.count} ${whole.count === 1 ? one : several}`
  const [long, short] = bytesText(page, total, units)
  const texts = [`${ofAll}, ${long}`, `${count}, ${long}`, `${count}, ${short}`]
  return texts.find((text) => columnsOf(text) <= width) ?? `${count}, ${short}`
}

function bytesText({ view }: ListPage, total: Total, units: Units): readonly [string, string] {
  const { bytes, isMeasured, isWhole, withImages } = total
  const sum = `${isWhole ? '' : 'at least '}${formatBytes(bytes, units)}`
  if (!isMeasured) return [`${sum} recorded`, `${sum} recorded`]
  if (withImages !== undefined) {
    const shared = formatBytes(withImages, units)
    return [`${sum} its own, ${shared} shared with images`, `${sum} + ${shared} shared`]
  }
  return view === 'images'
    ? [`${sum} on disk, each layer once`, `${sum}, each layer once`]
    : [`${sum} on disk`, sum]
}
