import { columnsOf } from '../../report/width.ts'
import type { ListPage } from '../state.ts'
import { isForest, isMeasured, isOfDisk } from './arrange.ts'
import { FREED, LIST_COLUMNS, type ListColumn, SIZE } from './columns.ts'
import type { ListData } from './list-data.ts'
import { STORE } from './store-column.ts'

/** On fewer columns than that the ones that grow begin smaller. */
const NARROW = 56
const STORE_WIDTH = { least: 5, narrow: 8, most: 18 } as const

/** The columns of a list of which something is known: no column of dashes, and none that says the same in every row. */
export function listColumns(page: ListPage, data: ListData): ListColumn[] {
  const known = LIST_COLUMNS[page.view].filter(({ key }) => !isOfDisk(key) || isMeasured(data))
  // In the forest of the layers the stores are headings.
  if (data.stores.length < 2 || (page.view === 'layers' && isForest(page, data))) return known
  const width = Math.max(...data.stores.map(columnsOf), STORE_WIDTH.least)
  const store: ListColumn = {
    key: STORE,
    title: page.view === 'volumes' ? 'ROOT' : 'STORE',
    width: Math.min(width, STORE_WIDTH.most),
    narrow: Math.min(width, STORE_WIDTH.narrow),
    importance: BESIDE_THE_NAME,
  }
  const name = known.findIndex(({ importance }) => importance === 0)
  const place = name === known.length - 1 ? name : name + 1
  return known.toSpliced(place, 0, store)
}

export const COLUMN_GAP = 2

/** Less important than the name alone: two things of the same name are not one. */
const BESIDE_THE_NAME = 0.25
/** Less important than what a thing is called. */
const ASKED_FOR = 0.5

/**
 * The columns that fit, with their widths: the least important go first, the rest of the room goes to those that grow.
 * What the list is sorted by and filtered by is there to be seen.
 */
export function fitColumns(
  columns: readonly ListColumn[],
  width: number,
  exactBytes: boolean,
  askedFor: readonly string[] = [],
): ListColumn[] {
  // A column of stores takes the room of others as a narrower screen does.
  const store = columns.find(({ key }) => key === STORE)
  const narrow = NARROW + (store === undefined ? 0 : store.width + COLUMN_GAP)
  const sized = columns.map((column) => ({
    ...column,
    importance:
      askedFor.includes(column.key) && column.importance > ASKED_FOR ? ASKED_FOR : column.importance,
    width:
      exactBytes && column.right === true && [SIZE, FREED].includes(column.width)
        ? SIZE + 5
        : width < narrow
          ? (column.narrow ?? column.width)
          : column.width,
  }))
  const chosen = new Set<ListColumn>()
  let room = width + COLUMN_GAP
  for (const column of sized.toSorted((a, b) => a.importance - b.importance)) {
    if (column.width + COLUMN_GAP > room) break
    chosen.add(column)
    room -= column.width + COLUMN_GAP
  }
  const growing = sized.filter((column) => chosen.has(column) && column.grows === true)
  return sized
    .filter((column) => chosen.has(column))
    .map((column) => {
      const place = growing.indexOf(column)
      if (place < 0) return column
      const share = Math.floor(room / growing.length) + (place === 0 ? room % growing.length : 0)
      return { ...column, width: column.width + share }
    })
}
