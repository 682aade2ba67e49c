import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createKeyDecoder, type KeyRead, readKeys } from '../../../src/tui/screen/keys.ts'

function events(...reads: (string | Uint8Array)[]): KeyRead[] {
  const decoder = createKeyDecoder()
  const fed = reads.flatMap((read) => decoder.feed(Buffer.from(read as string)))
  return [...fed, ...decoder.flush()]
}

/** Keys by name, pastes in quotes. */
function names(...reads: (string | Uint8Array)[]): string[] {
  return events(...reads).map((event) =>
    event.kind === 'key' ? event.key : event.kind === 'paste' ? JSON.stringify(event.text) : event.kind,
  )
}

describe('a key', () => {
  test('that shows is its character', () => {
    expect(names('jJ/é世👍~')).toEqual(['j', 'J', '/', 'é', '世', '👍', '~'])
  })

  test('that does not show has a name', () => {
    expect(names(' \r\n\t\x7f\x08')).toEqual(['space', 'enter', 'enter', 'tab', 'backspace', 'backspace'])
    expect(names('\x01\x03\x1a\x00\x1c\x1f')).toEqual([
      'ctrl-a',
      'ctrl-c',
      'ctrl-z',
      'ctrl-space',
      'ctrl-\\',
      'ctrl-_',
    ])
  })

  test.each([
    ['\x1b[A', 'up'],
    ['\x1b[B', 'down'],
    ['\x1b[C', 'right'],
    ['\x1b[D', 'left'],
    ['\x1bOA', 'up'],
    ['\x1b[H', 'home'],
    ['\x1b[F', 'end'],
    ['\x1bOH', 'home'],
    ['\x1b[1~', 'home'],
    ['\x1b[4~', 'end'],
    ['\x1b[7~', 'home'],
    ['\x1b[8~', 'end'],
    ['\x1b[2~', 'insert'],
    ['\x1b[3~', 'delete'],
    ['\x1b[5~', 'pageup'],
    ['\x1b[6~', 'pagedown'],
    ['\x1b[Z', 'shift-tab'],
    ['\x1bOP', 'f1'],
    ['\x1bOS', 'f4'],
    ['\x1b[11~', 'f1'],
    ['\x1b[[A', 'f1'],
    ['\x1b[[E', 'f5'],
    ['\x1b[15~', 'f5'],
    ['\x1b[17~', 'f6'],
    ['\x1b[21~', 'f10'],
    ['\x1b[24~', 'f12'],
    ['\x1bOM', 'enter'],
  ])('sent as %j is %s', (bytes, name) => {
    expect(names(bytes)).toEqual([name])
  })

  test.each([
    ['\x1b[1;2A', 'shift-up'],
    ['\x1b[1;5C', 'ctrl-right'],
    ['\x1b[1;3D', 'alt-left'],
    ['\x1b[1;8H', 'ctrl-alt-shift-home'],
    ['\x1b[3;5~', 'ctrl-delete'],
    ['\x1b[1;5P', 'ctrl-f1'],
    ['\x1b[106;5u', 'ctrl-j'],
    ['\x1b[74;2u', 'J'],
    ['\x1b[106;4u', 'alt-J'],
    ['\x1b[27u', 'esc'],
    ['\x1b[13;2u', 'shift-enter'],
    ['\x1b[27;5;105~', 'ctrl-i'],
    ['\x1b\x7f', 'alt-backspace'],
  ])('with modifiers sent as %j is %s', (bytes, name) => {
    expect(names(bytes)).toEqual([name])
  })
})

