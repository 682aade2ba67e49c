import { StringDecoder } from 'node:string_decoder'
import { characterKey, csiKey, ss3Key } from './key-names.ts'

/** A key press by name ("j", "J", "space", "ctrl-c", "shift-up"), or a pasted text with its line ends as \n. */
export type KeyEvent =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'paste'; readonly text: string }

/** What a read brought; the Esc that was reported last may have been the beginning of the key that follows. */
export type KeyRead = KeyEvent | { readonly kind: 'not-esc' }

/** Turns the bytes of a terminal into keys, however the reads cut them. */
export interface KeyDecoder {
  /** The keys that are complete with these bytes. */
  feed(bytes: Uint8Array): KeyRead[]
  /** Nothing more came for a while: what waits was a lone Esc. */
  flush(): KeyEvent[]
  /** True while an Esc waits to be told apart from the start of a sequence. */
  readonly isWaiting: boolean
  /** True while the rest of an arrow key would still belong to the Esc that was reported. */
  readonly isInDoubt: boolean
  /** Nothing came for so long that the Esc was one. */
  settle(): void
}

/** The keyboard; `process.stdin` is one. */
export interface KeyInput {
  readonly isTTY?: boolean
  setRawMode?(isRaw: boolean): unknown
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown
  on(event: 'end' | 'error', listener: () => void): unknown
  off(event: 'data', listener: (chunk: Buffer | string) => void): unknown
  off(event: 'end' | 'error', listener: () => void): unknown
  resume(): unknown
  pause(): unknown
}

const ESC = '\x1b'
const PASTE_END = '\x1b[201~'
/** The beginning of a terminal's answer, or Esc and then the key `]`. */
const OSC_START = '\x1b]'

