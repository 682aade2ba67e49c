import { isPlainName } from '../../model/ids.ts'
import { driverNamed } from '../drivers/driver.ts'

/** Where a store of one driver keeps its records and its data; all paths are relative to the root. */
export interface StorePlaces {
  readonly driver: string
  readonly images: string
  readonly layers: string
  readonly containers: string
}

/** The driver's own directory is named by `driverNamed(driver).homes`. */
export const placesOf = (driver: string): StorePlaces => ({
  driver,
  images: `${driver}-images`,
  layers: `${driver}-layers`,
  containers: `${driver}-containers`,
})

/** Drivers of containers/storage, by which its directories are recognised. */
export const STORAGE_DRIVERS = ['overlay', 'vfs', 'btrfs', 'zfs', 'aufs', 'devmapper'] as const

/** The database of podman up to 4.7, and that of later ones. */
export const BOLT_STATE = 'libpod/bolt_state.db'
export const SQLITE_STATE = 'db.sql'

/** Where removals are prepared from containers/storage 1.59 on: beside the driver's layers, and beside the records. */
export const driverTemporary = (home: string): string => `${home}/tempdirs`
export const recordTemporary = (records: string): string => `${records}/tmp`

/**
 * The file that holds an image's or container's big data of that key: the key itself where it is made of plain
 * characters, else `=` and its base64. Null where that gives no file name.
 */
export function bigDataFile(key: string): string | null {
  const name = /^[.0-9a-z]+$/.test(key) ? key : `=${Buffer.from(key).toString('base64')}`
  return isPlainName(name) ? name : null
}

/** The file with the list of a layer's tar entries. */
export const tarSplitPath = (places: StorePlaces, layer: string): string =>
  `${places.layers}/${layer}.tar-split.gz`

/** The directory of a container's own files: its runtime config, its log, its secrets. */
export const containerDirectory = (driver: string, id: string): string =>
  `${placesOf(driver).containers}/${id}`

/** A layer's own files: overlay keeps them in `diff`, whatever Docker's driver of that name does; others in the directory. */
export function layerFiles(driver: string, id: string): string {
  const directory = driverNamed(driver).directory(id)
  return driver === 'overlay' ? `${directory}/diff` : directory
}
