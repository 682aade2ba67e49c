import { padEnd } from '../../report/width.ts'
import { wrapText } from '../../report/wrap.ts'
import type { ObjectRef } from '../objects.ts'
import type { Question } from '../questions.ts'
import type { ListViewId, Place, Sort } from '../state.ts'
import { EMPTY_LINE, type Line, type Span, type Style, span } from '../text/line.ts'

/** Where Enter leads. */
export type Target =
  | {
      readonly kind: 'object'
      readonly ref: ObjectRef
      /** The line of its page that is meant. */
      readonly item?: string
    }
  | {
      readonly kind: 'list'
      readonly view: ListViewId
      readonly sort?: Sort
      readonly filter?: string
      /** With the steps of builds. */
      readonly all?: boolean
      /** The category of the ledger that the list shows the objects of. */
      readonly category?: string
    }
  /** The entries of a directory. */
  | { readonly kind: 'directory'; readonly place: Place }
  /** What is known of one file. */
  | { readonly kind: 'entry'; readonly place: Place }
  /** All findings, or those of one code. */
  | { readonly kind: 'findings'; readonly code?: string }
  | { readonly kind: 'ways' }
  /** What the engines say themselves. */
  | { readonly kind: 'engine-views' }
  | { readonly kind: 'file'; readonly root: string; readonly path: string }
  | { readonly kind: 'command-plan'; readonly root: string; readonly command: string }
  | { readonly kind: 'category'; readonly category: string; readonly item?: string }
  /** The largest things of any kind. */
  | { readonly kind: 'largest' }

/** A part of a page that can be selected: one or more lines. */
export interface Item {
  /** What names it across refreshes and resizes. */
  readonly key: string
  readonly start: number
  /** The line after its last. */
  readonly end: number
  readonly target: Target | null
  /** The commands that the lines are about, one in a line, as they may be typed. */
  readonly command: string | null
  /** No page begins with it: it is selected when somebody goes there. */
  readonly isAside: boolean
}

export interface PageText {
  readonly lines: readonly Line[]
  readonly items: readonly Item[]
  /** What has to be known for this text, answered or not. */
  readonly questions: readonly Question[]
}

const LABEL_WIDTH = 12
/** More of one value pushes all others off the page; what is printed after leaving breaks no lines and has all of it. */
const MOST_LINES = 40

/** Collects the lines of a page of text, each without the column in which the selection is marked. */
export class PageWriter {
  readonly #lines: Line[] = []
  readonly #items: Item[] = []
  readonly #questions: Question[] = []
  /** The columns that a line may take. */
  readonly width: number

  constructor(width: number) {
    this.width = width
  }

  add(...spans: Span[]): void {
    this.#lines.push(spans)
  }

  /** One empty line, never two in a row and none at the start. */
  blank(): void {
    const last = this.#lines.at(-1)
    if (last !== undefined && last.length > 0) this.#lines.push(EMPTY_LINE)
  }

  heading(text: string, note = ''): void {
    this.blank()
    this.add(span(text, 'strong'), ...(note === '' ? [] : [span(`  ${note}`, 'faint')]))
  }

  /** A sentence, broken where the page ends. */
  sentence(text: string, style: Style = 'plain', indent = 0): void {
    for (const part of wrapText(text, this.width - indent)) this.add(span(' '.repeat(indent) + part, style))
  }

  /** A named value, continued under itself where it is long. */
  field(label: string, value: string, style: Style = 'plain'): void {
    const parts = wrapText(value, this.width - LABEL_WIDTH)
    for (const [index, part] of parts.slice(0, MOST_LINES).entries())
      this.add(span(padEnd(index === 0 ? label : '', LABEL_WIDTH), 'faint'), span(part, style))
    if (parts.length > MOST_LINES)
      this.add(span(`${' '.repeat(LABEL_WIDTH)}and ${parts.length - MOST_LINES} lines more`, 'faint'))
  }

  /** An id; the name of its hash is left out where the line has no room for it. */
  id(label: string, id: string): void {
    const fits = id.length <= this.width - LABEL_WIDTH
    this.field(label, fits ? id : id.replace(/^sha256:/, ''))
  }

  /** Lines that are selected together. */
  item(key: string, target: Target | null, write: () => void, command: string | null = null): void {
    this.#item(key, target, write, command, false)
  }

  /** The same for lines that lead somewhere and are not what the page begins with. */
  aside(key: string, target: Target, write: () => void): void {
    this.#item(key, target, write, null, true)
  }

  #item(
    key: string,
    target: Target | null,
    write: () => void,
    command: string | null,
    isAside: boolean,
  ): void {
    const start = this.#lines.length
    write()
    this.#items.push({ key, start, end: this.#lines.length, target, command, isAside })
  }

  /** A named path that leads to what lies there. */
  path(label: string, root: string, path: string, isFile = false): void {
    const kind = isFile ? 'entry' : 'directory'
    this.item(`${kind} ${path}`, { kind, place: { root, path } }, () => this.field(label, path))
  }

  /** A path behind its bytes, continued under itself where it is long. */
  pathLine(bytes: string, path: string): void {
    for (const [index, part] of wrapText(path, this.width - bytes.length - 2).entries())
      this.add(span(`${index === 0 ? bytes : ' '.repeat(bytes.length)}  `, 'strong'), span(part))
  }

  /** A named value that leads to an object. */
  link(label: string, key: string, ref: ObjectRef, ...spans: Span[]): void {
    this.item(key, { kind: 'object', ref }, () =>
      this.add(span(padEnd(label, LABEL_WIDTH), 'faint'), ...spans),
    )
  }

  /** The text depends on this answer: it is asked for while the page is on screen. */
  needs(question: Question): void {
    this.#questions.push(question)
  }

  get text(): PageText {
    return { lines: this.#lines, items: this.#items, questions: this.#questions }
  }
}
