import type { Assembly, AssemblyCheck, AssemblyFact, AssemblyStep } from '../model/assembly.ts'
import { piece, type StyledLine, type Tone } from './styled-text.ts'
import { columnsOf, padEnd, padStart, truncate } from './width.ts'
import { wrapText } from './wrap.ts'

/** How wide the lines may be, and whether ids are cut to the 12 characters by which one knows them. */
export interface AssemblyDisplay {
  readonly width: number
  readonly truncate: boolean
  readonly ascii: boolean
  /** One line for all files of a directory, where none of them has to be pointed at. */
  readonly groupFiles: boolean
}

/** A step as lines, and which of them name a file. */
export interface StepLines {
  readonly lines: readonly StyledLine[]
  readonly files: readonly { readonly start: number; readonly end: number; readonly path: string }[]
}

const INDENT = 4
const WIDEST_FIELD = 30
const LONGEST_VALUE = 320

/** The steps as text for a person; the marks before the checks say what the colours say. */
export const assemblyLines = (assembly: Assembly, display: AssemblyDisplay): StepLines[] =>
  assembly.steps.map((step, index) => {
    // What was said of one layer need not be said of the next.
    const isSaid = assembly.steps.slice(0, index).some(({ sentence }) => sentence === step.sentence)
    return stepLines(isSaid ? { ...step, sentence: '' } : step, index, display)
  })

/** What all checks come to, in a sentence. */
export function assemblyVerdict({ steps }: Assembly): { text: string; tone: Tone } {
  const checks = steps.flatMap((step) => step.checks)
  const wrong = checks.filter(({ ok }) => ok === false).length
  const stopped = steps.filter(({ problem }) => problem !== null).length
  const right = checks.filter(({ ok }) => ok === true).length
  const agree =
    right + wrong === 0
      ? 'Nothing here follows from anything else'
      : `${right} of ${right + wrong} checks agree with the disk`
  if (wrong === 0 && stopped === 0) return { text: `${agree}.`, tone: 'good' }
  const hindered = stopped === 0 ? '' : `; ${stopped} ${stopped === 1 ? 'step has' : 'steps have'} a problem`
  return { text: `${agree}${hindered}.`, tone: wrong > 0 ? 'error' : 'warning' }
}

const shortened = (text: string, { truncate: short, ascii }: AssemblyDisplay): string =>
  short ? text.replace(LONG_NAMES, (name) => `${name.slice(0, 12)}${ascii ? '..' : '…'}`) : text

// Digests, and the names of podman's files, which are keys in base64.
const LONG_NAMES = /[0-9a-f]{64}|=[A-Za-z0-9+]{32,}=*/g

function stepLines(step: AssemblyStep, index: number, display: AssemblyDisplay): StepLines {
  const lines: StyledLine[] = []
  const files: { start: number; end: number; path: string }[] = []
  const add = (text: string, tone: Tone, indent = INDENT, hanging = indent): void => {
    for (const [at, part] of wrapText(text, display.width - Math.max(indent, hanging)).entries())
      lines.push([piece(' '.repeat(at === 0 ? indent : hanging)), piece(part, tone)])
  }
  lines.push([piece(`${padStart(String(index + 1), INDENT - 2)}  ${step.title}`, 'strong')])
  if (step.sentence !== '') add(step.sentence, 'plain')
  for (const path of display.groupFiles ? grouped(step.files) : step.files) {
    const start = lines.length
    for (const [at, part] of wrapText(shortened(path, display), display.width - INDENT - 6).entries())
      lines.push([
        piece(`${' '.repeat(INDENT)}${at === 0 ? 'read  ' : '      '}`, 'faint'),
        piece(part, 'faint'),
      ])
    files.push({ start, end: lines.length, path })
  }
  lines.push(...factLines(step.says, display))
  const said = new Set(step.says.map(({ value }) => value))
  for (const check of step.checks) lines.push(...checkLines(check, said, display))
  if (step.problem !== null) {
    const mark = display.ascii ? '! ' : '▲ '
    add(`${mark}${shortened(step.problem, display)}`, 'error', INDENT, INDENT + 2)
  }
  return { lines, files }
}

