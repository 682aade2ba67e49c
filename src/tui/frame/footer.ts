import { type CommandId, KEY_TABLE, type KeyBinding } from '../key-table.ts'
import { keyName } from '../keys.ts'
import { whyNotRemovable } from '../marks/why-not.ts'
import {
  browsableTarget,
  objectToMark,
  selectedCommand,
  selectedObject,
  selectedTarget,
} from '../pages/open-page.ts'
import { dataOf } from '../pages/page-data.ts'
import { contextOf, currentPage, isScanning, type State } from '../state.ts'
import { type Line, lineWidth, type Span, span } from '../text/line.ts'

/** The bottom line: the keys that are useful where one stands, as many as fit; help and quit always. */
export function footerLine(state: State, width: number): Line {
  const hints = hintsOf(state)
  const widthOf = (hint: Hint): number => lineWidth(hintSpans(hint)) + GAP.length
  let room = width + GAP.length
  for (const hint of hints) if (hint.isKept) room -= widthOf(hint)
  let isFull = false
  const shown = hints.filter((hint) => {
    if (hint.isKept) return true
    room -= widthOf(hint)
    isFull ||= room < 0
    return !isFull
  })
  return shown.flatMap((hint, index) => [...(index === 0 ? [] : [span(GAP)]), ...hintSpans(hint)])
}

const GAP = '   '

interface Hint {
  readonly key: string
  readonly word: string
  readonly isKept?: boolean
}

const FILTER_HINTS: readonly Hint[] = [
  { key: 'Enter', word: 'keep' },
  { key: 'Esc', word: 'clear' },
  { key: 'size>1G age>30d unused', word: 'compare' },
]

const PALETTE_HINTS: readonly Hint[] = [
  { key: 'Enter', word: 'go there' },
  { key: 'Esc', word: 'close' },
  { key: 'Up Down', word: 'choose' },
]

const PATH_HINTS: readonly Hint[] = [
  { key: 'Enter', word: 'write' },
  { key: 'Esc', word: 'write nothing' },
]

function hintsOf(state: State): Hint[] {
  const context = contextOf(state)
  if (context === 'path') return [...PATH_HINTS]
  if (context === 'palette') return [...PALETTE_HINTS]
  if (context === 'filter') return [...FILTER_HINTS]
  return KEY_TABLE.flatMap((binding): Hint[] => {
    const word = binding.where.includes(context) ? wordFor(binding, state) : undefined
    const [key] = binding.keys
    if (word === undefined || key === undefined) return []
    const isKept = binding.command === 'help' || binding.command === 'quit'
    return [{ key: keyName(key), word, isKept }]
  })
}

/** Keys are left out where they would do nothing, and Esc says what it would do. */
function wordFor({ command, footer }: KeyBinding, state: State): string | undefined {
  if (footer === undefined || wouldDoNothing(command, state)) return undefined
  if (command !== 'back') return footer
  const page = currentPage(state)
  if (state.opened.length > 0) return 'back'
  if (page.kind === 'list' && page.filter !== '') return 'clear filter'
  return isScanning(state) ? 'stop measuring' : undefined
}

function wouldDoNothing(command: CommandId, state: State): boolean {
  const { report } = state
  switch (command) {
    case 'open':
      return selectedTarget(state) === null
    case 'mark': {
      const ref = objectToMark(state)
      return report === null || ref === null || whyNotRemovable(report, ref) !== null
    }
    case 'browse':
      return browsableTarget(state) === null
    case 'explain': {
      const ref = selectedObject(state)
      return ref === null || ref.kind === 'volume'
    }
    case 'copy-name':
      return selectedCommand(state) === null
    case 'filter':
    case 'sort':
    case 'fold':
      return isEmptyList(state)
    default:
      return false
  }
}

/** A list that has no rows whatever the filter is. */
function isEmptyList(state: State): boolean {
  const page = currentPage(state)
  return page.kind === 'list' && dataOf(state, page)?.count === 0
}

const hintSpans = ({ key, word }: Hint): Span[] => [span(key, 'strong'), span(` ${word}`, 'faint')]
