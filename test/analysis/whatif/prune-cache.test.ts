import { describe, expect, it } from 'vitest'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import type { CacheRecord, Model } from '../../../src/model/model.ts'
import { cacheRecord, digest, image, layer, ROOT } from '../build-model.ts'
import { NOW, type Parts, playOn, simulatorOn } from './play-on.ts'

const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString()
const record = (id: string, recordedBytes: number, over: Partial<CacheRecord> = {}): CacheRecord =>
  cacheRecord(id, { recordedBytes, lastUsedAt: ago(1), ...over })

const prune = (cacheRecords: readonly CacheRecord[], flags = '', parts: Parts = {}) =>
  playOn({ ...parts, cacheRecords: [...cacheRecords] }, `builder prune${flags}`)

describe('builder prune', () => {
  const chain = [record('base', 1), record('middle', 10, { parents: ['base'] })]

  it('takes children before parents, all of them, and says what they took', () => {
    expect(prune([...chain, record('top', 100, { parents: ['middle'] })])).toMatchObject({
      cacheRecords: ['base', 'middle', 'top'],
      said: 111,
    })
  })

  it('leaves a parent while a child stays', () => {
    const kept = record('kept', 100, { parents: ['base'], type: 'internal' })
    expect(prune([...chain, kept])).toMatchObject({ cacheRecords: ['middle'], said: 10 })
    expect(prune([...chain, kept], ' -a')).toMatchObject({ said: 111 })
  })

  it('finds a parent by its twin', () => {
    const twin = record('base', 1, { twins: ['mutable-base'] })
    const child = record('child', 10, { parents: ['mutable-base'], type: 'frontend' })
    expect(prune([twin, child]).cacheRecords).toEqual([])
    expect(prune([twin, child], ' -a').cacheRecords).toEqual(['base', 'child'])
  })

  it('takes what an image shares only with -a', () => {
    const parts: Parts = {
      layers: [layer('x', null, 5, { diffId: digest('x') })],
      images: [image(digest('i'), ['x'], { tags: ['i:1'] })],
    }
    const shared = record('shared', 5, { layer: 'x' })
    expect(prune([shared], '', parts)).toMatchObject({ cacheRecords: [], said: 0 })
    expect(prune([shared], ' -a', parts)).toMatchObject({ cacheRecords: ['shared'], said: 5, layers: [] })
  })

  it('takes all with -a however much more the shared ones are than the others', () => {
    const parts: Parts = {
      layers: [layer('x', null, 5, { diffId: digest('x') })],
      images: [image(digest('i'), ['x'], { tags: ['i:1'] })],
    }
    const records = [record('a-shared', 5000, { layer: 'x', lastUsedAt: ago(9) }), record('own', 1)]
    expect(prune(records, ' -a', parts)).toMatchObject({ cacheRecords: ['a-shared', 'own'], said: 5001 })
  })

  it('says of a parent that was asked for itself once what it took', () => {
    const child = record('child', 10, { parents: ['one', 'two'] })
    expect(prune([child, record('one', 1), record('two', 2)])).toMatchObject({ said: 13 })
  })

  it('takes what was used in the future unless it is asked since when', () => {
    const records = [record('ahead', 1, { lastUsedAt: ago(-5) })]
    expect(prune(records).cacheRecords).toEqual(['ahead'])
    expect(prune(records, ' --filter until=1h').cacheRecords).toEqual([])
  })

  it('leaves what was used since', () => {
    const records = [
      record('old', 1, { lastUsedAt: ago(48) }),
      record('new', 2),
      record('never', 4, { lastUsedAt: null }),
    ]
    expect(prune(records, ' --filter until=24h').cacheRecords).toEqual(['never', 'old'])
    expect(prune(records, ' --filter unused-for=24h').cacheRecords).toEqual(['never', 'old'])
    expect(prune(records, ' --filter until=1h').cacheRecords).toEqual(['never', 'new', 'old'])
    expect(prune(records, ' --filter until=0s').cacheRecords).toHaveLength(3)
    const date = ` --filter until=${ago(24)}`
    expect(prune(records, date).refused[0]).toContain('expects a duration')
    expect(prune(records, date, { rule: '26' }).cacheRecords).toEqual(['never', 'old'])
  })

  it('refuses what goes not together', () => {
    expect(prune([], ' --filter until=1h --filter unused-for=1h').refused).toEqual([
      'failed to prune build cache: conflicting filters: "until" and "unused-for"',
    ])
    expect(prune([], ' --filter until=1h --filter until=2h').refused).toEqual([
      'failed to prune build cache: filters expect only one value',
    ])
  })

  it('looks at filters of records, and not at labels', () => {
    const records = [record('one', 1), record('two', 2, { type: 'source.local' })]
    expect(prune(records, ' --filter type=regular').cacheRecords).toEqual(['one'])
    expect(prune(records, ' --filter label=x').cacheRecords).toEqual(['one', 'two'])
  })
})

