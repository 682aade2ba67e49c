import { asciiOnly, escapeText } from './escape.ts'

/** What a piece of text means. Marks and words say the same, so that nothing is lost without colours. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'error' | 'warning'

export interface Piece {
  readonly text: string
  readonly tone: Tone
}

export type StyledLine = readonly Piece[]

export const piece = (text: string, tone: Tone = 'plain'): Piece => ({ text, tone })

const CODES: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '1',
  faint: '2',
  good: '32',
  error: '1;31',
  // As in the UI: yellow cannot be read on a light ground.
  warning: '35',
}

/** Lines as a terminal or a pipe takes them; every piece is escaped before it is coloured. */
export const paintText = (
  lines: readonly StyledLine[],
  { color, ascii }: { color: boolean; ascii: boolean },
): string =>
  lines
    .map((line) =>
      line
        .map(({ text, tone }) => {
          const shown = ascii ? asciiOnly(escapeText(text)) : escapeText(text)
          return color && CODES[tone] !== '' ? `\u001b[${CODES[tone]}m${shown}\u001b[0m` : shown
        })
        .join('')
        .trimEnd(),
    )
    .join('\n')
