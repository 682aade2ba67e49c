import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { locate } from '../../src/scan/locate.ts'

const home = mkdtempSync(join(tmpdir(), 'layerscope-locate-'))
afterAll(() => rmSync(home, { recursive: true }))

const docker = join(home, 'docker')
const podman = join(home, 'storage')
const LINK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
mkdirSync(join(docker, 'overlay2/aa/diff/etc'), { recursive: true })
mkdirSync(join(docker, 'overlay2/l'), { recursive: true })
symlinkSync('../aa/diff', join(docker, 'overlay2/l', LINK))
writeFileSync(join(docker, 'overlay2/aa/diff/etc/passwd'), '')
mkdirSync(join(docker, 'containers'))
mkdirSync(join(podman, 'overlay/bb/diff'), { recursive: true })
const roots = [docker, podman]

const found = (query: string, from = home) => {
  const location = locate(query, roots, from)
  return location === null ? null : [location.root, location.path, location.exists]
}

describe('locate', () => {
  it('finds what lies below a root, however it is written', () => {
    const passwd = [docker, 'overlay2/aa/diff/etc/passwd', true]
    expect(found(join(docker, 'overlay2/aa/diff/etc/passwd'))).toEqual(passwd)
    expect(found(`${docker}/overlay2//aa/../aa/diff/etc/passwd/`)).toEqual(passwd)
    expect(found('overlay2/aa/diff/etc/passwd')).toEqual(passwd)
    expect(found('./overlay2/x/../aa/diff/etc/passwd')).toEqual(passwd)
    expect(found('diff/etc/passwd', join(docker, 'overlay2/aa'))).toEqual(passwd)
    expect(found(docker)).toEqual([docker, '', true])
  })

  it('reads the short links of a mount line', () => {
    expect(found(`/var/lib/docker/overlay2/l/${LINK}/etc`)).toEqual([docker, 'overlay2/aa/diff/etc', true])
    expect(locate(`overlay2/l/${LINK}`, roots, home)?.links).toEqual([
      { path: `overlay2/l/${LINK}`, says: '../aa/diff' },
    ])
  })

  it('reads what stands in the files lower and link, and a directory by its id', () => {
    const inDiff = [docker, 'overlay2/aa/diff', true]
    for (const query of [`l/${LINK}`, LINK, 'aa/diff']) expect(found(query)).toEqual(inDiff)
    expect(found('aa/gone')).toBe(null)
    expect(found('../overlay2')).toBe(null)
  })

  it('finds what is written as it stood where the root was made', () => {
    expect(found('/var/lib/docker/overlay2/aa/diff')).toEqual([docker, 'overlay2/aa/diff', true])
    expect(found('/tmp/containers/overlay2/aa/diff')).toEqual([docker, 'overlay2/aa/diff', true])
    expect(found('/var/lib/containers/storage/overlay/bb/diff')).toEqual([podman, 'overlay/bb/diff', true])
  })

  it('places what is not there where the most of its directories are', () => {
    expect(found('overlay2/aa/diff/gone')).toEqual([docker, 'overlay2/aa/diff/gone', false])
    expect(found('/var/lib/docker/overlay2/aa/merged/etc')).toEqual([docker, 'overlay2/aa/merged/etc', false])
    expect(found('/var/lib/containers/storage/overlay/bb/gone')).toEqual([podman, 'overlay/bb/gone', false])
  })

  it('finds nothing that can be in no root', () => {
    expect(found('/etc/passwd')).toBe(null)
    expect(found('nowhere/at/all')).toBe(null)
    expect(found('../overlay2/aa')).toBe(null)
    expect(found('overlay2/../../docker/overlay2/aa')).toBe(null)
  })
})
