/**
 * @typedef {object} Row
 * @property {string} measure the group, as `--only` names it
 * @property {string} what
 * @property {string} against
 * @property {number | null} ratio the median of the pairs; null where nothing could be measured
 * @property {number} [lowest]
 * @property {number} [highest]
 * @property {number} [ours] in the unit
 * @property {number} [baseline] in the unit
 * @property {'s' | 'MB' | 'bytes' | 'exponent'} unit
 * @property {string} [aim]
 * @property {boolean} [met]
 * @property {string} [note]
 */

const HEADINGS = ['', 'against', 'ratio', 'pairs', 'aim', 'in passing']
const RIGHT_ALIGNED = new Set([2, 3])

/** Lays the rows out for people. */
export function renderTable(rows) {
  const lines = [HEADINGS, ...rows.map(cellsOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)))
  return lines
    .map((cells) =>
      cells
        .map((cell, column) =>
          RIGHT_ALIGNED.has(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** @param {Row} row */
function cellsOf(row) {
  const note = row.note === undefined ? '' : ` (${row.note})`
  if (row.ratio === null) return [row.what, row.against, '-', '', row.aim ?? '', `not available${note}`]
  const spread = row.lowest === undefined ? '' : `${ratioText(row.lowest)}-${ratioText(row.highest)}`
  const verdict = row.met === undefined ? '' : row.met ? ' met' : ' missed'
  const passing =
    row.ours === undefined ? '' : `${figure(row.ours, row.unit)} / ${figure(row.baseline, row.unit)}`
  return [
    row.what,
    row.against,
    ratioText(row.ratio),
    spread,
    `${row.aim ?? ''}${verdict}`,
    `${passing}${note}`,
  ]
}

const ratioText = (ratio) => (ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2))

function figure(value, unit) {
  switch (unit) {
    case 's':
      return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`
    case 'MB':
      return `${value.toFixed(0)} MB`
    case 'bytes':
      return `${Math.round(value)} B`
    default:
      return value.toFixed(2)
  }
}
