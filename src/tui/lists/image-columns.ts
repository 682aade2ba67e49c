import { imageLabel } from '../../report/forest.ts'
import { freedBytes, type Holder, holdersOf } from '../../report/holders.ts'
import type { Report } from '../../report/schema.ts'
import { type Cell, type Column, cellOf, type Display, type Table, textCell } from '../../report/table.ts'
import { type ImageRow, imageTable } from '../../report/tables/images.ts'

/** Who holds what an image would free otherwise, in a word that fits behind 0B. */
const WORDS: Readonly<Record<Holder, string>> = {
  containers: 'used',
  'other images': 'shared',
  'build cache': 'cache',
}

/** The table of images as the list has room for it. */
export const listedImages = (report: Report): Table<ImageRow> => ({
  columns: imageTable.columns.map((column): Column<ImageRow> => {
    if (column.key === 'name') return { ...column, cell: (row, display) => nameCell(column, row, display) }
    // What holds its layers is not what an image is found by.
    if (column.key === 'freed')
      return { ...column, searched: false, cell: (row, display) => freedCell(report, column, row, display) }
    return column
  }),
})

/** An image without a name goes by its short id: the column of ids is the first to go on a narrow screen. */
const nameCell = (column: Column<ImageRow>, row: ImageRow, display: Display): Cell =>
  row.image.tags.length > 0 ? column.cell(row, display) : textCell(imageLabel(row.image))

function freedCell(report: Report, column: Column<ImageRow>, row: ImageRow, display: Display): Cell {
  const cell = column.cell(row, display)
  if (freedBytes(row.image) !== 0) return cell
  return cellOf(cell.value, () => {
    const [holder] = holdersOf(report, row.image)
    return holder === undefined ? cell.text : `${cell.text} ${WORDS[holder]}`
  })
}