function factLines(says: readonly AssemblyFact[], display: AssemblyDisplay): StyledLine[] {
  const widest = Math.min(
    WIDEST_FIELD,
    Math.max(0, ...says.map(({ field }) => columnsOf(shortened(field, display)))),
  )
  return says.flatMap(({ field, value }): StyledLine[] => {
    const name = shortened(field, display)
    const whole = shortened(value, display)
    const isCommand = field === 'mount'
    const shown =
      display.truncate && !isCommand ? truncate(whole, LONGEST_VALUE, display.ascii ? '..' : '…') : whole
    if (isCommand || columnsOf(name) > widest)
      return [
        [piece(' '.repeat(INDENT)), piece(name, 'faint')],
        ...wrapText(shown, display.width - INDENT - 2).map(
          (part): StyledLine => [piece(' '.repeat(INDENT + 2)), piece(part, isCommand ? 'strong' : 'plain')],
        ),
      ]
    return wrapText(shown, display.width - INDENT - widest - 2).map(
      (part, at): StyledLine => [
        piece(' '.repeat(INDENT)),
        piece(padEnd(at === 0 ? name : '', widest + 2), 'faint'),
        piece(part),
      ],
    )
  })
}

/** `✓ sha256("…") = …`; where the sides differ, both in full. */
function checkLines(check: AssemblyCheck, said: ReadonlySet<string>, display: AssemblyDisplay): StyledLine[] {
  const { expression, computed, expected, ok } = check
  const [mark, tone] =
    MARKS[ok === null ? 'unknown' : ok ? 'right' : 'wrong'][display.ascii ? 'ascii' : 'drawn']
  const line = (text: string, first: string, style: Tone): StyledLine[] =>
    wrapText(text, display.width - INDENT - columnsOf(first)).map(
      (part, at): StyledLine => [
        piece(' '.repeat(INDENT)),
        piece(at === 0 ? first : ' '.repeat(columnsOf(first)), style),
        piece(part, style === 'error' ? 'error' : 'plain'),
      ],
    )
  const cut = (text: string): string =>
    display.truncate ? truncate(shortened(text, display), LONGEST_VALUE, display.ascii ? '..' : '…') : text
  if (ok === false)
    return [
      ...line(shortened(expression, display), `${mark} `, tone),
      ...sideLines('gives', computed, display),
      ...sideLines('disk says', expected, display),
    ]
  const differs = expected !== null && expected !== computed ? `; the disk says ${cut(expected)}` : ''
  const result = computed === null ? 'unknown' : cut(computed)
  const isArithmetic = /[)\d]$/.test(expression)
  if (!isArithmetic && ok === true && computed !== null && said.has(computed))
    return line(shortened(expression, display), `${mark} `, tone)
  const sign = isArithmetic ? ' =' : ':'
  return line(`${shortened(expression, display)}${sign} ${result}${differs}`, `${mark} `, tone)
}

/** One side of what differs, in full. */
const sideLines = (label: string, value: string | null, display: AssemblyDisplay): StyledLine[] =>
  wrapText(value ?? 'nothing', display.width - INDENT - SIDE_LABEL).map(
    (part, at): StyledLine => [
      piece(' '.repeat(INDENT)),
      piece(padEnd(at === 0 ? `  ${label}` : '', SIDE_LABEL), 'faint'),
      piece(part, 'error'),
    ],
  )

const SIDE_LABEL = 12

/** `a/b/diff`, `a/b/size` as `a/b/diff, size`. */
function grouped(paths: readonly string[]): string[] {
  const groups = new Map<string, string[]>()
  for (const path of paths) {
    const end = path.lastIndexOf('/') + 1
    const directory = path.slice(0, end)
    groups.set(directory, [...(groups.get(directory) ?? []), path.slice(end)])
  }
  return [...groups].map(([directory, names]) => directory + names.join(', '))
}

const MARKS: Readonly<
  Record<'right' | 'wrong' | 'unknown', Record<'drawn' | 'ascii', readonly [string, Tone]>>
> = {
  right: { drawn: ['✓', 'good'], ascii: ['ok', 'good'] },
  wrong: { drawn: ['✗', 'error'], ascii: ['NO', 'error'] },
  unknown: { drawn: ['·', 'faint'], ascii: ['--', 'faint'] },
}