describe('buildx prune', () => {
  const records = [record('one', 1), record('two', 2, { mutable: true, twins: ['of-two'] })]
  const buildx = (...filters: readonly string[]) =>
    playOn(
      { cacheRecords: records, rule: '28' },
      ['buildx prune', ...filters.flatMap((filter) => ['--filter', filter])].join(' '),
    )

  it('asks for any field, and by any operator', () => {
    expect(buildx().cacheRecords).toEqual(['one', 'two'])
    expect(buildx('mutable!=x').cacheRecords).toEqual(['one', 'two'])
    expect(buildx('id=w').cacheRecords).toEqual(['two'])
    for (const filter of ['name=x', 'label=x', 'mutable=x'])
      expect(buildx(filter)).toMatchObject({ cacheRecords: [], refused: [] })
  })

  it('takes durations alone, and refuses in its own words', () => {
    expect(buildx('until=2020-01-01').refused).toEqual([
      'ERROR: "until" filter expects a duration (e.g., \'24h\'): time: unknown unit "-" in duration "2020-01-01"',
    ])
    expect(buildx('until=1h', 'unused-for=2h').refused).toEqual([
      'ERROR: conflicting filters "until" and "unused-for"',
    ])
    expect(buildx('until=1h', 'until=2h').refused).toEqual(['ERROR: filters expect only one value'])
    expect(buildx('=x').refused).toEqual([
      'ERROR: rpc error: code = Unknown desc = failed to parse prune filters [==x]: filters: parse error: [ >|=|< =x]: expected field or quoted: invalid argument',
    ])
  })
})

