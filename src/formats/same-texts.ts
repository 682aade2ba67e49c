/** Gives one string for all that are equal: images built alike name the same steps, times and variables, each its own copy. */
export class SameTexts {
  readonly #known = new Map<string, string>()

  of(text: string): string {
    const known = this.#known.get(text)
    if (known === undefined) this.#known.set(text, text)
    return known ?? text
  }
}