describe('Esc', () => {
  test('is told when nothing follows', () => {
    const decoder = createKeyDecoder()
    expect(decoder.feed(Buffer.from('\x1b'))).toEqual([])
    expect(decoder.isWaiting).toBe(true)
    expect(decoder.flush()).toEqual([{ kind: 'key', key: 'esc' }])
    expect(decoder.isWaiting).toBe(false)
    expect(decoder.flush()).toEqual([])
  })

  test('twice is two keys, and the second may begin an arrow', () => {
    expect(names('\x1b\x1b')).toEqual(['esc', 'esc'])
    expect(names('\x1b\x1b[A')).toEqual(['esc', 'up'])
  })

  test('and what is typed after it stay two keys where the line carries them together', () => {
    expect(names('\x1b/')).toEqual(['esc', '/'])
    expect(names('\x1b\x1b/shop\r')).toEqual(['esc', 'esc', '/', 's', 'h', 'o', 'p', 'enter'])
    expect(names('\x1bé\x1b\r\x1b ')).toEqual(['esc', 'é', 'esc', 'enter', 'esc', 'space'])
    expect(names('\x1b', '/')).toEqual(['esc', '/'])
  })

  test('and a bracket are two keys, and no answer of a terminal', () => {
    expect(names('\x1b]')).toEqual(['esc', ']'])
    expect(names('\x1b]j')).toEqual(['esc', ']', 'j'])
    expect(names('\x1b]', '11;rgb:0/0/0\x07j')).toEqual(['j'])
  })

  test('as the first read of an arrow is the arrow', () => {
    expect(names('\x1b', '[A', 'j')).toEqual(['up', 'j'])
  })

  test('is taken back where the rest of an arrow comes soon after it was told', () => {
    const rest = (read: string, settled = false): KeyRead[] => {
      const decoder = createKeyDecoder()
      decoder.feed(Buffer.from('\x1b'))
      decoder.flush()
      expect(decoder.isInDoubt).toBe(true)
      if (settled) decoder.settle()
      const events = decoder.feed(Buffer.from(read))
      expect(decoder.isInDoubt).toBe(false)
      return events
    }
    const key = (name: string): KeyRead => ({ kind: 'key', key: name })
    expect(rest('[A')).toEqual([{ kind: 'not-esc' }, key('up')])
    expect(rest('[6~j')).toEqual([{ kind: 'not-esc' }, key('pagedown'), key('j')])
    // These may be typed: commands that stay what they are.
    expect(rest('[')).toEqual([key('[')])
    expect(rest('jj')).toEqual([key('j'), key('j')])
    expect(rest('[A', true)).toEqual([key('['), key('A')])
  })

  test('and more of a sequence goes on waiting, however long the rest takes', () => {
    const decoder = createKeyDecoder()
    expect(decoder.feed(Buffer.from('\x1b[1;'))).toEqual([])
    expect(decoder.flush()).toEqual([])
    expect(decoder.feed(Buffer.from('5Dj'))).toEqual([
      { kind: 'key', key: 'ctrl-left' },
      { kind: 'key', key: 'j' },
    ])
  })
})

describe('what is no key', () => {
  test('is swallowed as a whole', () => {
    const answers = [
      '\x1b[?1;2c',
      '\x1b[12;40R',
      '\x1b[I',
      '\x1b[?2026;2$y',
      '\x1b]11;rgb:0/0/0\x07',
      '\x1bP1$r0m\x1b\\',
    ]
    for (const bytes of [...answers, '\x1b[<0;3;4M', '\x1b[M !!', '\x1b[99~', '\x1bO5P', '\x9b']) {
      expect(names(`${bytes}j`)).toEqual(['j'])
    }
  })

  test('does not take the keys after it along when it is broken', () => {
    expect(names('\x1b[1;\rj')).toEqual(['enter', 'j'])
    expect(names('\x1b[\x1b[A')).toEqual(['up'])
  })

  test('may be bytes that are no text', () => {
    expect(names(Uint8Array.of(0x6a, 0xff, 0xfe, 0x6b))).toEqual(['j', 'k'])
  })

  test('does not lock the keyboard when it never ends', () => {
    const decoder = createKeyDecoder()
    decoder.feed(Buffer.from('\x1b]1'))
    expect(decoder.flush()).toEqual([])
    expect(decoder.feed(Buffer.from('j'))).toEqual([{ kind: 'key', key: 'j' }])
  })
})

describe('a paste', () => {
  test('is one text, whatever is in it', () => {
    expect(names('\x1b[200~q\x1b[A\x03 ä\x1b[201~j')).toEqual([JSON.stringify('q\x1b[A\x03 ä'), 'j'])
  })

  test('has its line ends made equal', () => {
    expect(events('\x1b[200~a\rb\r\nc\nd\x1b[201~')).toEqual([{ kind: 'paste', text: 'a\nb\nc\nd' }])
  })

  test('is not ended by time', () => {
    const decoder = createKeyDecoder()
    decoder.feed(Buffer.from('\x1b[200~a\x1b'))
    expect(decoder.isWaiting).toBe(false)
    expect(decoder.flush()).toEqual([])
    expect(decoder.feed(Buffer.from('[201~'))).toEqual([{ kind: 'paste', text: 'a' }])
  })
})

