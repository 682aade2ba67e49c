/** A date that was read, or Go's words for why it is none. */
export type GoDate = { readonly ms: number } | { readonly why: string }

/** How Go 1.20 and later differ: errors quote all that was left, and an offset has a range (time/format.go). */
export interface GoTime {
  readonly since120: boolean
}

/** A pattern of Go's, in its pieces; what is not a field is taken as it stands. */
type Piece = '2006' | '-' | '01' | '02' | 'T' | '15' | ':' | '04' | '05' | '.999999999' | 'Z07:00'

const DAY: readonly Piece[] = ['2006', '-', '01', '-', '02']
const HOUR: readonly Piece[] = [...DAY, 'T', '15']
const MINUTE: readonly Piece[] = [...HOUR, ':', '04']
const SECOND: readonly Piece[] = [...MINUTE, ':', '05']

/** Reads a date as docker does; without a zone it is that of this host (api/types/time/timestamp.go, GetTimestamp). */
export function parseGoDate(text: string, go: GoTime): GoDate {
  const layout = layoutFor(text)
  const read = new Fields(text, layout, go)
  const why = read.parse()
  return why === null ? { ms: read.ms() } : { why: `parsing time ${JSON.stringify(text)}${why}` }
}

/** The pattern that docker guesses: of the zone's own signs it counts one too many. */
function layoutFor(text: string): readonly Piece[] {
  const isLocal = !/[zZ+]/.test(text) && text.split('-').length - 1 !== 3
  const zone: readonly Piece[] = isLocal ? [] : ['Z07:00']
  if (text.includes('.')) return [...SECOND, '.999999999', ...zone]
  if (!text.includes('T')) return [...DAY, ...zone]
  const colons = text.split(':').length - 1
  const own = !isLocal && !/[zZ]/.test(text) && colons > 0 ? colons - 1 : colons
  return [...(own === 0 ? HOUR : own === 1 ? MINUTE : SECOND), ...zone]
}

const RANGES: Readonly<Partial<Record<Piece, readonly [name: string, least: number, most: number]>>> = {
  '01': ['month', 1, 12],
  '15': ['hour', 0, 23],
  '04': ['minute', 0, 59],
  '05': ['second', 0, 59],
}

class Fields {
  readonly #layout: readonly Piece[]
  readonly #go: GoTime
  readonly #values = new Map<Piece, number>()
  #rest: string
  /** Null where it is of this host. */
  #offsetMinutes: number | null = null

  constructor(text: string, layout: readonly Piece[], go: GoTime) {
    this.#rest = text
    this.#layout = layout
    this.#go = go
  }

  /** Null where all was read, else the end of Go's sentence. */
  parse(): string | null {
    for (const piece of this.#layout) {
      const why = this.#take(piece)
      if (why !== null) return why
    }
    if (this.#rest !== '') return `: extra text: ${JSON.stringify(this.#rest)}`
    const [year, month, day] = [this.#value('2006'), this.#value('01'), this.#value('02')]
    return day < 1 || day > daysIn(year, month) ? ': day out of range' : null
  }

  ms(): number {
    const date = new Date(0)
    const [year, month, day] = [this.#value('2006'), this.#value('01') - 1, this.#value('02')]
    const time = [this.#value('15'), this.#value('04'), this.#value('05')] as const
    if (this.#offsetMinutes !== null) {
      date.setUTCFullYear(year, month, day)
      date.setUTCHours(...time)
    } else {
      date.setFullYear(year, month, day)
      date.setHours(...time, 0)
    }
    return date.getTime() - (this.#offsetMinutes ?? 0) * 60_000 + this.#value('.999999999') * 1000
  }

  #value(piece: Piece): number {
    return this.#values.get(piece) ?? 0
  }

  #take(piece: Piece): string | null {
    switch (piece) {
      case '-':
      case 'T':
      case ':':
        return this.#match(piece, piece === '-' ? /^-/ : piece === 'T' ? /^T/ : /^:/, () => null)
      case '2006':
        return this.#year()
      case '.999999999':
        this.#fraction()
        return null
      case 'Z07:00':
        return this.#zone()
      default:
        return this.#number(piece)
    }
  }

  /** Two digits; of an hour one will do. */
  #number(piece: Piece): string | null {
    return this.#match(piece, piece === '15' ? /^\d\d?/ : /^\d\d/, (digits) => {
      this.#values.set(piece, Number(digits))
      const [name, least, most] = RANGES[piece] ?? ['', 0, 99]
      return Number(digits) < least || Number(digits) > most ? `: ${name} out of range` : null
    })
  }

  #year(): string | null {
    const before = this.#rest
    if (!/^\d.{3}/s.test(before)) return this.#bad('2006', before)
    this.#rest = before.slice(4)
    const year = before.slice(0, 4)
    if (!/^\d{4}$/.test(year)) return this.#bad('2006', this.#go.since120 ? before : this.#rest)
    this.#values.set('2006', Number(year))
    return null
  }

  #fraction(): void {
    const [taken = ''] = /^[.,]\d+/.exec(this.#rest) ?? []
    this.#rest = this.#rest.slice(taken.length)
    if (taken !== '') this.#values.set('.999999999', Number(`0.${taken.slice(1, 10)}`))
  }

  #zone(): string | null {
    const before = this.#rest
    if (before.startsWith('Z')) {
      this.#rest = before.slice(1)
      this.#offsetMinutes = 0
      return null
    }
    if (before.length < 6 || before.charAt(3) !== ':') return this.#bad('Z07:00', before)
    this.#rest = before.slice(6)
    const [, sign, hours, minutes] = /^([-+])(\d\d):(\d\d)/.exec(before) ?? []
    if (sign === undefined) return this.#bad('Z07:00', this.#go.since120 ? before : this.#rest)
    if (this.#go.since120 && Number(hours) > 24) return ': time zone offset hour out of range'
    if (this.#go.since120 && Number(minutes) > 60) return ': time zone offset minute out of range'
    this.#offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
    return null
  }

  #match(piece: Piece, pattern: RegExp, use: (taken: string) => string | null): string | null {
    const [taken] = pattern.exec(this.#rest) ?? []
    if (taken === undefined) return this.#bad(piece, this.#rest)
    this.#rest = this.#rest.slice(taken.length)
    return use(taken)
  }

  #bad(piece: Piece, rest: string): string {
    return ` as ${JSON.stringify(this.#layout.join(''))}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(piece)}`
  }
}

const daysIn = (year: number, month: number): number => {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}
