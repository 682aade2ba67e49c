import { describe, expect, it } from 'vitest'
import { layOut, renderCsv, renderTable, type Table, textCell } from '../../src/report/table.ts'
import { columnsOf, truncate } from '../../src/report/width.ts'

const DISPLAY = { units: 'decimal', truncate: true, nowMs: 0 } as const

describe('layOut', () => {
  it('sets columns as docker does: at least 10 wide, 3 blanks between, nothing behind the last', () => {
    expect(
      layOut(
        ['A', 'LONGER TITLE', 'LAST'],
        [
          ['1', 'x', 'end'],
          ['a long cell', '', ''],
        ],
      ),
    ).toBe(
      ['A             LONGER TITLE   LAST', '1             x              end', 'a long cell'].join('\n'),
    )
    expect(layOut(['A', 'B'], [['1', '2']])).toBe('A         B\n1         2')
  })

  it('sets figures to the right, under their title', () => {
    expect(
      layOut(
        ['NAME', 'SIZE', 'N'],
        [
          ['a', '5B', '1'],
          ['b', '12.5kB', '20'],
        ],
        [false, true, true],
      ),
    ).toBe(['NAME        SIZE    N', 'a             5B    1', 'b         12.5kB   20'].join('\n'))
  })

  it('counts the columns of a terminal, not characters', () => {
    const [, wide, narrow] = layOut(
      ['NAME', 'X'],
      [
        ['界面界面界面', '1'],
        ['e\u0301', '1'],
      ],
    ).split('\n')
    expect(columnsOf(wide ?? '')).toBe(columnsOf(narrow ?? ''))
  })

  it('escapes what it is given', () => {
    expect(layOut(['A'], [['\u001b[31mred\nline']])).toBe('A\n\\e[31mred\\nline')
  })

  it('is only titles for an empty list', () => {
    expect(layOut(['A', 'B'], [])).toBe('A         B')
  })
})

interface Item {
  readonly name: string
  readonly note: string
}

const TABLE: Table<Item> = {
  columns: [
    { key: 'name', title: 'NAME', cell: ({ name }) => textCell(name) },
    { key: 'flag', title: 'FLAG', hidden: true, cell: () => textCell('', true) },
    { key: 'size', title: 'SIZE', align: 'right', cell: () => ({ text: '-', value: null }) },
    { key: 'note', title: 'NOTE', cell: ({ note }) => textCell(note) },
  ],
}

describe('renderTable', () => {
  it('leaves out hidden columns and cuts what is wider than a full id', () => {
    const [titles, row] = renderTable(TABLE, [{ name: 'x'.repeat(100), note: 'end' }], DISPLAY).split('\n')
    expect(titles).not.toMatch(/FLAG/)
    expect(row).toBe(`${'x'.repeat(63)}…      -   end`)
  })

  it('cuts nothing where full texts are wanted', () => {
    const name = 'x'.repeat(100)
    expect(renderTable(TABLE, [{ name, note: '' }], { ...DISPLAY, truncate: false })).toContain(name)
  })
})

describe('renderCsv', () => {
  it('has every column, values instead of texts, and quotes where quotes are needed', () => {
    const items = [
      { name: 'plain', note: 'two words' },
      { name: 'a,b', note: 'says "hi"' },
      { name: 'line\nbreak', note: '\r' },
    ]
    expect(renderCsv(TABLE, items, DISPLAY)).toBe(
      [
        'name,flag,size,note',
        'plain,true,,two words',
        '"a,b",true,,"says ""hi"""',
        '"line\nbreak",true,,"\r"',
      ].join('\n'),
    )
  })
})

describe('truncate', () => {
  it('keeps to the columns, with an ellipsis where something is cut', () => {
    expect(truncate('short', 5)).toBe('short')
    expect(truncate('longer', 5)).toBe('long…')
    expect(truncate('longer', 5, '~~')).toBe('lon~~')
    expect(truncate('anything', 0)).toBe('')
  })

  it('cuts between what a reader sees as one character', () => {
    expect(truncate('界面界面', 6)).toBe('界面…')
    expect(truncate('界面界面', 5)).toBe('界面…')
    expect(truncate('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…')
  })
})
