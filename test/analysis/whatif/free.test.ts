import { describe, expect, it } from 'vitest'
import { type FreePlan, planFree } from '../../../src/analysis/whatif/free.ts'
import type { SimulatorOptions } from '../../../src/analysis/whatif/simulator.ts'
import type { Finding } from '../../../src/model/findings.ts'
import type { LogFile } from '../../../src/model/model.ts'
import type { Survey } from '../../../src/model/places.ts'
import {
  cacheRecord,
  claim,
  container,
  digest,
  image,
  layer,
  ROOT,
  STORE,
  survey,
  volume,
} from '../build-model.ts'
import { type Parts, simulatorOn } from './play-on.ts'

type Row = Parameters<typeof survey>[0][number]

/** Something of an owner with so many kilobytes on the disk. */
const own = (
  kind: 'layer' | 'container' | 'volume' | 'cache-record',
  id: string,
  path: string,
  kB: number,
): Row => [
  claim(path, {
    place: (
      {
        layer: 'layer-files',
        container: 'container-files',
        volume: 'volume',
        'cache-record': 'cache-files',
      } as const
    )[kind],
    owner: { kind, id },
    store: kind === 'layer' ? STORE : null,
    content: true,
  }),
  kB * 500,
  kB * 1024,
  1,
]
const logOf = (id: string, kB: number, name = `${id}-json.log`): Row => [
  claim(`containers/${id}/${name}`, { place: 'container-log', owner: { kind: 'container', id } }),
  kB * 1000,
  kB * 1024,
  1,
]
const log = (id: string, name = `${id}-json.log`): LogFile[] => [
  { path: `containers/${id}/${name}` } as LogFile,
]

const parts: Parts = {
  rule: '28',
  layers: ['old', 'small', 'middle', 'large', 'used'].map((id) => layer(id, null, 1000)),
  images: [
    image(digest('old'), ['old']),
    ...['small', 'middle', 'large', 'used'].map((id) => image(digest(id), [id], { tags: [`${id}:1`] })),
  ],
  containers: [
    container('runs', {
      state: 'running',
      image: digest('used'),
      layerPath: 'overlay2/runs',
      logs: log('runs'),
    }),
    container('c1', { image: digest('used'), name: 'first', logs: log('c1') }),
    container('c2', { image: digest('used'), name: 'second', logs: log('c2') }),
  ],
  volumes: [volume('data'), volume('more')],
  cacheRecords: [cacheRecord('r', { path: 'overlay2/r', cacheId: 'r', recordedBytes: 10 })],
}
const rows: Row[] = [
  own('cache-record', 'r', 'overlay2/r', 10),
  own('layer', 'old', 'overlay2/old', 20),
  own('container', 'c1', 'containers/c1', 30),
  own('container', 'c2', 'containers/c2', 40),
  own('layer', 'small', 'overlay2/small', 100),
  own('layer', 'middle', 'overlay2/middle', 200),
  own('layer', 'large', 'overlay2/large', 400),
  logOf('runs', 1000),
  logOf('c1', 0),
  logOf('c2', 63),
  own('volume', 'data', 'volumes/data', 2000),
  own('volume', 'more', 'volumes/more', 3000),
]
const measured = survey(rows)

function plan(
  kB: number,
  {
    volumes = false,
    from = parts,
    surveys = [measured],
  }: { volumes?: boolean; from?: Parts; surveys?: readonly Survey[] } = {},
  options: Partial<SimulatorOptions> = {},
): FreePlan {
  const made = planFree(simulatorOn(from, options, surveys), kB * 1024, { volumes })
  if (made === null) throw new Error('nothing was measured')
  return made
}

const finding = (code: Finding['code'], subject: Finding['subject'], path: string): Finding => ({
  code,
  root: ROOT,
  subject,
  path,
  message: code,
  hint: null,
})

const commands = ({ steps }: FreePlan): string[] => steps.map(({ command }) => command)
const kilobytes = ({ steps }: FreePlan): number[] => steps.map(({ freed }) => freed.disk / 1024)
const LOG = `truncate -s 0 ${ROOT}/containers/runs/runs-json.log`

