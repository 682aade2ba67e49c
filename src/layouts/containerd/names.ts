/** Namespaces of dockerd: `moby`, and `moby-<uid>.<gid>` where users are remapped. */
export const isDockerNamespace = (namespace: string): boolean => /^moby(-\d+\.\d+)?$/.test(namespace)

/** The name that dockerd gives to the row of an image without names. */
export const isDanglingName = (name: string): boolean => name.startsWith('moby-dangling@')

/** A canonical reference as Docker prints it: `docker.io/library/` and `docker.io/` are left out. */
export const familiarName = (name: string): string =>
  name.replace(/^docker\.io\/library\//, '').replace(/^docker\.io\//, '')
