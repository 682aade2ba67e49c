import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FILE = fileURLToPath(new URL('baseline.json', import.meta.url))

/** A ratio may be worse than the stored one by so much before a check fails. */
export const ALLOWED = 1.25

/**
 * The ratios of earlier runs, by what the generated root held: on another root they mean something else.
 *
 * @returns {Record<string, { node: string, date: string, ratios: Record<string, number> }>}
 */
const stored = () => (existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {})

const keyOf = ({ images, layersPerImage, filesPerLayer, containers, volumes, seed }) =>
  `${images} images, ${layersPerImage} layers each, ${filesPerLayer} files per layer, ${containers} containers, ${volumes} volumes, seed ${seed}`

/** @param {import('./table.mjs').Row} row */
const nameOf = ({ what, against }) => `${what} / ${against}`

/** Keeps the ratios of these rows, in the place of those that stood there before. */
export function saveBaseline(parameters, rows) {
  const all = stored()
  const ratios = { ...all[keyOf(parameters)]?.ratios }
  for (const row of rows) if (row.ratio !== null) ratios[nameOf(row)] = Number(row.ratio.toPrecision(3))
  const entry = { node: process.version, date: new Date().toISOString().slice(0, 10), ratios }
  writeFileSync(FILE, `${JSON.stringify({ ...all, [keyOf(parameters)]: entry }, null, 2)}\n`)
}

/** Throws where nothing is kept for such a root. */
export function requireBaseline(parameters) {
  if (stored()[keyOf(parameters)] === undefined)
    throw new Error(`no ratios of ${keyOf(parameters)} are kept; --save keeps them`)
}

/**
 * The rows whose ratio is worse than the stored one by more than a quarter, or that could not be measured any more.
 *
 * @param {import('./table.mjs').Row[]} rows
 */
export function worseThanBaseline(parameters, rows, before = stored()[keyOf(parameters)]?.ratios ?? {}) {
  return rows.flatMap((row) => {
    const ratio = before[nameOf(row)]
    // A measure that failed has one row under its own name: then all that it measured before is missing.
    if (ratio === undefined) return row.what === row.measure ? [{ ...row, before: null }] : []
    return row.ratio === null || row.ratio > ratio * ALLOWED ? [{ ...row, before: ratio }] : []
  })
}
