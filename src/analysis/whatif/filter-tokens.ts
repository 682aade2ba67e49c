/** A piece of an expression, and where it begins. */
export type FilterToken =
  | {
      readonly kind: 'quoted' | 'value' | 'field' | 'separator' | 'operator' | 'other'
      readonly position: number
      readonly text: string
    }
  | { readonly kind: 'illegal'; readonly position: number; readonly text: string; readonly why: string }

const SPACES = /\s*/y
const OPERATOR = /[=!~]+/y
const FIELD = /[-\w]+/y
/** Whatever its first character is; what follows ends at a comma, a space or what cannot be seen. */
const VALUE = /.[^,\s\p{C}]*/suy

/** Cuts an expression in containerd's filter language into its pieces (containerd filters/scanner.go). */
export class FilterTokens {
  readonly expression: string
  #at = 0
  /** After an operator anything is a value up to the next comma or space. */
  #expectsValue = false

  constructor(expression: string) {
    this.expression = expression
  }

  get position(): number {
    return this.#at
  }

  /** The next character, spaces included; null at the end. */
  peek(): string | null {
    const code = this.expression.codePointAt(this.#at)
    return code === undefined ? null : String.fromCodePoint(code)
  }

  next(): FilterToken {
    this.#take(SPACES)
    const position = this.#at
    const first = this.peek()
    if (first === null) return { kind: 'other', position, text: '' }
    if ('/|"'.includes(first)) return this.#quoted(first)
    if (',.'.includes(first)) {
      this.#at++
      this.#expectsValue = false
      return { kind: 'separator', position, text: first }
    }
    const operator = this.#take(OPERATOR)
    if (operator !== '') {
      this.#expectsValue = true
      return { kind: 'operator', position, text: operator }
    }
    if (this.#expectsValue) {
      this.#expectsValue = false
      return { kind: 'value', position, text: this.#take(VALUE) }
    }
    const text = this.#take(FIELD)
    return { kind: text === '' ? 'other' : 'field', position, text }
  }

  /** A literal as Go writes it, with its quotes. */
  #quoted(quote: string): FilterToken {
    const position = this.#at
    const text = this.#take(literalAfter(quote))
    if (this.peek() === quote) {
      this.#at++
      return { kind: 'quoted', position, text: text + quote }
    }
    const isEscape = this.peek() === '\\'
    const isNumeric = isEscape && /[0-7xuU]/.test(this.expression.charAt(this.#at + 1))
    const why = isEscape
      ? `illegal ${isNumeric ? 'numeric ' : ''}escape sequence`
      : 'quoted literal not terminated'
    return { kind: 'illegal', position, text, why }
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const text = pattern.exec(this.expression)?.[0] ?? ''
    this.#at += text.length
    return text
  }
}

/** A quote and what may follow it up to the next: anything on the line, and Go's escapes. */
const literalAfter = (quote: string): RegExp =>
  new RegExp(
    `[${quote}](?:[^\\\\\\n${quote}]|\\\\(?:[abfnrtv\\\\${quote}]|[0-7]{3}|x[\\da-fA-F]{2}|u[\\da-fA-F]{4}|U[\\da-fA-F]{8}))*`,
    'uy',
  )
