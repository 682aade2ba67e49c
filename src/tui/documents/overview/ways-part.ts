import { padEnd } from '../../../report/width.ts'
import { outcomeOf } from '../../questions.ts'
import { type Style, span } from '../../text/line.ts'
import { answerTo } from '../answered.ts'
import { categoryTarget } from '../categories.ts'
import type { PageContext } from '../context.ts'
import type { PageWriter, Target } from '../document.ts'
import { NARROW, ofRoot } from './roots-part.ts'

/** A command on the first page. */
interface Way {
  readonly root: string
  readonly command: string
  readonly freedDisk: number
}

export interface Ways {
  readonly found: readonly Way[]
  /** What stands in the place of commands where there are none, and where that leads. */
  readonly instead: { readonly text: string; readonly target: Target; readonly style?: Style }
}

/** A command that would do harm is no way: `w` says why. */
const WARNED: Ways['instead'] = {
  text: 'DO NOT PRUNE YET: what a prune would do here is not safe',
  target: { kind: 'ways' },
  style: 'error',
}

const PLAN: Target = { kind: 'ways' }
const IMAGES: Target = { kind: 'list', view: 'images', sort: { key: 'freed', descending: true } }

/** What each command takes away, in a few words. */
const REMOVES: Readonly<Record<string, string>> = {
  'docker builder prune': 'dangling build cache',
  'docker builder prune -a': 'all unused build cache',
  'docker image prune': 'dangling images',
  'docker container prune': 'stopped containers',
  'docker image prune -a': 'images without a container',
  'docker volume prune': 'volumes without a container',
  'docker system prune': 'what is stopped or dangling',
  'docker system prune -a': 'all unused, volumes stay',
  'docker system prune -a --volumes': 'all unused, volumes too',
}

/** Which commands come first where there is no line for all: the gentlest, the usual, the most, then the single ones. */
const RANKS = [
  'docker system prune',
  'docker builder prune',
  'docker system prune -a --volumes',
  'docker image prune',
  'docker image prune -a',
  'docker container prune',
  'docker volume prune',
  'docker system prune -a',
  'docker builder prune -a',
]

/** Docker's prune commands that give anything back; a stronger one that gives no more than a gentler one is left out. */
export function waysOf(out: PageWriter, page: PageContext): Ways {
  const answer = answerTo(out, page, { kind: 'ways' })
  const found = (answer ?? []).flatMap(({ root, ways }) => {
    const told: Way[] = []
    for (const { command, freedDisk, warning } of ways)
      if (
        warning === null &&
        freedDisk !== null &&
        freedDisk > 0 &&
        !told.some((gentler) => isNoStronger(gentler, command, freedDisk))
      )
        told.push({ root, command, freedDisk })
    return told
  })
  const isWarned = answer?.some(({ ways }) => ways.some(({ warning }) => warning !== null)) === true
  return { found, instead: isWarned ? WARNED : insteadOf(page, answer?.length ?? null) }
}

function insteadOf(page: PageContext, simulated: number | null): Ways['instead'] {
  const outcome = outcomeOf(page.replies, { kind: 'ways' })
  if (outcome?.ok === false) return { text: outcome.message, target: PLAN }
  if (!page.isScanned || (page.report.ledger.measured && outcome === null))
    return { text: 'known when everything is read and measured', target: PLAN }
  if (!page.report.ledger.measured) return { text: 'not known without measuring', target: PLAN }
  return simulated === 0
    ? { text: 'each image by what it alone gives back', target: IMAGES }
    : { text: 'no prune frees anything', target: PLAN }
}

/** The same command with another flag that makes no difference. */
const isNoStronger = (gentler: Way, command: string, freedDisk: number): boolean =>
  command.startsWith(`${gentler.command} `) && gentler.freedDisk === freedDisk

/** A heading and a line for each command; one line where there is none, or room for no more. */
export const wishedLines = ({ found }: Ways): number => (found.length === 0 ? 1 : found.length + 1)

export function writeWays(out: PageWriter, page: PageContext, { found, instead }: Ways, lines: number): void {
  const isNarrow = out.width < NARROW
  const ranked = found.toSorted((a, b) => RANKS.indexOf(a.command) - RANKS.indexOf(b.command))
  const [best] = ranked
  if (best === undefined || lines < 2) {
    const title = isNarrow ? 'Frees' : TITLE
    const text = best === undefined ? instead.text : `${page.bytes(best.freedDisk)}: ${best.command}`
    out.item('ways', best === undefined ? instead.target : PLAN, () =>
      out.add(
        span(title, 'strong'),
        span(`  ${text}`, best === undefined ? (instead.style ?? 'plain') : 'plain'),
      ),
    )
    return
  }
  out.item('ways', PLAN, () =>
    out.add(
      span(TITLE, 'strong'),
      span(isNarrow ? '' : '  each command alone, by what the disk gets back', 'faint'),
    ),
  )
  const shown = new Set(ranked.slice(0, lines - 1))
  for (const way of found.filter((each) => shown.has(each))) {
    const { root, command, freedDisk } = way
    const name = isNarrow ? command.replace(/^docker /, '') : padEnd(command, LONGEST)
    const note = isNarrow ? '' : ofRoot(page, root, out.width - NOTE_AT) || `  ${REMOVES[command] ?? ''}`
    out.item(
      `way ${root} ${command}`,
      { kind: 'command-plan', root, command },
      () => out.add(span(`  ${page.bytesColumn(freedDisk)}  `, 'strong'), span(name), span(note, 'faint')),
      command,
    )
  }
}

/** No prune touches the logs of running containers: what `free` advises stands here for them, and leads to the containers by their logs. */
export function writeLargeLogs(out: PageWriter, page: PageContext, disk: number): void {
  const isNarrow = out.width < NARROW
  out.item('large logs', categoryTarget('container-logs'), () =>
    out.add(
      span(`  ${page.bytesColumn(disk)}  `, 'strong'),
      span(isNarrow ? 'truncate -s 0 LOG' : padEnd('truncate -s 0 LOG, set max-size', LONGEST)),
      span(isNarrow ? '' : '  logs, of running containers too', 'faint'),
    ),
  )
}

const TITLE = 'What frees space'
const LONGEST = 'docker system prune -a --volumes'.length
/** Two blanks, the bytes, two blanks and the command. */
const NOTE_AT = 13 + LONGEST
