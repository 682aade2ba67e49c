/** How the screen may be drawn: with colours or without, with drawing characters or ASCII alone. */
export interface Look {
  readonly color: boolean
  readonly ascii: boolean
  /** Read aloud, line after line: nothing is drawn. */
  readonly plain?: boolean
}

/** The characters that are not text; each is one column wide. */
export interface Glyphs {
  readonly selected: string
  /** Before what is marked to be removed. */
  readonly marked: string
  readonly ellipsis: string
  readonly layer: string
  readonly folded: string
  readonly topOf: string
  readonly branch: string
  readonly lastBranch: string
  readonly through: string
  readonly between: string
  /** Between the pages of a trail. */
  readonly leads: string
  /** Before a line that leads to another object. */
  readonly link: string
  readonly paneEdge: string
  readonly descending: string
  readonly ascending: string
  readonly track: string
}

const DRAWN: Glyphs = {
  selected: '▸',
  marked: '✓',
  ellipsis: '…',
  layer: '●',
  folded: '+',
  topOf: '◂',
  branch: '├─',
  lastBranch: '└─',
  through: '│ ',
  between: '·',
  leads: '›',
  link: '›',
  paneEdge: '│',
  descending: '▾',
  ascending: '▴',
  track: '░',
}

const TYPED: Glyphs = {
  selected: '>',
  marked: 'x',
  ellipsis: '~',
  layer: '*',
  folded: '+',
  topOf: '<',
  branch: '|-',
  lastBranch: '`-',
  through: '| ',
  between: '-',
  leads: '>',
  link: '-',
  paneEdge: '|',
  descending: 'v',
  ascending: '^',
  track: '.',
}

/** Signs that would be read aloud as what they look like are words, or nothing. */
const SPOKEN: Glyphs = {
  ...TYPED,
  ellipsis: '...',
  layer: '',
  topOf: 'top of',
  between: '-',
  leads: ',',
  track: '',
}

export const glyphsOf = ({ ascii, plain }: Look): Glyphs => (plain ? SPOKEN : ascii ? TYPED : DRAWN)
