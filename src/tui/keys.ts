import { type CommandId, KEY_TABLE, type KeyBinding } from './key-table.ts'
import type { Context } from './state.ts'

/** The keys of where one stands. */
export const commandsIn = (context: Context): KeyBinding[] =>
  KEY_TABLE.filter(({ where }) => where.includes(context))

const byContext = new Map<Context, ReadonlyMap<string, CommandId>>()

/** What a key asks for where one stands; null for nothing. */
export function commandOf(context: Context, key: string): CommandId | null {
  const known =
    byContext.get(context) ??
    new Map(
      commandsIn(context).flatMap(({ keys, command }) =>
        keys.map((each): [string, CommandId] => [each, command]),
      ),
    )
  byContext.set(context, known)
  return known.get(key) ?? null
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  enter: 'Enter',
  esc: 'Esc',
  backspace: 'Backspace',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  pagedown: 'PgDn',
  pageup: 'PgUp',
  home: 'Home',
  end: 'End',
  space: 'Space',
  left: 'Left',
  right: 'Right',
  up: 'Up',
  down: 'Down',
}

/** A key as a person reads it on the keyboard. */
export const keyName = (key: string): string =>
  KEY_NAMES[key] ??
  key.replace(/^ctrl-/, 'Ctrl-').replace(/^(Ctrl-)(.)$/, (_, held, letter) => held + letter.toUpperCase())
