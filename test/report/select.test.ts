import { describe, expect, it } from 'vitest'
import { filterItems, parseSize, SelectionError, sortItems } from '../../src/report/select.ts'
import { bytesCell, labelColumn, type Table, textCell } from '../../src/report/table.ts'

const NOW = '2030-01-01T00:00:00.000Z'
const DISPLAY = { units: 'decimal', truncate: true, nowMs: Date.parse(NOW) } as const

interface Item {
  readonly name: string
  readonly size: number | null
  readonly unused: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly created: string | null
}

const item = (
  name: string,
  size: number | null,
  unused = false,
  labels: Item['labels'] = {},
  created: string | null = null,
): Item => ({ name, size, unused, labels, created })

const TABLE: Table<Item> = {
  sort: 'size',
  columns: [
    { key: 'name', title: 'NAME', cell: ({ name }) => textCell(name) },
    { key: 'size', title: 'SIZE', cell: ({ size }, display) => bytesCell(size, display) },
    {
      key: 'unused',
      title: 'UNUSED',
      kind: 'flag',
      hidden: true,
      cell: ({ unused }) => textCell('', unused),
    },
    { key: 'created', title: 'CREATED', kind: 'time', cell: ({ created }) => textCell('', created) },
    labelColumn(({ labels }) => labels),
  ],
}

const ITEMS = [
  item('App', 2_000_000, false, {}, '2029-12-31T12:00:00Z'),
  item('base', 1_000_000, true, { stage: 'prod', 'com.example/a': 'b,c' }, '2029-11-30T00:00:00Z'),
  item('cache', null, true),
  item('data', 0),
  item('eggs', 2_500_000_000, false, { stage: '' }, '2020-01-01T00:00:00.5+02:00'),
]

const filtered = (...filters: string[]): string =>
  filterItems(TABLE, ITEMS, filters, DISPLAY)
    .map(({ name }) => name)
    .join(' ')

const sorted = (sort?: string): string =>
  sortItems(TABLE, ITEMS, sort, DISPLAY)
    .map(({ name }) => name)
    .join(' ')

const refusal = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    if (error instanceof SelectionError) return error.message
    throw error
  }
  return 'was accepted'
}

describe('parseSize', () => {
  it.each([
    ['0', 0],
    ['4096', 4096],
    ['20G', 20e9],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['1kb', 1000],
    ['1 KiB', 1024],
    [' 7 MB ', 7e6],
    ['0.5b', 1],
    ['3PiB', 3 * 2 ** 50],
  ])('reads %j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['', 'GB', '-1', '1e3', '1,5GB', '0x10', '1 G B', 'ten'])('takes %j for no size', (text) => {
    expect(parseSize(text)).toBeNull()
  })
})

