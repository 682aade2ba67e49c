import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { KEY_TABLE } from '../../src/tui/key-table.ts'
import { commandOf, keyName } from '../../src/tui/keys.ts'
import type { Context } from '../../src/tui/state.ts'
import { type Journey, open, start } from './support/journey.ts'
import { reportOf } from './support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

const PLACES: Readonly<
  Record<
    Exclude<Context, 'filter' | 'palette' | 'path' | 'failed' | 'waiting' | 'help' | 'tour'>,
    () => Journey
  >
> = {
  overview: () => open(report),
  list: () => open(report).press('4'),
  images: () => open(report).press('2'),
  forest: () => open(report).press('3'),
  kinds: () => open(report).press('6'),
  detail: () => open(report).press('2', 'enter'),
  findings: () => open(report).press('f'),
  files: () => open(report).press('5', 'b'),
}

describe('the table of keys', () => {
  test('gives a key one meaning where one stands', () => {
    for (const context of new Set(KEY_TABLE.flatMap(({ where }) => where))) {
      const keys = KEY_TABLE.filter(({ where }) => where.includes(context)).flatMap((binding) => binding.keys)
      expect(keys.toSorted()).toEqual([...new Set(keys)].sort())
    }
  })

  test('every key of every place does something without breaking', () => {
    for (const [context, place] of Object.entries(PLACES))
      for (const binding of KEY_TABLE.filter(({ where }) => where.includes(context as Context)))
        for (const key of binding.keys) {
          expect(commandOf(context as Context, key)).toBe(binding.command)
          expect(place().press('j', key).rows).toHaveLength(24)
        }
  })

  test('keys that mean nothing change nothing but the message', () => {
    for (const place of Object.values(PLACES))
      expect(place().press('z', 'f5', 'alt-j', 'é').screen).toBe(place().screen)
  })

  test('keys are named as they stand on the keyboard', () => {
    expect(['enter', 'ctrl-d', 'pagedown', 'j', 'shift-tab'].map(keyName)).toEqual([
      'Enter',
      'Ctrl-D',
      'PgDn',
      'j',
      'Shift-Tab',
    ])
  })
})

describe('the help', () => {
  test.each(Object.keys(PLACES))('tells every key of %s, and Esc comes back', (name) => {
    const context = name as keyof typeof PLACES
    const before = PLACES[context]()
    const help = before.press('?').resize(120, 60)
    for (const { where, keys, description } of KEY_TABLE) {
      if (!where.includes(context)) continue
      expect(help.screen).toContain(description)
      expect(help.screen).toContain(keys.map(keyName).join(' '))
    }
    expect(help.resize(80, 24).press('esc').screen).toBe(before.screen)
  })

  test('keys that mean nothing here are not told', () => {
    expect(open(report).press('?').resize(120, 60).screen).not.toContain('reverse the order')
    expect(open(report).press('2', '?').resize(120, 60).screen).toContain('reverse the order')
  })
})

describe('the bottom line', () => {
  const footer = (journey: Journey): string => journey.rows.at(-1) ?? ''

  test('always tells of help and quit, at any width', () => {
    for (const place of Object.values(PLACES))
      for (const columns of [60, 80, 139, 200])
        expect(footer(place().resize(columns, 20))).toMatch(/\? help {3}q quit$/)
  })

  test('says what Esc would do, and nothing where it would do nothing', () => {
    expect(footer(open(report))).not.toContain('Esc')
    expect(footer(open(report).press('f'))).toContain('Esc back')
    expect(footer(open(report).press('2').type('/shop').press('enter'))).toContain('Esc clear filter')
    const reading = start().scan({ kind: 'recorded', report })
    expect(footer(reading)).toContain('Esc stop measuring')
  })

  test('leaves out the keys that would do nothing', () => {
    const wide = (journey: Journey): string => footer(journey.resize(200, 40))
    const plan = open(report).press('w')
    for (const word of ['mark', 'explain']) expect(wide(plan), word).not.toContain(` ${word}`)
    const category = wide(open(report))
    expect(category).toContain('b browse files')
    expect(category).not.toContain('Space mark')
    const layer = wide(open(report).press('3'))
    expect(layer).toContain('x explain')
    expect(layer).not.toContain('Space mark')
    expect(wide(open(report).press('2'))).toContain('Space mark')
    const volume = wide(open(report).press('5'))
    expect(volume).toContain('Space mark')
    expect(volume).not.toContain('explain')
    const empty = wide(open({ ...report, volumes: [] }).press('5'))
    for (const word of ['filter', 'sort', 'mark', 'browse', 'open'])
      expect(empty, word).not.toContain(` ${word}`)
  })

  test('has its own keys while a filter is typed', () => {
    expect(footer(open(report).press('2', '/'))).toContain('Enter keep   Esc clear')
  })
})
