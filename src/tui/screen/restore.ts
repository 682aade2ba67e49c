import { writeAllSync } from './write-sync.ts'

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A stop that the system did not carry out (there is no shell to continue us) is over after this long. */
const STOP_IGNORED_AFTER_MS = 100

/** Something that holds the terminal and can give it back: the screen. */
export interface TerminalHolder {
  readonly isActive: boolean
  enter(): void
  leave(): void
}

/** The keyboard; `process.stdin` is one. */
export interface RawInput {
  readonly isTTY?: boolean
  readonly isRaw?: boolean
  setRawMode?(isRaw: boolean): unknown
}

/** The part of `process` that is used here. */
export interface RestoreHost {
  readonly pid: number
  on(event: string, listener: (...values: unknown[]) => void): unknown
  off(event: string, listener: (...values: unknown[]) => void): unknown
  removeAllListeners(event: string): unknown
  kill(pid: number, signal: NodeJS.Signals): unknown
  exit(code: number): unknown
}

export interface RestoreOptions {
  readonly screen: TerminalHolder
  readonly stdin: RawInput
  readonly host?: RestoreHost
  /** Says in text what went wrong, for the last words of a program that fails. The stack if not given. */
  readonly describe?: (error: unknown) => string
  readonly writeError?: (text: string) => void
}

/** The ways out of the screen. */
export interface Restore {
  /** Gives the terminal back; any further call does nothing. */
  restore(): void
  /** Gives the terminal back and stops the program as Ctrl-Z does; it takes the terminal again when continued. */
  suspend(): void
  /** The terminal is gone, and perhaps no signal told: the program ends as SIGHUP ends it. */
  hangUp(): void
  /** Restores, prints the error and ends the program with status 1. */
  fail(error: unknown): void
  /** Restores and stops watching for the end of the program. */
  uninstall(): void
}

/** From now on the terminal is given back however the program ends, and taken again when it is continued. */
export function installRestore(options: RestoreOptions): Restore {
  const { screen, stdin, host = process, describe = stackOf } = options
  const writeError = options.writeError ?? ((text: string) => writeAllSync(2, text))
  let wasRaw = false
  let isSuspended = false
  let hasFailed = false

  const setRaw = (isRaw: boolean): void => {
    if (stdin.isTTY !== true) return
    // A terminal that is gone cannot be set to anything.
    try {
      stdin.setRawMode?.(isRaw)
    } catch {}
  }

  const restore = (): void => {
    if (!screen.isActive) return
    wasRaw = stdin.isRaw === true
    screen.leave()
    if (wasRaw) setRaw(false)
  }

  const fail = (error: unknown): void => {
    restore()
    if (!hasFailed) writeError(`${describe(error)}\n`)
    hasFailed = true
    host.exit(1)
  }

  const endBySignal = (signal: NodeJS.Signals) => (): void => {
    restore()
    // Without a listener the signal ends the process, and whoever waits for it sees by which one.
    host.removeAllListeners(signal)
    host.kill(host.pid, signal)
  }

  const suspend = (): void => {
    if (isSuspended || !screen.isActive) return
    isSuspended = true
    restore()
    host.off('SIGTSTP', suspend)
    // Like the terminal does it: the whole process group, so that a program which started us stops as well.
    host.kill(0, 'SIGTSTP')
    setTimeout(resume, STOP_IGNORED_AFTER_MS)
  }

  const resume = (): void => {
    if (!isSuspended) return
    isSuspended = false
    host.on('SIGTSTP', suspend)
    screen.enter()
    setRaw(wasRaw)
    refreshSize()
  }

  /** Only the foreground program is told of a new window size: what happened while we were away we must ask for. */
  const refreshSize = (): void => {
    host.kill(host.pid, 'SIGWINCH')
  }

  const onContinue = (): void => {
    if (isSuspended) resume()
    else if (screen.isActive) takeBack()
  }

  const takeBack = (): void => {
    // Stopped without warning (SIGSTOP): the shell has used the terminal since, and may have left it in any mode.
    const isRaw = stdin.isRaw === true
    setRaw(false)
    setRaw(isRaw)
    screen.enter()
    refreshSize()
  }

  const listeners: [event: string, listener: (...values: unknown[]) => void][] = [
    ['exit', restore],
    ['uncaughtException', fail],
    ['unhandledRejection', fail],
    ['SIGTSTP', suspend],
    ['SIGCONT', onContinue],
    ...ENDING_SIGNALS.map((signal): [string, () => void] => [signal, endBySignal(signal)]),
  ]
  for (const [event, listener] of listeners) host.on(event, listener)

  return {
    restore,
    suspend,
    hangUp: endBySignal('SIGHUP'),
    fail,
    uninstall() {
      restore()
      isSuspended = false
      for (const [event, listener] of listeners) host.off(event, listener)
    },
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
