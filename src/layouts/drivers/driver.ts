/**
 * Where a storage driver keeps what belongs to one of its ids (a cache-id, mount-id, init-id, or image id).
 * All paths are relative to the data root. Ids must have passed `isPlainName` before they come here.
 */
export interface Driver {
  readonly name: string
  /** The directories whose entries are named by ids; the first holds the files. */
  readonly homes: readonly string[]
  /** Entries of the homes that are not ids. */
  readonly reserved: readonly string[]
  /** The directory that an id owns, the one a delete removes. */
  directory(id: string): string
  /** The directory whose content is the layer's own files; null where no file can be seen offline. */
  files(id: string): string | null
  /** The same for the writable layer of a container. */
  writableFiles(id: string): string | null
  /** Other files and directories that the id owns. */
  companions(id: string): readonly string[]
  /** The file that holds the contents of all ids together, where the driver keeps them in one. */
  readonly pool: string | null
  /** True where the engine has no list of what a writable layer changed, and compares its tree with those below. */
  readonly comparesTrees: boolean
}

type DriverShape = Pick<Driver, 'name' | 'homes'> & Partial<Omit<Driver, 'name' | 'homes'>>

function driver(shape: DriverShape): Driver {
  const [home = ''] = shape.homes
  const files = shape.files ?? ((id: string) => `${home}/${id}`)
  return {
    reserved: [],
    directory: (id) => `${home}/${id}`,
    files,
    writableFiles: files,
    companions: () => [],
    pool: null,
    comparesTrees: false,
    ...shape,
  }
}

const overlayLike = (name: string): Driver =>
  driver({
    name,
    homes: [name],
    reserved: ['l', 'backingFsBlockDev', 'lost+found'],
    files: (id) => `${name}/${id}/diff`,
  })

const DRIVERS: readonly Driver[] = [
  overlayLike('overlay2'),
  overlayLike('fuse-overlayfs'),
  driver({
    name: 'aufs',
    homes: ['aufs/diff', 'aufs/mnt', 'aufs/layers'],
    companions: (id) => [`aufs/mnt/${id}`, `aufs/layers/${id}`],
  }),
  driver({ name: 'vfs', homes: ['vfs/dir'], comparesTrees: true }),
  // Version 1: an image's tree is in root/, a container's changes are in upper/.
  driver({
    name: 'overlay',
    homes: ['overlay'],
    reserved: ['lost+found'],
    files: (id) => `overlay/${id}/root`,
    writableFiles: (id) => `overlay/${id}/upper`,
    comparesTrees: true,
  }),
  driver({ name: 'btrfs', homes: ['btrfs/subvolumes'], comparesTrees: true }),
  // Only the directories of mounted datasets can be seen.
  driver({ name: 'zfs', homes: ['zfs/graph'], files: () => null, comparesTrees: true }),
  driver({
    name: 'devicemapper',
    homes: ['devicemapper/metadata', 'devicemapper/mnt'],
    reserved: ['base', 'deviceset-metadata', 'transaction-metadata'],
    files: () => null,
    companions: (id) => [`devicemapper/mnt/${id}`],
    // A loop file; on a device of its own the pool lies outside the root.
    pool: 'devicemapper/devicemapper/data',
    comparesTrees: true,
  }),
  driver({ name: 'windowsfilter', homes: ['windowsfilter'], files: (id) => `windowsfilter/${id}/Files` }),
]

/** All drivers known, by name. */
export const KNOWN_DRIVERS: ReadonlyMap<string, Driver> = new Map(DRIVERS.map((known) => [known.name, known]))

/** The driver of that name; a plugin or a future driver is taken to keep one directory for each id. */
export const driverNamed = (name: string): Driver =>
  KNOWN_DRIVERS.get(name) ?? driver({ name, homes: [name], reserved: ['l'] })
