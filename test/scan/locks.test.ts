import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LockTable } from '../../src/scan/locks.ts'
import { scratch } from '../tree/scratch.ts'

/** A file, and its device and inode as /proc/locks writes them. */
function lockable(): { file: string; place: string } {
  const file = join(scratch(), 'metadata.db')
  writeFileSync(file, '')
  const [major = 0, minor = 0, inode = 0] = execFileSync('stat', ['-c', '%Hd %Ld %i', file])
    .toString()
    .split(' ')
    .map(Number)
  const hex = (part: number): string => part.toString(16).padStart(2, '0')
  return { file, place: `${hex(major)}:${hex(minor)}:${inode}` }
}

const table = (locks: string, mounts = '', proc = '/nowhere'): LockTable =>
  new LockTable({ locks, mounts, proc })

describe('LockTable', () => {
  it('knows a locked file by its device and inode, whatever kind of lock it is', () => {
    const { file, place } = lockable()
    for (const kind of ['FLOCK  ADVISORY  WRITE', 'POSIX  ADVISORY  READ ', 'OFDLCK ADVISORY  WRITE'])
      expect(
        table(`1: POSIX  ADVISORY  READ 5 fd:ff:1 0 EOF\n2: ${kind} 812 ${place} 0 EOF\n`).isLocked(file),
      ).toBe(true)
  })

  it('does not take a waiting process, or another inode, for a holder', () => {
    const { file, place } = lockable()
    expect(table(`1: -> FLOCK  ADVISORY  WRITE 812 ${place} 0 EOF\n`).isLocked(file)).toBe(false)
    expect(table(`1: FLOCK  ADVISORY  WRITE 812 ${place}1 0 EOF\n`).isLocked(file)).toBe(false)
    expect(table('').isLocked(file)).toBe(false)
  })

  it('knows nothing where the kernel does not say, or the file is not there', () => {
    const { file } = lockable()
    expect(new LockTable(null).isLocked(file)).toBeNull()
    expect(table('').isLocked(`${file}.gone`)).toBeNull()
    expect(table('').isLocked(`${file}/below`)).toBeNull()
  })

  describe('where files have another device than their file system, as in subvolumes of btrfs', () => {
    const mounts = (point: string): string =>
      `20 1 253:1 / / rw - ext4 /dev/a rw\n21 20 0:47 /sub ${point} rw - btrfs /dev/b rw\n`
    const inode = (place: string): string => place.slice(place.lastIndexOf(':'))

    /** A process that has these files open, as the kernel shows it. */
    function processWith(pid: number, ...files: readonly string[]): string {
      const proc = scratch()
      mkdirSync(join(proc, `${pid}/fd`), { recursive: true })
      for (const [index, file] of files.entries()) symlinkSync(file, join(proc, `${pid}/fd/${index}`))
      return proc
    }

    it('knows a lock by the file system and what its holder has open', () => {
      const { file, place } = lockable()
      const locks = `1: FLOCK  ADVISORY  WRITE 812 00:2f${inode(place)} 0 EOF\n`
      const at = mounts(dirname(file))
      expect(table(locks, at, processWith(812, '/dev/null', file)).isLocked(file)).toBe(true)
      // The inode of that number in another subvolume is locked.
      expect(table(locks, at, processWith(812, '/dev/null')).isLocked(file)).toBe(false)
      expect(table(locks, mounts('/elsewhere'), processWith(812, file)).isLocked(file)).toBe(false)
    })

    it('takes it to be locked where nobody may see what the holder has open', () => {
      const { file, place } = lockable()
      const locks = `1: OFDLCK ADVISORY  WRITE -1 00:2f${inode(place)} 0 EOF\n`
      expect(table(locks, mounts(dirname(file))).isLocked(file)).toBe(true)
    })
  })
})
