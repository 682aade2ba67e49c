import { describe, expect, it } from 'vitest'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { findContainer } from '../../../src/analysis/whatif/remove-named.ts'
import type { EngineRule } from '../../../src/model/model.ts'
import { container, volume } from '../build-model.ts'
import { playOn, simulatorOn } from './play-on.ts'

const one = container('abc1', { name: 'one' })
const two = container('abd2', { name: 'abc' })
const mount = (name: string, over: object = {}) => ({
  type: 'volume' as const,
  volume: name,
  driver: 'local',
  source: '',
  destination: '/x',
  readOnly: false,
  named: false,
  ...over,
})

describe('a container is found', () => {
  it.each([
    ['abc1', 'abc1'],
    ['one', 'abc1'],
    ['/one', 'abc1'],
    ['abc', 'abd2'],
    ['abd', 'abd2'],
    ['ab', null],
    ['x', null],
    ['', null],
    ['bc1', null],
  ])('by its id, its name or the beginning of its id: %j', (typed, id) => {
    expect(findContainer([one, two], typed)?.id ?? null).toBe(id)
  })

  it('by its id before another one of that name', () => {
    expect(findContainer([container('x', { name: 'abc1' }), one], 'abc1')).toBe(one)
  })
})

describe('rm', () => {
  it('takes what does not run, and by force what does', () => {
    const containers = [one, container('r', { state: 'running' }), container('p', { state: 'paused' })]
    const stop = 'top the container before attempting removal or force remove'
    expect(playOn({ containers }, 'rm one r p none')).toMatchObject({
      containers: ['abc1'],
      refused: [
        `You cannot remove a running container r. S${stop}`,
        `You cannot remove a paused container p. Unpause and then s${stop}`,
        'Error: No such container: none',
      ],
    })
    expect(playOn({ containers }, 'rm -f one r p').containers).toEqual(['abc1', 'p', 'r'])
    const restarting = [container('x', { state: 'restarting' })]
    expect(playOn({ containers: restarting }, 'rm x').refused).toEqual([
      `You cannot remove a restarting container x. S${stop}`,
    ])
  })

  it('takes the slashes off a name, which then may not be empty', () => {
    expect(playOn({ containers: [one] }, 'rm one/').containers).toEqual(['abc1'])
    expect(playOn({ containers: [one] }, 'rm //one//').containers).toEqual(['abc1'])
    for (const name of ['/', '//', '']) {
      expect(playOn({ containers: [one] }, `rm ${name}`).refused).toEqual(['Container name cannot be empty'])
      expect(playOn({ containers: [one], rule: '28' }, `rm -f ${name}`).refused).toEqual([
        'container name cannot be empty',
      ])
    }
  })

  it('refuses the beginning of several ids, by force too', () => {
    const containers = [one, two]
    const refused = (rule: EngineRule) => playOn({ containers, rule }, 'rm -f ab').refused
    expect(refused('20.10')).toEqual(['Multiple IDs found with provided prefix: ab'])
    expect(refused('26')).toEqual(['multiple IDs found with provided prefix: ab'])
  })

  it('names what was typed from 28 on, and the container before', () => {
    const containers = [container('r1', { name: 'run', state: 'running' })]
    const refused = (rule: EngineRule) => playOn({ containers, rule }, 'rm /r1').refused
    const why = 'container is running: stop the container before removing or force remove'
    expect(refused('26')).toEqual([`cannot remove container "/run": ${why}`])
    expect(refused('28')).toEqual([`cannot remove container "r1": ${why}`])
    const paused = [container('p1', { name: 'pause', state: 'paused' })]
    expect(playOn({ containers: paused, rule: '28' }, 'rm pause').refused).toEqual([
      'cannot remove container "pause": container is paused and must be unpaused first',
    ])
  })

  it.each([
    ['rm -f none', 1],
    ['rm -f none one', 1],
    ['rm none', 0],
    ['rm -f none /', 0],
    ['rmi -f none', 1],
    ['rmi none', 0],
    ['rm -f one', 0],
    ['rm -f a/b', 2],
  ])('says where docker ends with success all the same, or a link is meant: %s', (command, remarks) => {
    const simulator = simulatorOn({ containers: [one] })
    const { state } = simulator.simulate([parseDockerCommand(command.split(' '), simulator.rules)])
    expect(state.remarks).toHaveLength(remarks)
  })

  it('calls a container running that is said to run', () => {
    const { refused } = playOn({ containers: [one] }, 'rm one', { assumeRunning: ['abc1'] })
    expect(refused[0]).toContain('a running container')
  })

  it('takes with -v the volumes that nobody named and nobody else uses', () => {
    const volumes = ['anon', 'named', 'shared', 'bound'].map((name) => volume(name))
    const mounts = [
      mount('anon'),
      mount('named', { named: true }),
      mount('shared'),
      mount('bound', { type: 'bind' }),
      mount('missing'),
      mount('', { volume: null }),
    ]
    const containers = [
      container('c', { mounts, volumes: ['anon', 'named', 'shared', 'missing'] }),
      container('d', { volumes: ['shared'] }),
    ]
    expect(playOn({ containers, volumes }, 'rm -v c').volumes).toEqual(['anon'])
    expect(playOn({ containers, volumes }, 'rm c').volumes).toEqual([])
  })
})

describe('volume rm', () => {
  const volumes = [volume('used'), volume('free')]
  const containers = [container('c', { volumes: ['used'] }), container('d', { volumes: ['used'] })]

  it('takes what no container uses, and says who does', () => {
    expect(playOn({ containers, volumes }, 'volume rm used free free none')).toMatchObject({
      volumes: ['free'],
      refused: [
        'remove used: volume is in use - [c, d]',
        'Error: No such volume: free',
        'Error: No such volume: none',
      ],
    })
  })

  it('passes by force over what is not there, but not over what is in use', () => {
    expect(playOn({ containers, volumes }, 'volume rm -f none used').refused).toEqual([
      'remove used: volume is in use - [c, d]',
    ])
  })
})
