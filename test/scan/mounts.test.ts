import { describe, expect, it } from 'vitest'
import { parseMountInfo } from '../../src/scan/mounts.ts'

let count = 0

/** A line with an id of its own, as the kernel writes it. */
const line = (point: string, options = 'shared:1'): string =>
  `${100 + count++} 35 98:0 /mnt1 ${point} rw,noatime ${options} - ext3 /dev/root rw,errors=continue`

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

  it('leaves out what is bound onto itself, and nothing else that is bound', () => {
    const mount = (id: number, parent: number, device: string, directory: string, point: string): string =>
      `${id} ${parent} ${device} ${directory} ${point} rw - ext4 /dev/vda rw`
    const storage = '/var/lib/containers/storage'
    const content = [
      mount(1, 0, '8:1', '/', '/'),
      mount(2, 1, '8:1', `${storage}/overlay`, `${storage}/overlay`),
      mount(3, 2, '0:40', '/', `${storage}/overlay/a/merged`),
      // A disk of its own, of which one directory is bound onto itself and another elsewhere.
      mount(4, 1, '8:2', '/', '/data'),
      mount(5, 4, '8:2', '/docker', '/data/docker'),
      mount(6, 4, '8:2', '/other', '/data/elsewhere'),
      // A bind mount, and in it a directory bound onto itself.
      mount(7, 1, '8:2', '/deep', '/srv'),
      mount(8, 7, '8:2', '/deep/root', '/srv/root'),
      // The same path of another disk.
      mount(9, 1, '8:3', '/same', '/same'),
    ].join('\n')
    expect([...parseMountInfo(content)]).toEqual([
      '/',
      `${storage}/overlay/a/merged`,
      '/data',
      '/data/elsewhere',
      '/srv',
      '/same',
    ])
  })
})
