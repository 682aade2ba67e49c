import { beforeAll, describe, expect, test } from 'vitest'
import { answerQuestion } from '../../src/tui/answers/answer.ts'
import { moveToItem } from '../../src/tui/documents/move.ts'
import { moveTo, scrolled } from '../../src/tui/lists/move.ts'
import { dataOf, textOf } from '../../src/tui/pages/page-data.ts'
import { currentPage, type Page, pageHeight, type State, withPage } from '../../src/tui/state.ts'
import { updateAll } from '../../src/tui/update.ts'
import { fixtureRoot } from '../support/fixtures.ts'
import { answered, type ScannedRoots, scanRoots } from './support/answering.ts'
import { open } from './support/journey.ts'

/** So many pages of each kind are looked at, and so many lines of each. */
const PAGES = 4
const LINES = 20

/** Lines with bytes that lead nowhere since there is nothing further, or it stands on the same page. */
const ENDS: readonly RegExp[] = [
  // One file is made of nothing else.
  /^entry: (On disk|Content)/,
  /^file: (Holds|The first)/,
  // What goes is named below, on the same page; sentences compare.
  /^command-plan: /,
  /^ways: (up to \S+ where it was measured|Docker would say)/,
  /^ways: The disk gets back/,
  // The sum of the two lines below it.
  /^object container: Writable layer/,
]

const BYTES = /(^|[^\w.])\d+(\.\d+)? ?([kMGT]i?)?B\b/

interface Walk {
  /** Every page that was looked at, by its kind. */
  readonly kinds: ReadonlyMap<string, number>
  /** Lines with bytes that lead nowhere. */
  readonly deadEnds: readonly string[]
  /** Where Esc did not come back to the same place. */
  readonly lost: readonly string[]
}

let walk: Walk
beforeAll(() => {
  walk = walkEverywhere(scanRoots([fixtureRoot('overlay2-buildkit'), fixtureRoot('legacy-aufs')]))
}, 180_000)

describe('from every figure to what it is made of', () => {
  test('pages of every kind are reached with Enter', () => {
    expect([...walk.kinds.keys()].sort()).toEqual([
      'category',
      'command-plan',
      'engine-views',
      'entry',
      'explain',
      'file',
      'findings',
      'largest',
      'list of cache',
      'list of containers',
      'list of files',
      'list of images',
      'list of layers',
      'list of volumes',
      'object cache-record',
      'object container',
      'object image',
      'object layer',
      'object volume',
      'overview',
      'ways',
    ])
  })

  test('no line with bytes is a dead end', () => {
    expect(walk.deadEnds.filter((line) => !ENDS.some((end) => end.test(line)))).toEqual([])
  })

  test('Esc comes back to the same page, selection, order and place', () => {
    expect(walk.lost).toEqual([])
  })
})

function walkEverywhere(roots: ScannedRoots): Walk {
  const first = answered(open(roots.report), roots).state
  const views = [...'123456'].map((key) => press(roots, first, key))
  const [images = first] = views.slice(1)
  const queue = [...views, ...[...'fwx'].map((key) => press(roots, images, key))]
  const seen = new Set(queue.map((state) => nameOf(currentPage(state))))
  const kinds = new Map<string, number>()
  const deadEnds = new Set<string>()
  const lost: string[] = []
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    const page = currentPage(state)
    const kind = kindOf(page)
    const known = kinds.get(kind) ?? 0
    if (known >= PAGES) continue
    kinds.set(kind, known + 1)
    for (const line of deadLines(state, page)) deadEnds.add(`${kind}: ${line}`)
    for (const place of placesOn(state, page)) {
      const next = press(roots, place, 'enter')
      if (next.opened.length === place.opened.length) continue
      const back = press(roots, next, 'esc')
      const isSame = JSON.stringify(standing(back)) === JSON.stringify(standing(place))
      if (!isSame) lost.push(`${kind} → ${kindOf(currentPage(next))}`)
      const name = nameOf(currentPage(next))
      if (seen.has(name)) continue
      seen.add(name)
      queue.push(next)
    }
  }
  return { kinds, deadEnds: [...deadEnds], lost }
}

/** The state after a key, with everything answered that it asks for. */
function press({ scanned }: ScannedRoots, state: State, key: string): State {
  let update = updateAll(state, [{ kind: 'input', input: { kind: 'key', key } }])
  for (;;) {
    const replies = update.effects.flatMap((effect) =>
      effect.kind === 'ask' ? [answerQuestion(scanned, effect.question)] : [],
    )
    if (replies.length === 0) return update.state
    update = updateAll(update.state, replies)
  }
}

/** The same page with each of its lines selected that can be. */
function placesOn(state: State, page: Page): State[] {
  if (page.kind === 'document') {
    const text = textOf(state, page)
    return text.items
      .slice(0, LINES)
      .map(({ key }) => withPage(state, moveToItem(page, key, text, pageHeight(state, page))))
  }
  const data = dataOf(state, page)
  if (data === null) return []
  const last = page.order.length - 1
  const rows = [...new Set([...Array(Math.min(LINES, last + 1)).keys(), last])].filter((row) => row >= 0)
  const height = pageHeight(state, page)
  return rows.map((row) =>
    withPage(state, scrolled(moveTo({ ...page, top: Math.max(0, row - 5) }, data, row), height)),
  )
}

/** Lines with bytes from which Enter leads nowhere. */
function deadLines(state: State, page: Page): string[] {
  if (page.kind === 'list') return []
  const { lines, items } = textOf(state, page)
  return lines.flatMap((line, index) => {
    const text = line.map((span) => span.text).join('')
    const item = items.find(({ start, end }) => index >= start && index < end)
    const leads = item !== undefined && item.target !== null
    return BYTES.test(text) && !leads ? [text.trim()] : []
  })
}

function kindOf(page: Page): string {
  if (page.kind === 'list') return `list of ${page.view}`
  return page.subject.kind === 'object' ? `object ${page.subject.ref.kind}` : page.subject.kind
}

const nameOf = (page: Page): string =>
  page.kind === 'document'
    ? JSON.stringify(page.subject)
    : JSON.stringify([page.view, page.place, page.filter, page.sort, page.all])

/** Everything that decides where one stands. */
function standing(state: State): unknown {
  const page = currentPage(state)
  if (page.kind === 'document') return page
  return { ...page, arrangedFor: null, folded: [...page.folded] }
}
