import { describe, expect, it } from 'vitest'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import type { EngineRule } from '../../../src/model/model.ts'
import { claim, container, ROOT, survey, volume } from '../build-model.ts'
import { playOn, simulatorOn } from './play-on.ts'

const anonymous = { labels: new Map([['com.docker.volume.anonymous', '']]) }
const volumes = [
  volume('named', { labels: new Map([['keep', 'yes']]) }),
  volume('anonymous', anonymous),
  volume('used', anonymous),
  volume('plugin', { driver: 'sshfs' }),
  volume('tmpfs', { options: new Map([['type', 'tmpfs']]) }),
  volume('plain', { options: new Map() }),
]
const containers = [container('c', { volumes: ['used'], state: 'exited' })]
const measured = survey(
  volumes.map(({ path }, index) => [claim(path ?? '', { content: true }), 10 ** index, 4096, 1] as const),
)
const prune = (rule: EngineRule, flags = '', surveys = [measured]) =>
  playOn({ volumes, containers, rule }, `volume prune${flags}`, {}, surveys)

describe('volume prune', () => {
  it('takes all that no container uses up to 20.10, and says what is in them', () => {
    expect(prune('20.10')).toMatchObject({ volumes: ['anonymous', 'named', 'plain'], said: 100_011 })
  })

  it('takes those that nobody named from 23 on, and with -a or all=true the others', () => {
    expect(prune('23')).toMatchObject({ volumes: ['anonymous'], said: 10 })
    expect(prune('23', ' -a').volumes).toEqual(['anonymous', 'named', 'plain'])
    expect(prune('23', ' --filter all=true').volumes).toHaveLength(3)
    expect(prune('23', ' --filter all=false').volumes).toEqual(['anonymous'])
  })

  it('takes for all what Go takes for true, and refuses what is neither', () => {
    for (const yes of ['1', 't', 'T', 'true', 'True', 'TRUE'])
      expect(prune('28', ` --filter all=${yes}`).volumes).toEqual(['anonymous', 'named', 'plain'])
    for (const no of ['0', 'f', 'False'])
      expect(prune('28', ` --filter all=${no}`).volumes).toEqual(['anonymous'])
    for (const value of ['yes', ''])
      expect(prune('28', ` --filter all=${value}`)).toMatchObject({
        volumes: [],
        refused: [`invalid filter 'all': strconv.ParseBool: parsing "${value}": invalid syntax`],
      })
    expect(prune('28', ' --filter all=1 --filter all=0')).toMatchObject({
      volumes: [],
      refused: ["invalid filter 'all=[1 0]': only one value is expected"],
    })
    expect(prune('28', ' -a --filter all=0')).toMatchObject({
      volumes: [],
      refused: ['conflicting options: cannot specify both --all and --filter all=1'],
    })
  })

  it('looks at labels', () => {
    expect(prune('20.10', ' --filter label=keep').volumes).toEqual(['named'])
    expect(prune('20.10', ' --filter label!=keep').volumes).toEqual(['anonymous', 'plain'])
  })

  it('refuses filters that its version does not know', () => {
    expect(prune('20.10', ' --filter all=true').refused).toEqual(["Invalid filter 'all'"])
    expect(prune('23', ' --filter until=1h').refused).toEqual(["invalid filter 'until'"])
  })

  it('says nothing where they were not measured', () => {
    expect(prune('20.10', '', []).said).toBeNull()
  })

  it.each([
    ['volume prune', true, false, 1],
    ['volume rm used', true, false, 1],
    ['volume prune', false, false, 0],
    ['volume prune', true, true, 0],
    ['volume prune --filter label=keep', true, false, 0],
  ])(
    '%s says of a volume of a container that never ran what is not certain (engine: %s, ran: %s)',
    (command, engineRunning, startedBefore, remarks) => {
      const mount = {
        type: 'volume' as const,
        volume: 'used',
        driver: 'local',
        source: '/var/lib/docker/volumes/used/_data',
        destination: '/x',
        readOnly: false,
        named: true,
      }
      const simulator = simulatorOn({
        volumes,
        containers: [container('c', { volumes: ['used'], mounts: [mount], startedBefore })],
        roots: [
          { path: ROOT, kind: 'docker', fileSystem: null, engine: { rule: '28', why: '' }, engineRunning },
        ],
      })
      const { state, removed } = simulator.simulate([parseDockerCommand(command.split(' '), simulator.rules)])
      expect(removed.volumes).not.toContain('used')
      expect(state.remarks).toHaveLength(remarks)
    },
  )

  it('takes what the containers held that went before it', () => {
    const everything = playOn({ volumes, containers }, 'system prune --volumes', {}, [measured])
    expect(everything.volumes).toEqual(['anonymous', 'named', 'plain', 'used'])
    expect(playOn({ volumes, containers }, 'system prune', {}, [measured]).volumes).toEqual([])
  })
})
