import { emptyNode, layerscope } from './processes.mjs'

const SIZE = { cols: 80, rows: 24 }
const FIRST_FRAME_LIMIT_MS = 20_000
const SETTLE_LIMIT_MS = 120_000
// biome-ignore format: one alternative for each kind of sequence
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])/g

/** The end of the last row of every frame. */
const LAST_WORD = /q quit/

/** The pseudo-terminal package; null where its binary does not load on this host. */
export async function loadPty() {
  try {
    return (await import('@lydell/node-pty')).default
  } catch {
    return null
  }
}

/** Milliseconds from the start to the end of an empty Node in a terminal. */
export function emptyStartMs(pty) {
  return new Promise((resolve) => {
    const start = performance.now()
    const child = open(pty, emptyNode)
    child.onExit(() => resolve(performance.now() - start))
  })
}

/** One run of the terminal UI. */
export class InterfaceRun {
  #child
  #output = ''
  #bytes = 0
  #lastOutputMs = performance.now()
  #startedMs = performance.now()
  #firstLineMs = null
  #firstFrameMs = null
  exited = false

  constructor(pty, root) {
    this.#child = open(pty, layerscope('--root', root))
    this.#child.onData((data) => {
      this.#lastOutputMs = performance.now()
      this.#bytes += Buffer.byteLength(data)
      if (this.#firstFrameMs !== null) return
      this.#output += data
      const ageMs = this.#lastOutputMs - this.#startedMs
      const content = contentOf(this.#output)
      if (content !== '') this.#firstLineMs ??= ageMs
      if (LAST_WORD.test(content)) this.#firstFrameMs = ageMs
    })
    this.#child.onExit(() => {
      this.exited = true
    })
  }

  /** All bytes written so far. */
  get bytes() {
    return this.#bytes
  }

  /** Milliseconds from the start to the first line on the screen; null where none came before the first frame was asked for. */
  get firstLineMs() {
    return this.#firstLineMs
  }

  /** Milliseconds from the start to the first whole frame on the screen; null where none came. */
  async firstFrameMs() {
    while (this.#firstFrameMs === null && !this.exited && this.#ageMs() < FIRST_FRAME_LIMIT_MS) await sleep(5)
    return this.#firstFrameMs
  }

  /** Waits until nothing was written for a while. False where it never came to rest. */
  async settle(quietMs) {
    const start = performance.now()
    while (performance.now() - this.#lastOutputMs < quietMs) {
      if (this.exited || performance.now() - start > SETTLE_LIMIT_MS) return false
      await sleep(Math.min(20, quietMs / 4))
    }
    return !this.exited
  }

  /** Types a key, and gives the bytes that were written in answer to it. */
  async type(key, quietMs) {
    const before = this.#bytes
    this.#lastOutputMs = performance.now()
    this.#child.write(key)
    await this.settle(quietMs)
    return this.#bytes - before
  }

  /** Ends the run: as a user does, then by force. */
  async end() {
    for (const act of [() => this.#child.write('q'), () => this.#child.kill('SIGKILL')]) {
      if (this.exited) return
      act()
      for (let waited = 0; !this.exited && waited < 1000; waited += 10) await sleep(10)
    }
  }

  #ageMs() {
    return performance.now() - this.#startedMs
  }
}

/** What stands on the UI's own screen; a message on the normal one is no part of it. */
function contentOf(output) {
  const screen = output.indexOf('\x1b[?1049h')
  if (screen === -1) return ''
  return output
    .slice(screen)
    .replace(ESCAPES, '')
    .replace(/[\x00-\x1f]/g, '')
    .trim()
}

function open(pty, [program, ...args]) {
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' }
  return pty.spawn(program, args, { ...SIZE, env, name: 'xterm-256color' })
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