describe('filterItems', () => {
  it('looks for a part of a text, in whatever case', () => {
    expect(filtered('name=A')).toBe('App base cache data')
    expect(filtered('name=APP')).toBe('App')
    expect(filtered('name!=a')).toBe('eggs')
    expect(filtered('NAME=base')).toBe('base')
  })

  it('compares sizes in the units that people write', () => {
    expect(filtered('size>1MB')).toBe('App eggs')
    expect(filtered('size>=1MB')).toBe('App base eggs')
    expect(filtered('size<=1mb')).toBe('base data')
    expect(filtered('size < 1MB')).toBe('data')
    expect(filtered('size=2MB')).toBe('App')
    expect(filtered('size=2.5GB')).toBe('eggs')
  })

  it('takes no unknown figure for small or large', () => {
    expect(filtered('size>0')).not.toContain('cache')
    expect(filtered('size<1TB')).not.toContain('cache')
  })

  it('asks for flags and for labels, by key or with their value, as docker does', () => {
    expect(filtered('unused=true')).toBe('base cache')
    expect(filtered('unused=false')).toBe('App data eggs')
    expect(filtered('unused!=true')).toBe('App data eggs')
    expect(filtered('label=stage')).toBe('base eggs')
    expect(filtered('label=stage=prod')).toBe('base')
    expect(filtered('label=stage=')).toBe('eggs')
    expect(filtered('label=com.example/a=b,c')).toBe('base')
    expect(filtered('label=stag')).toBe('')
    expect(filtered('label=constructor')).toBe('')
    expect(filtered('label!=stage')).toBe('App cache data')
  })

  it('keeps what passes all filters, in the order that it had', () => {
    expect(filtered('size>0', 'name=a', 'unused=false')).toBe('App')
    expect(filtered()).toBe('App base cache data eggs')
  })

  it('refuses a key that is none, naming those that are', () => {
    expect(refusal(() => filtered('colour=red'))).toBe(
      'There is no filter "colour" here; there are name, size, unused, created, label, age.',
    )
  })

  it('knows a column by what stands above it, too', () => {
    const titled: Table<Item> = {
      columns: [
        { key: 'name', title: 'ITEM', names: ['thing'], cell: ({ name }) => textCell(name) },
        { key: 'thing', title: 'NAME', cell: () => textCell('odd') },
        { key: 'size', title: 'ON DISK', cell: ({ size }, display) => bytesCell(size, display) },
      ],
    }
    const kept = (filter: string): number => filterItems(titled, ITEMS, [filter], DISPLAY).length
    expect(kept('ITEM=base')).toBe(1)
    expect(kept('on-disk>1MB')).toBe(2)
    // Its own key is meant before any other name.
    expect(kept('thing=odd')).toBe(ITEMS.length)
    expect(kept('name=base')).toBe(1)
    expect(sortItems(titled, ITEMS, 'on-disk', DISPLAY)[0]?.name).toBe('eggs')
  })

  it.each([
    ['age>3', true],
    ['age>30x', true],
    ['size>1Gi', true],
    ['size>', true],
    ['unused=tr', true],
    ['size>big', false],
    ['age>soon', false],
    ['unused=maybe', false],
    ['colour=red', false],
  ])('says of %j whether more letters may mend it: %s', (filter, isBeginning) => {
    const error = (() => {
      try {
        filtered(filter)
      } catch (thrown) {
        return thrown
      }
      return null
    })()
    expect(error).toMatchObject({ isBeginning })
  })

  it.each(['', '  ', '""'])('refuses %j, which asks for nothing', (filter) => {
    expect(refusal(() => filtered(filter))).toBe(`The filter ${JSON.stringify(filter)} asks for nothing.`)
  })

  it('looks for plain words in every column, all of them, in whatever case', () => {
    expect(filtered('A')).toBe('App base cache data eggs')
    expect(filtered('app')).toBe('App')
    expect(filtered('S PROD')).toBe('base')
    expect(filtered('"B,c"')).toBe('base')
    expect(filtered('"e g"')).toBe('')
    expect(filtered('size~1')).toBe('')
  })

  it('takes the name of a flag alone for that flag, and in quotes for a text', () => {
    expect(filtered('unused')).toBe('base cache')
    expect(filtered('-unused')).toBe('App data eggs')
    expect(filtered('"unused"')).toBe('')
  })

  it('turns round what follows a minus or an exclamation mark', () => {
    expect(filtered('!app')).toBe('base cache data eggs')
    expect(filtered('-size>1MB -eggs')).toBe('base cache data')
    expect(filtered('-"b,c" unused')).toBe('cache')
    expect(filtered('-label=stage=prod label=stage')).toBe('eggs')
  })

  it('takes several parts in one filter, and blanks in quotes', () => {
    expect(filtered('size>0 name=a unused=false')).toBe('App')
    expect(filtered('name="ba"')).toBe('base')
    expect(filtered('size > 1MB name="eg')).toBe('eggs')
  })

  it('compares ages in the units that people write', () => {
    expect(filtered('age>30d')).toBe('base eggs')
    expect(filtered('age<1d')).toBe('App')
    expect(filtered('age>=12h')).toBe('App base eggs')
    expect(filtered('age>12h')).toBe('base eggs')
    expect(filtered('age>4w2d age<1y')).toBe('base')
    expect(filtered('created>2mo')).toBe('eggs')
    expect(filtered('created>2029-01-01')).toBe('App base')
  })

  it.each(['age>30', 'age>big', 'age=30d', 'created<soon', 'age>2029-01-01', 'age>30d5'])(
    'refuses %j: that is no span of time',
    (filter) => {
      expect(refusal(() => filtered(filter))).toMatch(/wants a span of time, such as (age|created)>30d/)
    },
  )

  it('refuses to order labels, and ages where nothing has a time', () => {
    expect(refusal(() => filtered('label>a'))).toMatch(/wants label=KEY or label=KEY=VALUE/)
    const timeless = { columns: TABLE.columns.filter(({ kind }) => kind !== 'time') }
    expect(refusal(() => filterItems(timeless, ITEMS, ['age>1d'], DISPLAY))).toMatch(/no filter "age" here/)
  })

  it.each(['size>big', 'size=', 'size<=1e3', 'unused=maybe', 'unused>true'])(
    'refuses %j: no item can be held against that',
    (filter) => {
      expect(refusal(() => filtered(filter))).toMatch(/size|true/)
    },
  )
})

describe('sortItems', () => {
  it('begins with the largest figure and the first text, with what is unknown at the end', () => {
    expect(sorted('size')).toBe('eggs App base data cache')
    expect(sorted('name')).toBe('App base cache data eggs')
  })

  it('turns round where it is told to, but for what is unknown', () => {
    expect(sorted('size:asc')).toBe('data base App eggs cache')
    expect(sorted('size:desc')).toBe('eggs App base data cache')
    expect(sorted('name:desc')).toBe('eggs data cache base App')
  })

  it('takes the order of the table where none is asked for, or none at all', () => {
    expect(sorted()).toBe('eggs App base data cache')
    const unordered: Table<Item> = { columns: TABLE.columns }
    expect(sortItems(unordered, ITEMS, undefined, DISPLAY)).toEqual(ITEMS)
  })

  it('leaves the order of equals, and its input, as they were', () => {
    const equals = [item('one', 1), item('two', 1), item('three', 1)]
    expect(sortItems(TABLE, equals, 'size', DISPLAY)).toEqual(equals)
    const before = [...ITEMS]
    sorted('size')
    expect(ITEMS).toEqual(before)
  })

  it('refuses a key or a direction that does not exist', () => {
    expect(refusal(() => sorted('colour'))).toMatch(/no sort "colour" here; there are name, size/)
    expect(refusal(() => sorted('size:upwards'))).toMatch(/asc/)
  })
})
