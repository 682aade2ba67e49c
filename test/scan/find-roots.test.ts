import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findHostRoots } from '../../src/scan/find-roots.ts'
import { scratch } from '../tree/scratch.ts'

// The other places that are looked at are fixed; only this one can be put elsewhere.
const rootsBelow = (home: string): string[] => {
  vi.stubEnv('XDG_DATA_HOME', home)
  return findHostRoots().filter((root) => root.startsWith(home))
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('findHostRoots', () => {
  it('finds the root of a rootless engine, and those of remapped users inside it', () => {
    const home = scratch()
    for (const name of ['100000.100000', '5.6', 'overlay2', '1.2.3', 'x1.2'])
      mkdirSync(join(home, 'docker', name), { recursive: true })
    writeFileSync(join(home, 'docker/7.8'), 'a file')
    expect(rootsBelow(home)).toEqual([
      join(home, 'docker'),
      join(home, 'docker/100000.100000'),
      join(home, 'docker/5.6'),
    ])
  })

  it('names a directory once, whatever links lead to it', () => {
    const home = scratch()
    mkdirSync(join(home, 'real/1.2'), { recursive: true })
    symlinkSync('real', join(home, 'docker'))
    symlinkSync('1.2', join(home, 'real/3.4'))
    expect(rootsBelow(home)).toEqual([join(home, 'docker'), join(home, 'docker/1.2')])
  })

  it('finds the stores that a configuration of containers/storage names', () => {
    const home = scratch()
    for (const name of ['graph', 'shared', 'more', 'commented', 'empty'])
      mkdirSync(join(home, name, name === 'empty' ? '' : 'overlay-images'), { recursive: true })
    const config = join(home, 'storage.conf')
    writeFileSync(
      config,
      `[storage]
driver = "overlay"
# graphroot = "${home}/commented"
graphroot = "${home}/graph"
rootless_storage_path = "$HOME/.local/share/containers/storage"
[storage.options]
additionalimagestores = [
  '${home}/shared', # read-only
  "${home}/more",
  "${home}/empty",
]
`,
    )
    vi.stubEnv('CONTAINERS_STORAGE_CONF', config)
    expect(rootsBelow(home)).toEqual(['graph', 'shared', 'more'].map((name) => join(home, name)))
  })

  it('passes over what is no directory', () => {
    const home = scratch()
    writeFileSync(join(home, 'docker'), 'a file')
    expect(rootsBelow(home)).toEqual([])
  })
})
