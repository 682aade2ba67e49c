import { type FilterToken, FilterTokens } from './filter-tokens.ts'
import { CACHE_REFUSED, Refused } from './filters.ts'

/** One condition on a field of an object; `present` asks only whether it has it. */
export interface Selector {
  readonly field: string
  readonly operator: 'present' | '==' | '!=' | '~='
  readonly value: string
}

/**
 * Reads conditions as containerd writes them, `type==regular,id~=/^a.*b$/`: all have to hold. Throws Refused with what
 * docker says of a text that is none (containerd filters/parser.go).
 */
export function parseSelectors(expression: string, beginning = CACHE_REFUSED): Selector[] {
  const parser = new Parser(expression, beginning)
  const selectors = [parser.selector()]
  while (parser.takesComma()) selectors.push(parser.selector())
  return selectors
}

class Parser {
  readonly #tokens: FilterTokens
  readonly #beginning: string

  constructor(expression: string, beginning: string) {
    this.#beginning = beginning
    this.#tokens = new FilterTokens(expression)
  }

  selector(): Selector {
    const field = this.#field()
    // Of a path of fields only the first one means anything for the build cache.
    while (this.#tokens.peek() === '.') {
      this.#tokens.next()
      this.#field()
    }
    const ahead = this.#tokens.peek()
    if (ahead === ',' || ahead === null) return { field, operator: 'present', value: '' }
    const operator = this.#operator()
    const token = this.#tokens.next()
    if (token.kind === 'quoted')
      return { field, operator, value: this.#unquoted(token, operator === '~=' ? '"/|' : '"') }
    if (token.kind !== 'value' && token.kind !== 'field') throw this.#error(token, 'expected value or quoted')
    return { field, operator, value: token.text }
  }

  /** Throws where anything but a comma or the end follows. */
  takesComma(): boolean {
    const ahead = this.#tokens.peek()
    if (ahead === null) return false
    if (ahead !== ',') throw this.#refused(this.#tokens.position, `unexpected input: ${ahead}`)
    this.#tokens.next()
    return true
  }

  #field(): string {
    const token = this.#tokens.next()
    if (token.kind === 'quoted') return this.#unquoted(token, '"')
    if (token.kind !== 'field') throw this.#error(token, 'expected field or quoted')
    return token.text
  }

  #operator(): '==' | '!=' | '~=' {
    const token = this.#tokens.next()
    if (token.kind !== 'operator') throw this.#error(token, 'expected an operator ("=="|"!="|"~=")')
    const { text } = token
    if (text === '==' || text === '!=' || text === '~=') return text
    throw this.#error(token, `unsupported operator ${JSON.stringify(text)}`)
  }

  /** Slashes and bars stand for quotes around patterns alone. */
  #unquoted(token: FilterToken, quotes: string): string {
    if (!quotes.includes(token.text.charAt(0))) throw this.#error(token, 'invalid quote encountered')
    const text = unescaped(token.text.slice(1, -1))
    if (text === null) throw this.#error(token, 'unquoting failed: quote syntax error')
    return text
  }

  #error(token: FilterToken, message: string): Refused {
    return this.#refused(token.position, token.kind === 'illegal' ? token.why : message)
  }

  #refused(position: number, message: string): Refused {
    const { expression } = this.#tokens
    const shown =
      position < expression.length
        ? `${expression.slice(0, position)} >|${expression.charAt(position)}|< ${expression.slice(position + 1)}`
        : expression
    return new Refused(
      `${this.#beginning}failed to parse prune filters [${expression}]: filters: parse error: [${shown}]: ${message}: invalid argument`,
    )
  }
}

const CONTROL: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** The text of a quoted literal without its escapes; null where one of them is too large for a character. */
function unescaped(text: string): string | null {
  let isValid = true
  const plain = text.replace(
    /\\(?:([0-7]{3})|[xuU]([0-9a-fA-F]+)|(.))/g,
    (_all, octal?: string, hex?: string, letter = '') => {
      if (octal === undefined && hex === undefined) return CONTROL[letter] ?? letter
      const code = Number.parseInt(octal ?? hex ?? '', octal === undefined ? 16 : 8)
      isValid &&= code <= (octal === undefined ? 0x10ffff : 255)
      return isValid ? String.fromCodePoint(code) : ''
    },
  )
  return isValid ? plain : null
}
