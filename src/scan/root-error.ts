/** A root that nothing could be read of, with the sentence that says why. */
export class RootError extends Error {
  readonly hint: string | null

  constructor(message: string, hint: string | null) {
    super(message)
    this.hint = hint
  }
}

export const denied = (path: string): RootError =>
  new RootError(
    `${path} cannot be read: permission denied.`,
    'Engines keep their data readable for root only. Run layerscope with sudo.',
  )
