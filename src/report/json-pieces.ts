import { escapeJson } from './escape.ts'

/**
 * An object as JSON in pieces, each element of its lists on a line of its own: a report of a large host has tens of
 * megabytes, which need not be held twice, and can be searched line by line. What can be gone through is a list.
 */
export function* jsonPieces(object: object): Generator<string> {
  let separator = '{\n'
  for (const [key, value] of Object.entries(object)) {
    yield `${separator}  ${JSON.stringify(key)}: `
    separator = ',\n'
    if (isList(value)) yield* listPieces(value)
    else yield escapeJson(JSON.stringify(value))
  }
  yield separator === ',\n' ? '\n}' : '{}'
}

const isList = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value

function* listPieces(values: Iterable<unknown>): Generator<string> {
  let separator = '[\n    '
  for (const value of values) {
    yield separator + escapeJson(JSON.stringify(value))
    separator = ',\n    '
  }
  yield separator === ',\n    ' ? '\n  ]' : '[]'
}
