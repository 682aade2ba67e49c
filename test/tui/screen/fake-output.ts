import { EventEmitter } from 'node:events'

/** A terminal stream that keeps what is written to it. */
export class FakeOutput extends EventEmitter {
  columns: number
  rows: number
  /** What `write` answers: false is a line that cannot take more. */
  isReady = true
  readonly writes: string[] = []

  constructor(columns = 80, rows = 24) {
    super()
    this.columns = columns
    this.rows = rows
  }

  write(bytes: string): boolean {
    this.writes.push(bytes)
    return this.isReady
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.emit('resize')
  }

  /** What was written since the last call. */
  take(): string {
    return this.writes.splice(0).join('')
  }
}
