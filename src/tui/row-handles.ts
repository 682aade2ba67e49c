import { ScreenStdout } from './screen/screen.ts'

/** Private-use characters, one column wide, two for each row of the screen. */
const FIRST = 0xe000
const HANDLE = /[\ue000-\uf8ff]/g

/**
 * Rows as single characters for Ink to place; what stands in them is put in afterwards. Ink takes every row apart and
 * measures each of its characters, which took nine tenths of the time from a key to its frame.
 */
export class RowHandles {
  /** What Ink is given as its standard output, one column wide: it takes frames of handles, and passes on frames of rows. */
  readonly stdout: ScreenStdout
  #rows: readonly string[] = []
  /** Which of its two characters each row has: a row that changed has the other one, so that Ink draws it anew. */
  #turns: readonly (0 | 1)[] = []

  constructor(stdout: ScreenStdout) {
    this.stdout = new ScreenStdout(
      () => ({ columns: 1, rows: stdout.rows }),
      (frame) => stdout.write(this.#expanded(frame)),
    )
    stdout.on('resize', () => this.stdout.emit('resize'))
  }

  /** The handles of the rows of a frame. */
  of(rows: readonly string[]): string[] {
    this.#turns = rows.map((row, index) => {
      const turn = this.#turns[index] ?? 0
      return row === this.#rows[index] ? turn : turn === 0 ? 1 : 0
    })
    this.#rows = rows
    return this.#turns.map((turn, index) => String.fromCharCode(FIRST + index * 2 + turn))
  }

  #expanded(frame: string): string {
    return frame.replace(HANDLE, (handle) => this.#rows[(handle.charCodeAt(0) - FIRST) >> 1] ?? '')
  }
}
