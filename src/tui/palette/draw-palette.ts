import type { Report } from '../../report/schema.ts'
import { formatBytes } from '../../report/units.ts'
import { padEnd, padStart } from '../../report/width.ts'
import { nameInList } from '../documents/largest.ts'
import { keyName } from '../keys.ts'
import type { State } from '../state.ts'
import { fitLine, type Line, line, span } from '../text/line.ts'
import { type Palette, type Result, resultsOf } from './palette.ts'

const KIND = 13
const SHORT = 13

/** The palette as lines of a width: what is typed, then what was found with the chosen one among it. */
export function paletteLines(
  state: State,
  palette: Palette,
  width: number,
  height: number,
): { prompt: Line; rows: readonly { line: Line; isChosen: boolean }[] } {
  const results = resultsOf(palette)
  const prompt = [
    span(': ', 'strong'),
    span(palette.text),
    span(' ', 'active'),
    span('  '),
    ...countSpans(palette, results),
  ]
  if (results.length === 0 && palette.search.isDone)
    return {
      prompt,
      rows: [
        { line: line('Nothing here has that name, id or path, and no command either.'), isChosen: false },
      ],
    }
  const top = Math.max(0, Math.min(palette.cursor - Math.floor(height / 2), results.length - height))
  const rows = results.slice(top, top + height).map((result, index) => ({
    line: resultLine(state, palette.report, result, width),
    isChosen: top + index === palette.cursor,
  }))
  return { prompt, rows }
}

function countSpans({ text, search }: Palette, results: readonly Result[]): Line {
  if (text.trim() === '') return line('type a name, an id, a path or what to do', 'faint')
  const commands = results.filter(({ kind }) => kind === 'command').length
  return line(`${search.count + commands}${search.isDone ? '' : '…'} found`, 'faint')
}

function resultLine(state: State, report: Report | null, result: Result, width: number): Line {
  const [kind, name, right] =
    result.kind === 'command'
      ? ['command', commandText(result), keyName(result.key)]
      : [result.entry.kind, report === null ? '' : nameOf(report, result), sizeText(result, state)]
  const room = width - KIND - right.length - 1
  return [
    span(padEnd(kind, KIND), 'faint'),
    ...fitLine(line(name), Math.max(0, room), state.look),
    span(' '),
    span(padStart(right, right.length), result.kind === 'command' ? 'strong' : 'plain'),
  ]
}

/** The word by which it is called, and what it does where that says more. */
const commandText = ({ short, name }: Extract<Result, { kind: 'command' }>): string =>
  name.toLowerCase() === short ? name : `${padEnd(short, SHORT)} ${name}`

const sizeText = ({ entry }: Extract<Result, { kind: 'entry' }>, { units }: State): string =>
  entry.bytes === null ? '' : formatBytes(entry.bytes, units)

function nameOf(report: Report, { entry }: Extract<Result, { kind: 'entry' }>): string {
  if (entry.target.kind === 'object') return nameInList(report, entry.target.ref)
  return entry.text.slice(1, entry.text.indexOf('\n', 1))
}
