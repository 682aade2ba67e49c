import type { ListViewId } from '../state.ts'

/** A column of a list on screen. */
export interface ListColumn {
  /** The column of the report's table; `bar` draws one of disk or recorded bytes, `tree` the forest. */
  readonly key: string
  readonly title: string
  /** Columns it takes; at least that many where it may grow. */
  readonly width: number
  readonly grows?: true
  /** What it makes do with on a narrow screen, so that others have room beside it. */
  readonly narrow?: number
  /** Shows the whole text where the table would shorten it. */
  readonly full?: true
  readonly right?: true
  /** The smaller, the longer it stays on a narrow screen. */
  readonly importance: number
}

export const SIZE = 8
/** `0B shared` */
export const FREED = 9
const AGE = 13

/** The columns of each view in the order in which they stand; `s` goes through them in this order too. */
export const LIST_COLUMNS: Readonly<Record<ListViewId, readonly ListColumn[]>> = {
  images: [
    { key: 'name', title: 'IMAGE', width: 26, grows: true, narrow: 16, importance: 0 },
    { key: 'id', title: 'ID', width: 12, importance: 9 },
    { key: 'created', title: 'CREATED', width: AGE, importance: 6 },
    { key: 'containers', title: 'CONTAINERS', width: 10, right: true, importance: 5 },
    { key: 'size', title: 'SIZE', width: SIZE, right: true, importance: 1 },
    { key: 'shared', title: 'SHARED', width: SIZE, right: true, importance: 7 },
    { key: 'unique', title: 'UNIQUE', width: SIZE, right: true, importance: 4 },
    { key: 'disk', title: 'DISK', width: SIZE, right: true, importance: 2 },
    { key: 'freed', title: 'FREED', width: FREED, right: true, importance: 3 },
    { key: 'bar', title: '', width: 10, importance: 8 },
  ],
  layers: [
    { key: 'disk', title: 'DISK', width: SIZE, right: true, importance: 1 },
    { key: 'size', title: 'SIZE', width: SIZE, right: true, importance: 3 },
    { key: 'bar', title: '', width: 8, importance: 2 },
    { key: 'files', title: 'FILES', width: 7, right: true, importance: 6 },
    { key: 'images', title: 'IMAGES', width: 8, right: true, importance: 4 },
    { key: 'containers', title: 'CONTAINERS', width: 10, right: true, importance: 5 },
    { key: 'tree', title: 'LAYER', width: 40, grows: true, narrow: 24, importance: 0 },
  ],
  containers: [
    { key: 'name', title: 'CONTAINER', width: 16, grows: true, narrow: 12, importance: 0 },
    { key: 'id', title: 'ID', width: 12, importance: 10 },
    { key: 'state', title: 'STATE', width: 10, importance: 2 },
    { key: 'image', title: 'IMAGE', width: 16, grows: true, importance: 5 },
    { key: 'created', title: 'CREATED', width: AGE, importance: 7 },
    { key: 'volumes', title: 'VOLS', width: 6, right: true, importance: 8 },
    { key: 'size', title: 'SIZE', width: SIZE, right: true, importance: 6 },
    { key: 'disk', title: 'DISK', width: SIZE, right: true, importance: 4 },
    { key: 'logs', title: 'LOGS', width: SIZE, right: true, importance: 3 },
    // A small container may have a log that fills the disk.
    { key: 'total', title: 'TOTAL', width: SIZE, right: true, importance: 1 },
    { key: 'bar', title: '', width: 10, importance: 9 },
  ],
  volumes: [
    { key: 'name', title: 'VOLUME', width: 20, grows: true, narrow: 16, importance: 0 },
    { key: 'driver', title: 'DRIVER', width: 8, importance: 7 },
    { key: 'anonymous', title: 'ANONYMOUS', width: 11, importance: 8 },
    { key: 'created', title: 'CREATED', width: AGE, importance: 4 },
    { key: 'links', title: 'LINKS', width: 7, right: true, importance: 3 },
    { key: 'files', title: 'FILES', width: 7, right: true, importance: 5 },
    { key: 'size', title: 'SIZE', width: SIZE, right: true, importance: 6 },
    { key: 'disk', title: 'DISK', width: SIZE, right: true, importance: 1 },
    { key: 'users', title: 'USED BY', width: 16, grows: true, narrow: 9, importance: 2 },
    { key: 'bar', title: '', width: 10, importance: 9 },
  ],
  cache: [
    {
      key: 'description',
      title: 'BUILD CACHE',
      width: 22,
      grows: true,
      narrow: 16,
      full: true,
      importance: 0,
    },
    { key: 'id', title: 'ID', width: 12, importance: 8 },
    { key: 'type', title: 'TYPE', width: 12, importance: 4 },
    { key: 'last-used', title: 'LAST USED', width: AGE, importance: 3 },
    { key: 'created', title: 'CREATED', width: AGE, importance: 9 },
    { key: 'usage', title: 'USES', width: 6, right: true, importance: 6 },
    { key: 'shared', title: 'SHARED', width: 8, importance: 5 },
    { key: 'size', title: 'SIZE', width: SIZE, right: true, importance: 2 },
    { key: 'disk', title: 'DISK', width: SIZE, right: true, importance: 1 },
    { key: 'bar', title: '', width: 10, importance: 7 },
  ],
  files: [
    { key: 'disk', title: 'DISK', width: SIZE, right: true, importance: 1 },
    { key: 'bar', title: '', width: 10, importance: 2 },
    { key: 'share', title: 'SHARE', width: 6, right: true, importance: 3 },
    { key: 'size', title: 'SIZE', width: SIZE, right: true, importance: 5 },
    { key: 'count', title: 'INODES', width: 8, right: true, importance: 4 },
    { key: 'age', title: 'MODIFIED', width: AGE, importance: 6 },
    { key: 'name', title: 'NAME', width: 20, grows: true, importance: 0 },
  ],
}

/** What `s` goes through: every column that can be compared, the forest, and the build cache by kind. */
export const sortKeys = (view: ListViewId): string[] => {
  const keys = LIST_COLUMNS[view].flatMap(({ key }) =>
    key === 'bar' || key === 'share' ? [] : key === 'tree' ? ['forest'] : [key],
  )
  // Its tree is one of headings, which no column shows.
  return view === 'cache' ? ['forest', ...keys] : keys
}

/** Figures and times begin with the largest and newest, texts with A. */
export const startsDescending = (view: ListViewId, key: string): boolean =>
  LIST_COLUMNS[view].some((column) => column.key === key && (column.right === true || column.width === AGE))
