import { escapeJson } from './escape.ts'

/**
 * An object as JSON in pieces, each element of its lists on a line of its own: a report of a large host has tens of
 * megabytes, which need not be held twice, and can be searched line by line.
 */
export function* jsonPieces(object: object): Generator<string> {
  let separator = '{\n'
  for (const [key, value] of Object.entries(object)) {
    yield `${separator}  ${JSON.stringify(key)}: `
    separator = ',\n'
    if (Array.isArray(value) && value.length > 0) yield* arrayPieces(value)
    else yield escapeJson(JSON.stringify(value))
  }
  yield separator === ',\n' ? '\n}' : '{}'
}

function* arrayPieces(values: readonly unknown[]): Generator<string> {
  let separator = '[\n    '
  for (const value of values) {
    yield separator + escapeJson(JSON.stringify(value))
    separator = ',\n    '
  }
  yield '\n  ]'
}
