import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

describe('LockTable', () => {
  it('knows a locked file by its device and inode, whatever kind of lock it is', () => {
    const { file, place } = lockable()
    for (const kind of ['FLOCK  ADVISORY  WRITE', 'POSIX  ADVISORY  READ ', 'OFDLCK ADVISORY  WRITE'])
      expect(
        new LockTable(`1: POSIX  ADVISORY  READ 5 fd:ff:1 0 EOF\n2: ${kind} 812 ${place} 0 EOF\n`).isLocked(
          file,
        ),
      ).toBe(true)
  })

  it('does not take a waiting process, or another inode, for a holder', () => {
    const { file, place } = lockable()
    expect(new LockTable(`1: -> FLOCK  ADVISORY  WRITE 812 ${place} 0 EOF\n`).isLocked(file)).toBe(false)
    expect(new LockTable(`1: FLOCK  ADVISORY  WRITE 812 ${place}1 0 EOF\n`).isLocked(file)).toBe(false)
    expect(new LockTable('').isLocked(file)).toBe(false)
  })

  it('knows nothing where the kernel does not say, or the file is not there', () => {
    const { file } = lockable()
    expect(new LockTable(null).isLocked(file)).toBeNull()
    expect(new LockTable('').isLocked(`${file}.gone`)).toBeNull()
    expect(new LockTable('').isLocked(`${file}/below`)).toBeNull()
  })
})
