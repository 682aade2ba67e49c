/** The exit codes that scripts rely on. */
export const EXIT = {
  complete: 0,
  /** The request could not be served: bad usage, nothing readable, no such object. */
  failed: 1,
  /** Served, but something could not be read. */
  incomplete: 2,
  /** `verify` found damage. */
  damaged: 3,
} as const

/** A request that cannot be served, in a sentence, with what the user can do. */
export class UserError extends Error {
  readonly hint: string | null

  constructor(message: string, hint: string | null = null) {
    super(message)
    this.hint = hint
  }
}
