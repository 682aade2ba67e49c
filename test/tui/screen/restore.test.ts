import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { installRestore, type Restore } from '../../../src/tui/screen/restore.ts'

/** Stands for the process; what happens to it is kept in order. */
class FakeHost extends EventEmitter {
  readonly pid = 4711
  readonly #log: string[]

  constructor(log: string[]) {
    super()
    this.#log = log
  }

  kill(pid: number, signal: NodeJS.Signals): void {
    this.#log.push(`kill ${pid} ${signal} with ${this.listenerCount(signal)} listeners`)
  }

  exit(code: number): void {
    this.#log.push(`exit ${code}`)
    this.emit('exit', code)
  }
}

let log: string[]
let host: FakeHost
let restore: Restore
let stdin: { isTTY: boolean; isRaw: boolean; setRawMode(isRaw: boolean): void }

beforeEach(() => {
  vi.useFakeTimers()
  log = []
  host = new FakeHost(log)
  stdin = {
    isTTY: true,
    isRaw: true,
    setRawMode(isRaw) {
      stdin.isRaw = isRaw
      log.push(isRaw ? 'raw' : 'cooked')
    },
  }
  const screen = {
    isActive: true,
    enter() {
      screen.isActive = true
      log.push('enter')
    },
    leave() {
      screen.isActive = false
      log.push('leave')
    },
  }
  restore = installRestore({
    screen,
    stdin,
    host,
    describe: (error) => `error: ${error instanceof Error ? error.message : String(error)}`,
    writeError: (text) => log.push(text),
  })
})

afterEach(() => {
  vi.useRealTimers()
})

test('a terminal that is gone ends the program as SIGHUP does', () => {
  restore.hangUp()
  expect(log).toEqual(['leave', 'cooked', 'kill 4711 SIGHUP with 0 listeners'])
})

describe('the terminal is given back', () => {
  test('once, however often it is asked for', () => {
    restore.restore()
    restore.restore()
    host.emit('exit', 0)
    expect(log).toEqual(['leave', 'cooked'])
  })

  test('when the program exits', () => {
    host.emit('exit', 0)
    expect(log).toEqual(['leave', 'cooked'])
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`before ${signal} ends the program`, () => {
      host.on(signal, () => {})
      host.emit(signal)
      expect(log).toEqual(['leave', 'cooked', `kill 4711 ${signal} with 0 listeners`])
    })
  }

  for (const event of ['uncaughtException', 'unhandledRejection']) {
    test(`before the words about an ${event}`, () => {
      host.emit(event, new Error('broken'))
      expect(log).toEqual(['leave', 'cooked', 'error: broken\n', 'exit 1'])
    })
  }

  test('and the first of several errors is the one that is told', () => {
    host.emit('uncaughtException', new Error('first'))
    host.emit('unhandledRejection', new Error('second'))
    expect(log.filter((entry) => entry.startsWith('error'))).toEqual(['error: first\n'])
  })

  test('even if its mode cannot be set any more', () => {
    stdin.setRawMode = () => {
      throw new Error('EIO')
    }
    host.emit('SIGHUP')
    expect(log).toEqual(['leave', 'kill 4711 SIGHUP with 0 listeners'])
  })

  test('and not watched over after it is uninstalled', () => {
    restore.uninstall()
    expect(log).toEqual(['leave', 'cooked'])
    expect(host.eventNames()).toEqual([])
  })
})

describe('suspending', () => {
  const stopped = ['leave', 'cooked', 'kill 0 SIGTSTP with 0 listeners']
  const continued = ['enter', 'raw', 'kill 4711 SIGWINCH with 0 listeners']

  test('stops the process group, and takes the terminal again when continued', () => {
    restore.suspend()
    restore.suspend()
    expect(log.splice(0)).toEqual(stopped)
    host.emit('SIGCONT')
    vi.advanceTimersByTime(1000)
    expect(log).toEqual(continued)
    expect(host.listenerCount('SIGTSTP')).toBe(1)
  })

  test('happens as well when another program asks for it', () => {
    host.emit('SIGTSTP')
    expect(log).toEqual(stopped)
  })

  test('is over soon where nobody could continue the program', () => {
    restore.suspend()
    log.splice(0)
    vi.advanceTimersByTime(1000)
    expect(log).toEqual(continued)
  })

  test('leaves nothing to restore until continued', () => {
    restore.suspend()
    log.splice(0)
    host.emit('SIGTERM')
    expect(log).toEqual(['kill 4711 SIGTERM with 0 listeners'])
  })

  test('without warning is noticed when the program is continued', () => {
    host.emit('SIGCONT')
    expect(log).toEqual(['cooked', 'raw', 'enter', 'kill 4711 SIGWINCH with 0 listeners'])
  })
})
