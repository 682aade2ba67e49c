import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isObject, list, record, texts } from '../../src/formats/fields.ts'
import { fixtureRoot } from '../support/fixtures.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/layerscope.js', import.meta.url))
const root = fixtureRoot('overlay2-buildkit')

function layerscope(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' })
}

function json(...args: readonly string[]) {
  const { stdout } = layerscope(...args)
  const value: unknown = JSON.parse(stdout)
  if (!isObject(value)) throw new Error('no object')
  return value
}

describe('whatif on the command line', () => {
  it('leaves what follows the docker command to docker', () => {
    const answer = json(
      'whatif',
      '--json',
      '--root',
      root,
      'docker',
      'image',
      'prune',
      '-a',
      '--filter',
      'label=stage',
    )
    expect(texts(answer, 'command')).toEqual('docker image prune -a --filter label=stage'.split(' '))
    expect(answer['rule']).toBe('20.10')
    for (const kind of [
      'containers',
      'images',
      'references',
      'volumes',
      'cacheRecords',
      'networks',
      'layers',
    ])
      expect(list(record(answer, 'removed'), kind)).toBeInstanceOf(Array)
    expect(record(answer, 'engineSays')).toHaveProperty('reclaimed')
    expect(record(answer, 'freed')).toHaveProperty('disk')
  })

  it('takes layerscope options before the command word as well, and docker need not be said', () => {
    const said = json('--json', '--root', root, 'whatif', '--as-recorded', 'volume', 'prune', '-f')
    expect(texts(said, 'command')).toEqual('docker volume prune -f'.split(' '))
    expect(record(said, 'states')['basis']).toBe('recorded')
  })

  it('says where its own options stand, when one follows the docker command', () => {
    const { status, stderr } = layerscope('whatif', 'docker', 'image', 'prune', '--root', root)
    expect(status).toBe(1)
    expect(stderr).toContain('unknown flag: --root')
    expect(stderr).toContain('stand before the docker command')
  })

  it('prints what goes, both figures, and what stays', () => {
    const { stdout, status } = layerscope('whatif', '--root', root, 'docker', 'system', 'prune', '-af')
    expect(status).toBe(0)
    for (const part of [
      'Would go:',
      'Docker would say',
      'The disk gets back',
      'Stays:',
      '--engine',
      '--as-recorded',
    ])
      expect(stdout).toContain(part)
  })

  it('refuses in the words of docker, and exits with 1 where nothing could be done', () => {
    const missing = layerscope('whatif', '--root', root, 'docker', 'rmi', 'no-such')
    expect(missing.status).toBe(1)
    expect(missing.stdout).toContain('Error: No such image: no-such')
    const flag = layerscope('whatif', '--root', root, 'docker', 'volume', 'prune', '-af')
    expect(flag.status).toBe(1)
    expect(flag.stderr).toContain("unknown shorthand flag: 'a' in -af")
    expect(layerscope('whatif', '--root', root, 'docker', 'ps').status).toBe(1)
    expect(layerscope('whatif', '--engine', '7', '--root', root, 'docker', 'rm', 'x').status).toBe(1)
    const partly = layerscope('whatif', '--root', root, 'docker', 'rm', 'created', 'no-such')
    expect(partly.status).toBe(0)
  })
})

describe('free on the command line', () => {
  it('plans up to a size, and says where it cannot be reached', () => {
    const plan = json('free', '100kB', '--root', root, '--json')
    expect(plan['reached']).toBe(true)
    expect(list(plan, 'steps').length).toBeGreaterThan(0)
    const much = layerscope('free', '1TB', '--volumes', '--root', root)
    expect(much.status).toBe(0)
    expect(much.stdout).toContain('cannot be reached')
    expect(much.stdout).toContain('docker volume prune')
    expect(layerscope('free', 'much', '--root', root).status).toBe(1)
  })
})
