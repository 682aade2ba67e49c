import { describe, expect, it } from 'vitest'
import { parseMountInfo } from '../../src/scan/mounts.ts'

const line = (point: string, options = 'shared:1'): string =>
  `36 35 98:0 /mnt1 ${point} rw,noatime ${options} - ext3 /dev/root rw,errors=continue`

describe('parseMountInfo', () => {
  it('takes the fifth field of every line, with or without optional fields', () => {
    const content = [line('/'), line('/var/lib/docker'), line('/proc', '')].join('\n')
    expect([...parseMountInfo(`${content}\n`)]).toEqual(['/', '/var/lib/docker', '/proc'])
  })

  it('decodes blanks, tabs, newlines and backslashes', () => {
    expect([...parseMountInfo(line('/a\\040b\\011c\\012d\\134e'))]).toEqual(['/a b\tc\nd\\e'])
  })

  it('decodes once: a backslash that was escaped starts no escape', () => {
    expect([...parseMountInfo(line('/a\\134040'))]).toEqual(['/a\\040'])
  })

  it('keeps names beyond ASCII, and takes nothing from short lines', () => {
    expect([...parseMountInfo(`${line('/dätä')}\n36 35\n`)]).toEqual(['/dätä'])
    expect(parseMountInfo('').size).toBe(0)
  })
})
