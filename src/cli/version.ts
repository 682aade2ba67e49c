declare const __VERSION__: string

/** The version of the package, put here when it is built. */
export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : 'development'