/** On a slow line the parts of one arrow key arrive this far apart; a person cannot type so fast. */
const LONE_ESC_AFTER_MS = 40
/** On a slower one what follows an Esc for this long is still looked at: Esc has worked by then, and is taken back. */
const LATE_REST_MS = 160
/** The rest of a key that moves. Nobody types that at once, and so soon after Esc. */
const LATE_REST = /^\[(?:[A-DFH]|[1-8]~)/

/** A key or other sequence at the start of a text. */
interface Token {
  readonly length: number
  readonly key: string | null
  readonly startsPaste?: boolean
}

/** A decoder at the start of input. */
export function createKeyDecoder(): KeyDecoder {
  const decoder = new StringDecoder('utf8')
  /** An unfinished sequence, or inside a paste the text that may be the beginning of its end mark. */
  let rest = ''
  /** The parts of an unfinished paste; null outside of one. */
  let paste: string[] | null = null
  let isInDoubt = false

  /** Takes what belongs to the paste from the text; returns what follows it, null while the paste goes on. */
  const takePaste = (parts: string[], text: string): string | null => {
    const end = text.indexOf(PASTE_END)
    if (end >= 0) {
      parts.push(text.slice(0, end))
      return text.slice(end + PASTE_END.length)
    }
    const kept = lengthOfEndMarkStart(text)
    parts.push(text.slice(0, text.length - kept))
    rest = text.slice(text.length - kept)
    return null
  }

  return {
    get isWaiting() {
      return paste === null && rest !== ''
    },
    get isInDoubt() {
      return isInDoubt
    },
    settle() {
      isInDoubt = false
    },
    feed(bytes) {
      const events: KeyRead[] = []
      let text = rest + decoder.write(Buffer.from(bytes))
      rest = ''
      if (isInDoubt && LATE_REST.test(text)) {
        events.push({ kind: 'not-esc' })
        text = ESC + text
      }
      isInDoubt = false
      while (text !== '') {
        if (paste !== null) {
          const after = takePaste(paste, text)
          if (after === null) break
          events.push({ kind: 'paste', text: paste.join('').replace(/\r\n?/g, '\n') })
          paste = null
          text = after
          continue
        }
        const token = readToken(text)
        if (token === null) {
          rest = text
          break
        }
        if (token.key !== null) events.push({ kind: 'key', key: token.key })
        if (token.startsPaste === true) paste = []
        text = text.slice(token.length)
      }
      return events
    },
    flush() {
      if (paste !== null) return []
      const waiting = rest
      const isTyped = waiting === ESC || waiting === OSC_START
      // A started CSI or SS3 goes on waiting: its tail, taken for keys, would be commands that nobody typed.
      rest = isTyped || isStringStart(waiting) ? '' : waiting
      if (!isTyped) return []
      isInDoubt = waiting === ESC
      return [...waiting].map((each) => ({ kind: 'key', key: each === ESC ? 'esc' : each }))
    },
  }
}

/** Reads keys in raw mode, the keys of one read as one array; returns the function that stops it. */
export function readKeys(
  stdin: KeyInput,
  onEvents: (events: KeyRead[]) => void,
  onEnd: () => void = () => {},
): () => void {
  const decoder = createKeyDecoder()
  let timer: NodeJS.Timeout | undefined

  const report = (events: KeyRead[]): void => {
    if (events.length > 0) onEvents(events)
  }
  const onData = (chunk: Buffer | string): void => {
    clearTimeout(timer)
    const events = decoder.feed(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    if (decoder.isWaiting) timer = setTimeout(onQuiet, LONE_ESC_AFTER_MS)
    report(events)
  }
  const onQuiet = (): void => {
    const events = decoder.flush()
    if (decoder.isInDoubt) timer = setTimeout(() => decoder.settle(), LATE_REST_MS)
    report(events)
  }

  const setRaw = (isRaw: boolean): void => {
    if (stdin.isTTY !== true) return
    // A terminal that is gone cannot be set to anything.
    try {
      stdin.setRawMode?.(isRaw)
    } catch {}
  }
  setRaw(true)
  stdin.on('data', onData)
  stdin.on('end', onEnd)
  stdin.on('error', onEnd)
  stdin.resume()

  return () => {
    clearTimeout(timer)
    stdin.off('data', onData)
    stdin.off('end', onEnd)
    stdin.off('error', onEnd)
    setRaw(false)
    stdin.pause()
  }
}

/** The first key of the text; null when the text ends inside of it. */
function readToken(text: string): Token | null {
  if (!text.startsWith(ESC)) {
    const character = String.fromCodePoint(text.codePointAt(0) ?? 0)
    return { length: character.length, key: characterKey(character) }
  }
  const next = text.charAt(1)
  if (next === '') return null
  if (next === '[') return readCsi(text)
  if (next === 'O') return readSs3(text)
  if (text === OSC_START) return null
  if (isStringStart(text)) return readString(text)
  // The one key that hands know with Alt: it takes a word away, and nobody means Esc and then Backspace by it.
  if (next === '\x7f') return { length: 2, key: 'alt-backspace' }
  // No other command is held with Alt: this is Esc and then a key of its own, which the line carried together.
  return { length: 1, key: 'esc' }
}

function readCsi(text: string): Token | null {
  const match = /^\x1b\[(\[?[0-?]*)([ -/]*)/.exec(text)
  const [start = '', parameters = '', intermediates = ''] = match ?? []
  const final = text.charAt(start.length)
  if (final === '') return null
  // A character that cannot be in a sequence: what came before is broken, the character itself is not.
  if (!/[@-~]/.test(final)) return { length: start.length, key: null }
  const length = start.length + 1
  if (final === '~' && parameters === '200') return { length, key: null, startsPaste: true }
  // The oldest kind of mouse report has three bytes more.
  if (final === 'M' && parameters === '')
    return text.length < length + 3 ? null : { length: length + 3, key: null }
  return { length, key: intermediates === '' ? csiKey(parameters, final) : null }
}

function readSs3(text: string): Token | null {
  const final = text.charAt(2)
  if (final === '') return null
  // Some terminals put the number of the modifiers before the letter: not a key of ours, but one sequence.
  if (/\d/.test(final)) return text.length < 4 ? null : { length: 4, key: null }
  return /[@-~]/.test(final) ? { length: 3, key: ss3Key(final) } : { length: 2, key: null }
}

/** OSC, DCS, APC, PM and SOS: a terminal's answer to a question that another program asked. */
function readString(text: string): Token | null {
  const match = /\x07|\x1b\\/.exec(text.slice(2))
  return match === null ? null : { length: 2 + match.index + match[0].length, key: null }
}

/** What follows `ESC ]` in an answer is a number; in what a person types it may be anything. */
function isStringStart(text: string): boolean {
  return /^\x1b(?:[PX^_]|\]\d)/.test(text)
}

function lengthOfEndMarkStart(text: string): number {
  for (let length = Math.min(PASTE_END.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(PASTE_END.slice(0, length))) return length
  }
  return 0
}