describe('an amount to keep', () => {
  const rank = (id: string, hours: number, usageCount: number, bytes = 1024) =>
    record(id, bytes, { lastUsedAt: ago(hours), usageCount })

  it('is what is left, or just less', () => {
    const records = [rank('a', 3, 1), rank('b', 2, 1), rank('c', 1, 1)]
    expect(prune(records, ' --keep-storage 4kB').cacheRecords).toEqual([])
    expect(prune(records, ' --keep-storage 3kB')).toMatchObject({ cacheRecords: ['a'], said: 1024 })
    expect(prune(records, ' --keep-storage 2kB').cacheRecords).toEqual(['a', 'b'])
    expect(prune(records, ' --keep-storage 1').cacheRecords).toEqual(['a', 'b', 'c'])
  })

  it('is reached by age and use together, each by its rank', () => {
    const records = [rank('old-and-used', 9, 9), rank('new-and-unused', 1, 1), rank('old-and-unused', 9, 1)]
    expect(prune(records, ' --keep-storage 3kB').cacheRecords).toEqual(['old-and-unused'])
    const even = [rank('b', 9, 2), rank('a', 9, 2), rank('c', 1, 1)]
    expect(prune(even, ' --keep-storage 3kB').cacheRecords).toEqual(['c'])
    const more = [rank('x', 9, 3), rank('y', 5, 2), rank('z', 5, 1), rank('w', 1, 1)]
    expect(prune(more, ' --keep-storage 4kB').cacheRecords).toEqual(['z'])
  })

  it('goes by the use count and then by age among equal sums', () => {
    const records = [rank('a', 9, 3), rank('b', 8, 2), rank('c', 7, 1)]
    expect(prune(records, ' --keep-storage 3kB').cacheRecords).toEqual(['c'])
    expect(prune(records, ' --keep-storage 2kB').cacheRecords).toEqual(['b', 'c'])
  })

  it('starts the ranks at one from 28 on, which weighs a use more lightly', () => {
    const records = [1, 2, 3, 4, 5, 6].map((age) => rank(`r${age}`, 10 - age, age === 4 ? 1 : 2))
    const first = (rule: '26' | '28') => prune(records, ' --keep-storage 6kB', { rule }).cacheRecords
    expect(first('26')).toEqual(['r4'])
    expect(first('28')).toEqual(['r1'])
  })

  it('counts a parent as used, and once more, when the last that stood on it goes, from 23 on', () => {
    const child = { ...rank('child', 9, 1), parents: ['parent'] }
    const records = [
      { ...rank('parent', 8, 1), parents: ['root'] },
      child,
      rank('other', 5, 1),
      rank('root', 7, 1),
    ]
    const left = (rule: '20.10' | '23' | '26') => prune(records, ' --keep-storage 3kB', { rule }).cacheRecords
    expect(left('20.10')).toEqual(['child', 'parent'])
    expect(left('23')).toEqual(['child', 'other'])
    expect(left('26')).toEqual(['child', 'other'])
    // The parent that was set free first goes first.
    expect(prune(records, ' --keep-storage 2kB', { rule: '26' }).cacheRecords).toEqual([
      'child',
      'other',
      'parent',
    ])
    // Another that stands on the parent keeps it from being used.
    const both = [...records, { ...rank('late', 1, 9), parents: ['parent'] }]
    expect(prune(both, ' --keep-storage 3kB', { rule: '26' }).cacheRecords).toEqual([
      'child',
      'late',
      'other',
    ])
  })

  it('says that it cannot know which parents a running engine found when it started', () => {
    const records = [
      { ...rank('child', 9, 1), parents: ['parent'] },
      rank('parent', 8, 1),
      rank('other', 5, 1),
    ]
    const asked = (engineRunning: boolean) => {
      const roots: Model['roots'] = [
        { path: ROOT, kind: 'docker', fileSystem: null, engine: { rule: '28', why: '' }, engineRunning },
      ]
      const simulator = simulatorOn({ cacheRecords: records, roots })
      const { removed, state } = simulator.simulate([
        parseDockerCommand('builder prune --keep-storage 2kB'.split(' '), simulator.rules),
      ])
      return { records: removed.cacheRecords, doubts: state.remarks.length }
    }
    expect(asked(false)).toEqual({ records: ['child', 'other'], doubts: 0 })
    expect(asked(true)).toEqual({ records: ['child', 'parent'], doubts: 1 })
  })

  it('counts a cache mount as used that was not sized since its last build', () => {
    const mount = { ...rank('mount', 9, 1), mutable: true }
    const sized = { ...mount, twins: ['of-mount'] }
    const others = [rank('b', 2, 1), rank('c', 1, 1)]
    expect(prune([sized, ...others], ' --keep-storage 3kB').cacheRecords).toEqual(['mount'])
    expect(prune([mount, ...others], ' --keep-storage 3kB').cacheRecords).toEqual(['b'])
    const old = ' --filter until=5h'
    expect(prune([sized, ...others], `${old} --keep-storage 3kB`).cacheRecords).toEqual(['mount'])
    expect(prune([mount, ...others], `${old} --keep-storage 3kB`).cacheRecords).toEqual([])
    expect(prune([mount, ...others], old).cacheRecords).toEqual(['mount'])
  })

  it('says so where several were not sized, or where too many rank the same', () => {
    const doubts = (cacheRecords: CacheRecord[]) => {
      const simulator = simulatorOn({ cacheRecords })
      const command = parseDockerCommand(['builder', 'prune', '--keep-storage', '1'], simulator.rules)
      return simulator.simulate([command]).state.remarks.map((each) => each.slice(0, 21))
    }
    const mounts = ['m1', 'm2'].map((id) => ({ ...rank(id, 9, 1), mutable: true }))
    expect(doubts(mounts)).toEqual(['2 records of the buil'])
    const equal = (count: number) => Array.from({ length: count }, (_, n) => rank(`r${n}`, 99 - n, count - n))
    expect(doubts(equal(12))).toEqual([])
    expect(doubts(equal(13))).toEqual(['Of more than 12 recor'])
  })

  it('starts the ranks of use at those that were never used', () => {
    const records = [rank('unused', 1, 0), rank('used', 2, 1)]
    expect(prune(records, ' --keep-storage 2kB').cacheRecords).toEqual(['unused'])
  })

  it('takes nothing that is not asked for, and ends where there is nothing more', () => {
    const records = [rank('a', 9, 1), record('b', 1024, { type: 'internal', lastUsedAt: ago(10) })]
    expect(prune(records, ' --keep-storage 1').cacheRecords).toEqual(['a'])
    const child = record('child', 1024, { lastUsedAt: ago(9), parents: ['b'] })
    expect(prune([...records, child], ' --keep-storage 1').cacheRecords).toEqual(['a', 'child'])
  })

  it('counts those that were used at one moment, or as often, as one rank', () => {
    const records = [rank('a', 5, 2), rank('b', 5, 1), rank('c', 5, 3), rank('d', 9, 3)]
    expect(prune(records, ' --keep-storage 4kB').cacheRecords).toEqual(['b'])
    const other = [rank('a', 9, 3), rank('b', 5, 3), rank('c', 5, 3), rank('d', 1, 1)]
    expect(prune(other, ' --keep-storage 4kB').cacheRecords).toEqual(['a'])
  })

  it('lets a parent go once its child went', () => {
    const child = record('child', 1024, { lastUsedAt: ago(1), parents: ['parent'] })
    const records = [rank('parent', 9, 1), child, rank('kept', 0, 9)]
    expect(prune(records, ' --keep-storage 2kB').cacheRecords).toEqual(['child', 'parent'])
  })

  it('does not count what images share, nor what that stands on', () => {
    const parts: Parts = {
      layers: [layer('x', null, 5, { diffId: digest('x') })],
      images: [image(digest('i'), ['x'], { tags: ['i:1'] })],
    }
    const records = [
      record('under', 9000),
      record('shared', 9000, { layer: 'x', parents: ['under'] }),
      rank('own', 1, 1),
    ]
    expect(prune(records, ' -a --keep-storage 2kB', parts).cacheRecords).toEqual([])
  })

  it('is the cap, what the disk lacks, and never below the reserve, from 28 on', () => {
    const records = [rank('a', 3, 1), rank('b', 2, 1), rank('c', 1, 1)]
    const roots: Model['roots'] = [
      {
        path: ROOT,
        kind: 'docker',
        fileSystem: {
          totalBytes: 0,
          freeBytes: 0,
          availableBytes: 10_240,
          totalInodes: 0,
          freeInodes: 0,
        } as never,
        engine: { rule: '28', why: '' },
        engineRunning: false,
      },
    ]
    const kept = (flags: string) => prune(records, flags, { roots }).cacheRecords
    expect(kept(' --max-used-space 2kB')).toEqual(['a', 'b'])
    expect(kept(' --min-free-space 10kB')).toEqual(['a', 'b', 'c'])
    expect(kept(' --min-free-space 11kB')).toEqual(['a', 'b'])
    expect(kept(' --min-free-space 11kB --max-used-space 3kB')).toEqual(['a', 'b'])
    expect(kept(' --min-free-space 11kB --max-used-space 1500')).toEqual(['a', 'b'])
    expect(kept(' --min-free-space 12kB --reserved-space 3kB')).toEqual(['a'])
    expect(kept(' --min-free-space 9kB --max-used-space 3kB')).toEqual(['a'])
  })
})