describe('the cheapest way to get space back', () => {
  it('takes what can be made again first, then what has no name, what stopped, what is unused, and logs', () => {
    const all = plan(1_000_000)
    expect(commands(all)).toEqual([
      'docker builder prune',
      'docker image prune',
      'docker container prune',
      'docker image prune -a',
      LOG,
    ])
    expect(kilobytes(all)).toEqual([10, 20, 133, 700, 1000])
    expect(all.steps.map(({ totalDisk }) => totalDisk / 1024)).toEqual([10, 30, 163, 863, 1863])
    expect(all).toMatchObject({ targetBytes: 1_000_000 * 1024, totalDisk: 1863 * 1024, reached: false })
    expect(all.steps.map(({ freed }) => freed.files)).toEqual([1, 1, 4, 3, 0])
  })

  it('tells the content of each step, where all of it is known', () => {
    const contents = ({ steps }: FreePlan): (number | null)[] => steps.map(({ freed }) => freed.content)
    expect(contents(plan(1_000_000, { volumes: true }))).toEqual([
      10, 1000, 63_000, 3000, 1_000_000, 2_500_000,
    ])
    const unknown = {
      ...parts,
      layers: (parts.layers ?? []).map((each) => ({ ...each, recordedBytes: null })),
    }
    expect(contents(plan(1_000_000, { from: unknown }))).toEqual([10, null, null, null, 1_000_000])
  })

  it('proposes no removal where an id leads out of the root, only what no engine does', () => {
    const findings = [finding('unsafe-name', { kind: 'layer', id: 'elsewhere' }, 'image/overlay2/x/cache-id')]
    const all = plan(1_000_000, { from: { ...parts, findings } })
    expect(commands(all)).toEqual([LOG])
    expect(all.withheld).toEqual([
      'docker builder prune',
      'docker builder prune -a',
      'docker image prune',
      'docker container prune',
      'docker image prune -a',
    ])
    expect(all.warnings).toMatchObject([{ code: 'unsafe-name' }])
  })

  it('proposes no prune that goes by what cannot be read', () => {
    const tags = [finding('repositories-damaged', null, 'image/overlay2/repositories.json')]
    expect(plan(1_000_000, { from: { ...parts, findings: tags } })).toMatchObject({
      withheld: ['docker image prune', 'docker image prune -a'],
      warnings: [{ code: 'repositories-damaged' }],
    })
    const cache = [finding('database-damaged', null, 'buildkit/metadata_v2.db')]
    expect(plan(1_000_000, { from: { ...parts, findings: cache } }).withheld).toEqual([
      'docker builder prune',
      'docker builder prune -a',
    ])
    const subject = { kind: 'container', id: 'x' } as const
    const closed = [finding('unreadable', subject, 'containers/x/config.v2.json')]
    const unreadableContainers = [{ root: ROOT, id: 'x', isDenied: false }]
    const hidden = plan(1_000_000, {
      volumes: true,
      from: { ...parts, findings: closed, unreadableContainers },
    })
    expect(hidden.withheld).toEqual(['docker image prune', 'docker image prune -a', 'docker volume prune -a'])
  })

  it('ends as soon as it is enough', () => {
    const nothing = { targetBytes: 0, steps: [], totalDisk: 0, reached: true, warnings: [], withheld: [] }
    expect(plan(0)).toEqual(nothing)
    expect(commands(plan(10))).toEqual(['docker builder prune'])
    expect(plan(10).reached).toBe(true)
    expect(commands(plan(10.5))).toEqual(['docker builder prune', 'docker image prune'])
    expect(commands(plan(30))).toEqual(['docker builder prune', 'docker image prune'])
  })

  it('takes no more of a kind than is needed: those first that give the most', () => {
    const few = plan(30 + 103)
    expect(commands(few).at(-1)).toBe('docker rm second')
    expect(few.steps.at(-1)).toMatchObject({ freed: { disk: 103 * 1024 }, totalDisk: 133 * 1024 })
    expect(commands(plan(30 + 104)).at(-1)).toBe('docker container prune')
    expect(commands(plan(163 + 400)).at(-1)).toBe('docker rmi large:1')
    expect(commands(plan(163 + 401)).at(-1)).toBe('docker rmi large:1 middle:1')
    expect(commands(plan(163 + 601)).at(-1)).toBe('docker image prune -a')
  })

  it('removes each thing once, in the step that takes it', () => {
    const { steps } = plan(1_000_000)
    expect(steps.map(({ removes }) => removes?.cacheRecords)).toEqual([['r'], [], [], [], undefined])
    expect(steps.map(({ removes }) => removes?.containers)).toEqual([[], [], ['c1', 'c2'], [], undefined])
    expect(steps.map(({ removes }) => removes?.layers)).toEqual([
      [],
      ['old'],
      [],
      ['large', 'middle', 'small'],
      undefined,
    ])
    expect(steps.map(({ removes }) => removes?.references.map(({ reference }) => reference).sort())).toEqual([
      [],
      [],
      [],
      ['large:1', 'middle:1', 'small:1'],
      undefined,
    ])
    expect(steps.map(({ removes }) => removes?.images.length)).toEqual([0, 1, 0, 3, undefined])
    expect(plan(1_000_000, { volumes: true }).steps.at(-1)?.removes).toMatchObject({
      references: [],
      images: [],
      volumes: ['data', 'more'],
    })
  })

  it('says what each step costs, and of a log how it is kept from growing', () => {
    const { steps } = plan(1_000_000, { volumes: true })
    for (const { cost } of steps) expect(cost).not.toBe('')
    expect(new Set(steps.map(({ cost }) => cost)).size).toBe(steps.length)
    expect(steps.map(({ prevents }) => prevents?.includes('max-size') ?? false)).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
    ])
    expect(steps.at(-2)).toMatchObject({ cost: 'the log of runs up to now is lost', removes: null })
    expect(steps.at(-2)?.freed.content).toBe(1_000_000)
  })

  it('touches volumes only where that was asked for, and last', () => {
    expect(commands(plan(1_000_000, { volumes: true })).slice(-2)).toEqual([LOG, 'docker volume prune -a'])
    expect(commands(plan(1863 + 2500, { volumes: true })).at(-1)).toBe('docker volume rm more')
    expect(plan(1863 + 2500, { volumes: true })).toMatchObject({
      reached: true,
      totalDisk: (1863 + 3000) * 1024,
    })
    expect(commands(plan(1_000_000, { volumes: true }, { engine: '20.10' })).at(-1)).toBe(
      'docker volume prune',
    )
    expect(
      commands(plan(1_000_000, { volumes: true, from: { ...parts, rule: 'legacy' } }, { engine: 'legacy' })),
    ).toEqual([LOG, 'docker volume prune'])
  })

  it('lists no command that frees nothing', () => {
    const bare = { ...parts, cacheRecords: [], containers: [], volumes: [] }
    expect(commands(plan(1_000_000, { from: bare, volumes: true }))).toEqual([
      'docker image prune',
      'docker image prune -a',
    ])
  })

  it('goes to the cache again, for what images held of it', () => {
    const shared = {
      ...parts,
      cacheRecords: [cacheRecord('r', { layer: 'large', recordedBytes: 10 })],
      containers: [],
    }
    expect(commands(plan(1_000_000, { from: shared, surveys: [survey(rows.slice(1))] }))).toEqual([
      'docker image prune',
      'docker image prune -a',
      'docker builder prune -a',
    ])
  })

  it('counts logs towards what is needed of what comes after them', () => {
    // After everything but volumes 1,863 kB are free: the one of 2,000 kB would do, but not the log and 136 kB.
    expect(plan(1863, { volumes: true })).toMatchObject({ reached: true, totalDisk: 1863 * 1024 })
    expect(commands(plan(1864, { volumes: true })).at(-1)).toBe('docker volume rm more')
  })

  it('does not make a command of more names than a person would type', () => {
    const names = Array.from({ length: 60 }, (_, index) => `n${String(index).padStart(2, '0')}`)
    const many: Parts = {
      layers: names.map((id) => layer(id, null, 1)),
      images: names.map((id) => image(digest(id), [id], { tags: [`${id}:1`] })),
    }
    const surveys = [survey(names.map((id) => own('layer', id, `overlay2/${id}`, 10)))]
    const step = (kB: number): string | undefined => commands(plan(kB, { from: many, surveys }))[0]
    expect(step(400)?.split(' ')).toHaveLength(2 + 40)
    expect(step(401)).toBe('docker image prune -a')
    // Of those that give the same, the first by name.
    expect(step(20)).toBe('docker rmi n00:1 n01:1')
  })

  it('makes no plan where nothing was measured', () => {
    expect(planFree(simulatorOn(parts), 1000, { volumes: true })).toBeNull()
  })

  it('leaves logs alone that are small, of another driver, or go with their container', () => {
    const logs = (name: string, kB: number) => {
      const from: Parts = { containers: [container('c', { state: 'running', logs: log('c', name) })] }
      return commands(plan(1_000_000, { from, surveys: [survey([logOf('c', kB, name)])] }))
    }
    expect(logs('c-json.log', 64)).toEqual([`truncate -s 0 ${ROOT}/containers/c/c-json.log`])
    expect(logs('c-json.log', 63)).toEqual([])
    expect(logs('local-logs/container.log', 1000)).toEqual([])
    expect(logs('c-json.log.1', 1000)).toEqual([])
    const gone: Parts = { containers: [container('c', { logs: log('c') })] }
    expect(commands(plan(1_000_000, { from: gone, surveys: [survey([logOf('c', 1000)])] }))).toEqual([
      'docker container prune',
    ])
  })

  it('empties the largest log first, and names a container without a name by its id', () => {
    const ids = ['a', 'b', 'd'].map((letter) => letter.repeat(64))
    const from: Parts = {
      containers: ids.map((id) => container(id, { state: 'running', name: '', logs: log(id) })),
    }
    const surveys = [survey(ids.map((id, index) => logOf(id, index === 2 ? 100 : 200)))]
    const { steps } = plan(1_000_000, { from, surveys })
    expect(steps.map(({ cost }) => cost)).toEqual(
      ids.map((id) => `the log of ${id.slice(0, 12)} up to now is lost`),
    )
    expect(commands(plan(200, { from, surveys }))).toHaveLength(1)
  })
})