const PIECES: readonly (readonly [bytes: string, name: string])[] = [
  ['j', 'j'],
  ['é', 'é'],
  ['👍', '👍'],
  ['\r', 'enter'],
  ['\x03', 'ctrl-c'],
  ['\x1b[A', 'up'],
  ['\x1bOB', 'down'],
  ['\x1b[1;5C', 'ctrl-right'],
  ['\x1b[15~', 'f5'],
  ['\x1b[[B', 'f2'],
  ['\x1b[Z', 'shift-tab'],
  ['\x1b\x7f', 'alt-backspace'],
  ['\x1b[200~pas\rted ö\x1b[\x1b[201~', JSON.stringify('pas\nted ö\x1b[')],
]

test('the same keys come out however the reads cut them', () => {
  const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 20 })
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(60), { maxLength: 20 }), (keys, cuts) => {
      const bytes = Buffer.from(keys.map(([sequence]) => sequence).join(''))
      const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
      const reads = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
      expect(names(...reads)).toEqual(keys.map(([, name]) => name))
    }),
    { numRuns: 1000 },
  )
})

test('no bytes make it fail, or give a key that is no key', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 5 }), (reads) => {
      for (const event of events(...reads)) {
        if (event.kind === 'key') expect(event.key).toMatch(/^[^\x00-\x20\x7f-\x9f]+$/u)
      }
    }),
    { numRuns: 1000 },
  )
})

class FakeInput extends EventEmitter {
  readonly isTTY = true
  readonly log: string[] = []

  setRawMode(isRaw: boolean): void {
    this.log.push(isRaw ? 'raw' : 'cooked')
  }

  resume(): void {
    this.log.push('resume')
  }

  pause(): void {
    this.log.push('pause')
  }
}

describe('readKeys', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('gives the keys of one read at once', () => {
    const stdin = new FakeInput()
    const reads: KeyRead[][] = []
    readKeys(stdin, (read) => reads.push(read))
    stdin.emit('data', Buffer.from('jjj\x1b[A'))
    stdin.emit('data', Buffer.from('\x1b[99~'))
    stdin.emit('data', 'k')
    expect(reads.map((read) => read.length)).toEqual([4, 1])
  })

  test('tells a lone Esc after a moment, and no arrow apart', () => {
    const stdin = new FakeInput()
    const onEvents = vi.fn()
    readKeys(stdin, onEvents)
    stdin.emit('data', Buffer.from('\x1b'))
    vi.advanceTimersByTime(30)
    stdin.emit('data', Buffer.from('[A'))
    expect(onEvents).toHaveBeenLastCalledWith([{ kind: 'key', key: 'up' }])
    stdin.emit('data', Buffer.from('\x1b'))
    vi.advanceTimersByTime(50)
    expect(onEvents).toHaveBeenLastCalledWith([{ kind: 'key', key: 'esc' }])
    expect(onEvents).toHaveBeenCalledTimes(2)
  })

  test('looks for the rest of an arrow for a moment more', () => {
    const stdin = new FakeInput()
    const onEvents = vi.fn()
    readKeys(stdin, onEvents)
    stdin.emit('data', Buffer.from('\x1b'))
    vi.advanceTimersByTime(100)
    expect(onEvents).toHaveBeenLastCalledWith([{ kind: 'key', key: 'esc' }])
    stdin.emit('data', Buffer.from('[B'))
    expect(onEvents).toHaveBeenLastCalledWith([{ kind: 'not-esc' }, { kind: 'key', key: 'down' }])
    stdin.emit('data', Buffer.from('\x1b'))
    vi.advanceTimersByTime(1000)
    stdin.emit('data', Buffer.from('[B'))
    expect(onEvents).toHaveBeenLastCalledWith([
      { kind: 'key', key: '[' },
      { kind: 'key', key: 'B' },
    ])
  })

  test('leaves the keyboard as it was when it is stopped', () => {
    const stdin = new FakeInput()
    const onEvents = vi.fn()
    const stop = readKeys(stdin, onEvents)
    stdin.emit('data', Buffer.from('\x1b'))
    stop()
    vi.advanceTimersByTime(100)
    stdin.emit('data', Buffer.from('j'))
    expect(onEvents).not.toHaveBeenCalled()
    expect(stdin.log).toEqual(['raw', 'resume', 'cooked', 'pause'])
    expect(stdin.eventNames()).toEqual([])
  })

  test('tells when no more keys can come', () => {
    const stdin = new FakeInput()
    const onEnd = vi.fn()
    readKeys(stdin, () => {}, onEnd)
    stdin.emit('end')
    expect(onEnd).toHaveBeenCalledOnce()
  })
})
