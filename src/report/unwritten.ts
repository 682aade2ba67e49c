/**
 * The sentence that says why the output could not be written; null where its reader has gone away (`| head`), of which
 * nothing need be said.
 */
export function whyUnwritten(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EPIPE') return null
  return `The output could not be written: ${describeSystemError(error)}.`
}

/** What the system says, as in "no space left on device (ENOSPC)", without the name of the call. */
export function describeSystemError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const [, code, words] = /^([A-Z0-9]+): (.+?), \w+/.exec(error.message) ?? []
  return code === undefined || words === undefined ? error.message : `${words} (${code})`
}
