export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<='

/** One part of a filter, all of which an object has to pass. */
export type Term = { readonly isNegated: boolean } & (
  | {
      readonly kind: 'word'
      readonly text: string
      /** Where it stood in quotes it is a text and never the name of a flag. */
      readonly isQuoted: boolean
    }
  | {
      readonly kind: 'comparison'
      /** As it was typed, for what is said of it. */
      readonly source: string
      readonly key: string
      readonly operator: Operator
      readonly wanted: string
    }
)

// A minus or an exclamation mark, then a comparison or a word; either's text may stand in quotes, blanks and all.
const TERM =
  /([-!]?)(?:([A-Za-z][A-Za-z-]*)[ \t]*(!=|>=|<=|=|>|<)[ \t]*((?:[^\s"]|"[^"]*(?:"|$))*)|"([^"]*)(?:"|$)|(\S+))/g

/**
 * Takes a filter apart as the command line and the terminal UI both understand it: plain words, `"two words"`,
 * `size>1G`, `label=a=b`, each turned round by `-` or `!` before it. Any text is a filter: what its keys mean is for the
 * table to say.
 */
export function parseFilter(text: string): Term[] {
  return [...text.matchAll(TERM)].flatMap((match): Term[] => {
    const [source, sign = '', key, operator, wanted = '', quoted, word = ''] = match
    const isNegated = sign !== ''
    if (key !== undefined)
      return [
        {
          kind: 'comparison',
          isNegated,
          source: source.trim(),
          key: key.toLowerCase(),
          operator: operator as Operator,
          wanted: wanted.replaceAll('"', ''),
        },
      ]
    if (quoted !== undefined)
      return quoted === '' ? [] : [{ kind: 'word', isNegated, text: quoted.toLowerCase(), isQuoted: true }]
    return [{ kind: 'word', isNegated, text: word.toLowerCase(), isQuoted: false }]
  })
}
