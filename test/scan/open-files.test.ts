import { closeSync, linkSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OpenFilePlaces } from '../../src/scan/open-file-place.ts'
import { findDeletedFiles } from '../../src/scan/open-files.ts'
import { scratch } from '../tree/scratch.ts'

/** Makes files, opens each, and deletes it. */
function hold(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(root, name), content)
    const file = openSync(join(root, name), 'r')
    onTestFinished(() => closeSync(file))
    rmSync(join(root, name))
  }
}

describe.runIf(process.platform === 'linux')('findDeletedFiles', () => {
  it('finds what was deleted while a process holds it, each inode once', () => {
    const root = scratch()
    mkdirSync(join(root, 'below'))
    hold(root, { large: 'x'.repeat(20_000), 'below/small': 'x' })
    writeFileSync(join(root, 'first'), 'xx')
    linkSync(join(root, 'first'), join(root, 'second'))
    for (const name of ['first', 'second', 'second']) {
      const file = openSync(join(root, name), 'r')
      onTestFinished(() => closeSync(file))
    }
    rmSync(join(root, 'first'))
    rmSync(join(root, 'second'))
    const found = findDeletedFiles('/named', root)
    expect(found.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['large', 20_000],
      ['below/small', 1],
      ['first', 2],
    ])
    for (const { root: at, processes } of found) {
      expect(at).toBe('/named')
      expect(processes).toMatchObject([{ pid: process.pid }])
    }
  })

  it('passes over what has another name, or lies elsewhere', () => {
    const root = scratch()
    mkdirSync(join(root, 'store'))
    writeFileSync(join(root, 'store/kept'), '')
    linkSync(join(root, 'store/kept'), join(root, 'store/removed'))
    const file = openSync(join(root, 'store/removed'), 'r')
    onTestFinished(() => closeSync(file))
    rmSync(join(root, 'store/removed'))
    hold(root, { outside: 'x' })
    expect(findDeletedFiles(root, join(root, 'store'))).toEqual([])
  })
})

/** A `/proc` as it is while the process 7 is in a container: what each descriptor is on, and the mounts. */
function madeProc(mounts: { own: readonly string[]; container: readonly string[] }): string {
  const proc = scratch()
  const write = (path: string, lines: readonly string[]): void => {
    mkdirSync(join(proc, path, '..'), { recursive: true })
    writeFileSync(join(proc, path), `${lines.join('\n')}\n`)
  }
  write('self/mountinfo', mounts.own)
  write('7/mountinfo', mounts.container)
  for (const id of [11, 50, 51, 52, 53])
    write(`7/fdinfo/${id}`, ['pos:\t0', 'flags:\t0100000', `mnt_id:\t${id}`, 'ino:\t5'])
  return proc
}

describe('OpenFilePlaces', () => {
  const id = 'a'.repeat(64)

  /** A root with one writable layer on a disk that is mounted at `/` and, once more, at `/again`. */
  function placesOf(container: (root: string) => readonly string[]): {
    root: string
    find: (descriptor: number, name: string) => string | null
  } {
    const root = scratch()
    mkdirSync(join(root, 'overlay2', id, 'diff'), { recursive: true })
    const proc = madeProc({
      own: [
        '10 1 8:1 / / rw shared:1 - ext4 /dev/sda rw',
        '11 10 8:2 /srv /mnt/other rw shared:2 - ext4 /dev/sdb rw',
      ],
      container: container(root),
    })
    const places = new OpenFilePlaces(root, proc)
    return { root, find: (descriptor, name) => places.find('7', String(descriptor), name) }
  }

  it('follows the overlay of a container to its upper directory', () => {
    const { find } = placesOf((root) => [
      `50 9 0:60 / / rw master:3 - overlay overlay rw,lowerdir=/x\\,y,upperdir=${root}/overlay2/${id}/diff,workdir=/w`,
      `51 50 0:61 / /short rw - overlay overlay rw,lowerdir=l/A:l/B,upperdir=${id}/diff,workdir=${id}/work`,
    ])
    expect(find(50, '/held')).toBe(`overlay2/${id}/diff/held`)
    expect(find(51, '/short/way/held')).toBe(`overlay2/${id}/diff/way/held`)
  })

  it('follows a volume by its directory of the file system that the root lies on', () => {
    const { find } = placesOf((root) => [
      '50 9 0:60 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w',
      `51 50 8:1 ${root}/volumes/with\\040blank/_data /v rw - ext4 /dev/sda rw`,
    ])
    expect(find(51, '/v/deep/held')).toBe('volumes/with blank/_data/deep/held')
  })

  it('takes nothing for the root that only has its name', () => {
    const { root, find } = placesOf((top) => [
      `50 9 0:60 / / rw - overlay overlay rw,lowerdir=/l,upperdir=${top}/overlay2/elsewhere/diff,workdir=/w`,
      `51 50 8:2 /volumes/inner/_data ${top} rw - ext4 /dev/sdb rw`,
      `52 50 0:77 / /dev/shm rw - tmpfs shm rw`,
    ])
    expect(find(50, '/held')).toBeNull()
    expect(find(51, `${root}/overlay2/${id}/diff/held`)).toBeNull()
    expect(find(52, '/dev/shm/held')).toBeNull()
  })

  it('goes by the name where the mount is not known', () => {
    const { root, find } = placesOf(() => [])
    expect(find(99, `${root}/held`)).toBe('held')
    expect(find(53, `${root}/held`)).toBe('held')
    expect(find(53, '/elsewhere/held')).toBeNull()
  })
})
