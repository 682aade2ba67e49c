import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ENTER_SCREEN, LEAVE_SCREEN } from '../../../src/tui/screen/modes.ts'
import { createScreen, type Screen } from '../../../src/tui/screen/screen.ts'
import { FakeOutput } from './fake-output.ts'
import { createTerminal } from './terminal.ts'

let output: FakeOutput
let screen: Screen
let closed: number

beforeEach(() => {
  vi.useFakeTimers()
  output = new FakeOutput(20, 4)
  closed = 0
  screen = createScreen({
    output,
    columns: 20,
    rows: 4,
    writeNow: (bytes) => output.write(bytes),
    onOutputClosed: () => closed++,
  })
})

afterEach(() => {
  screen.dispose()
  vi.useRealTimers()
})

function enterAndPaint(frame: string): void {
  screen.enter()
  screen.stdout.write(frame)
  vi.advanceTimersByTime(100)
  output.take()
}

describe('enter and leave', () => {
  test('take the terminal over and give it back, once', () => {
    screen.enter()
    expect(output.take()).toBe(ENTER_SCREEN)
    screen.leave()
    screen.leave()
    expect(output.take()).toBe(LEAVE_SCREEN)
  })

  test('undo each other', () => {
    for (const [, mode] of ENTER_SCREEN.matchAll(/\?(\d+)[hl]/g)) {
      expect(LEAVE_SCREEN).toContain(ENTER_SCREEN.includes(`?${mode}h`) ? `?${mode}l` : `?${mode}h`)
    }
  })

  test('nothing is written before the first and after the last', () => {
    screen.stdout.write('too early')
    vi.advanceTimersByTime(100)
    expect(output.take()).toBe('')
    enterAndPaint('frame')
    screen.stdout.write('late')
    screen.leave()
    vi.advanceTimersByTime(100)
    screen.stdout.write('too late')
    vi.advanceTimersByTime(100)
    expect(output.take()).toBe(LEAVE_SCREEN)
  })

  test('the last frame comes back with the screen', () => {
    enterAndPaint('frame')
    screen.leave()
    output.take()
    screen.enter()
    vi.advanceTimersByTime(100)
    expect(output.take()).toContain('frame')
  })
})

describe('frames', () => {
  test('of one turn are painted as one', () => {
    screen.enter()
    output.take()
    for (let count = 0; count < 50; count++) screen.stdout.write(`count ${count}`)
    expect(output.writes).toEqual([])
    vi.advanceTimersByTime(100)
    expect(output.writes).toHaveLength(1)
    expect(output.take()).toContain('count 49')
  })

  test('come at most 30 times a second', () => {
    screen.enter()
    output.take()
    for (let ms = 0; ms < 1000; ms += 5) {
      screen.stdout.write(`after ${ms} ms`)
      vi.advanceTimersByTime(5)
    }
    expect(output.writes.length).toBeGreaterThan(24)
    expect(output.writes.length).toBeLessThanOrEqual(31)
  })

  test('that follow a pause are painted at once', () => {
    enterAndPaint('one')
    screen.stdout.write('two')
    vi.advanceTimersByTime(1)
    expect(output.take()).not.toBe('')
  })

  test('that are the same, or show nothing, write nothing', () => {
    enterAndPaint('frame')
    for (const text of ['frame', '\x1b[?25h', '\x1b[2J\x1b[3J\x1b[H', '', '\n']) screen.stdout.write(text)
    vi.advanceTimersByTime(100)
    expect(output.take()).toBe('')
  })

  test('wait for a slow line, and only the newest is sent then', () => {
    screen.enter()
    output.take()
    output.isReady = false
    screen.stdout.write('first')
    vi.advanceTimersByTime(100)
    output.take()
    screen.stdout.write('second')
    vi.advanceTimersByTime(100)
    screen.stdout.write('third')
    vi.advanceTimersByTime(100)
    expect(output.take()).toBe('')
    output.isReady = true
    output.emit('drain')
    vi.advanceTimersByTime(100)
    expect(output.writes).toHaveLength(1)
    expect(output.take()).toMatch(/^\x1b\[Hth.*d/)
  })

  test('can be painted without waiting', () => {
    screen.enter()
    output.take()
    screen.stdout.write('now')
    screen.flush()
    expect(output.take()).toContain('now')
    vi.advanceTimersByTime(100)
    expect(output.take()).toBe('')
  })

  test('may come as bytes, and the writer is told when they are taken', async () => {
    const done = vi.fn()
    screen.enter()
    screen.stdout.write(Buffer.from('bytes ö'), 'utf8', done)
    await Promise.resolve()
    expect(done).toHaveBeenCalledOnce()
    screen.flush()
    expect(output.take()).toContain('bytes ö')
  })
})

describe('a new size', () => {
  test('is told to the renderer, whose next frame is painted on a cleared terminal', () => {
    enterAndPaint('wide frame')
    const heard = vi.fn(() => screen.stdout.write(`${screen.stdout.columns}x${screen.stdout.rows}`))
    screen.stdout.on('resize', heard)
    output.resize(10, 2)
    vi.advanceTimersByTime(100)
    expect(heard).toHaveBeenCalledOnce()
    expect(output.take()).toBe('\x1b[m\x1b[H\x1b[J10x2')
  })

  test('clips the last frame when the renderer says nothing', () => {
    enterAndPaint('a long first line\n2\n3\n4')
    output.resize(6, 2)
    vi.advanceTimersByTime(100)
    expect(output.take()).toBe('\x1b[m\x1b[H\x1b[Ja long\r\n2')
  })

  test('of nothing is ignored', () => {
    enterAndPaint('frame')
    output.resize(0, 0)
    vi.advanceTimersByTime(100)
    expect(screen.size).toEqual({ columns: 20, rows: 4 })
    expect(output.take()).toBe('')
  })

  test('that came while away is known on return', () => {
    enterAndPaint('frame')
    screen.leave()
    output.columns = 33
    screen.enter()
    expect(screen.size.columns).toBe(33)
  })
})

describe('a reader that went away', () => {
  test('ends the program quietly', () => {
    enterAndPaint('frame')
    output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect(closed).toBe(1)
    screen.stdout.write('more')
    vi.advanceTimersByTime(100)
    expect(output.take()).toBe('')
  })

  test('is not confused with another error', () => {
    screen.enter()
    expect(() => output.emit('error', new Error('no space'))).toThrow('no space')
    expect(closed).toBe(0)
  })
})

test('a terminal shows the frames, in its alternate screen, and what was there before afterwards', async () => {
  vi.useRealTimers()
  const terminal = createTerminal({ columns: 20, rows: 4 })
  await terminal.show('$ layerscope\r\n')
  screen.enter()
  screen.stdout.write('one\n\x1b[7mtwo\x1b[27m')
  screen.flush()
  screen.stdout.write('\x1b[7mone\x1b[27m\ntwo')
  screen.flush()
  await terminal.show(output.take())
  expect(terminal.isAlternate).toBe(true)
  expect(terminal.text()).toEqual(['one', 'two', '', ''])
  screen.leave()
  await terminal.show(output.take())
  expect(terminal.isAlternate).toBe(false)
  expect(terminal.text()).toEqual(['$ layerscope', '', '', ''])
  terminal.dispose()
})
