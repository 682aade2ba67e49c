import { describe, expect, it } from 'vitest'
import { filterItems, parseSize, SelectionError, sortItems } from '../../src/report/select.ts'
import { bytesCell, type Table, textCell } from '../../src/report/table.ts'

const DISPLAY = { units: 'decimal', truncate: true, nowMs: 0 } as const

interface Item {
  readonly name: string
  readonly size: number | null
  readonly unused: boolean
  readonly label: string
}

const item = (name: string, size: number | null, unused = false, label = ''): Item => ({
  name,
  size,
  unused,
  label,
})

const TABLE: Table<Item> = {
  sort: 'size',
  columns: [
    { key: 'name', title: 'NAME', cell: ({ name }) => textCell(name) },
    { key: 'size', title: 'SIZE', cell: ({ size }, display) => bytesCell(size, display) },
    { key: 'unused', title: 'UNUSED', hidden: true, cell: ({ unused }) => textCell('', unused) },
    { key: 'label', title: 'LABEL', hidden: true, cell: ({ label }) => textCell(label) },
  ],
}

const ITEMS = [
  item('App', 2_000_000),
  item('base', 1_000_000, true, 'stage=prod,a=b'),
  item('cache', null, true),
  item('data', 0),
  item('eggs', 2_500_000_000),
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

  it('asks for flags and for parts of labels', () => {
    expect(filtered('unused=true')).toBe('base cache')
    expect(filtered('unused=false')).toBe('App data eggs')
    expect(filtered('unused!=true')).toBe('App data eggs')
    expect(filtered('label=stage=prod')).toBe('base')
  })

  it('keeps what passes all filters, in the order that it had', () => {
    expect(filtered('size>0', 'name=a', 'unused=false')).toBe('App')
    expect(filtered()).toBe('App base cache data eggs')
  })

  it('refuses a key that is none, naming those that are', () => {
    expect(refusal(() => filtered('colour=red'))).toBe(
      'There is no filter "colour" here; there are name, size, unused, label.',
    )
  })

  it.each(['name', '=a', '', 'size~1'])('refuses %j, which is no filter', (filter) => {
    expect(refusal(() => filtered(filter))).toMatch(/is not of the form key=value/)
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
