import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSqlite, readSqliteFile, SqliteError, type SqliteFile } from '../../src/formats/sqlite.ts'
import { decodeRecord, type SqliteValue, sqliteVarint } from '../../src/formats/sqlite-record.ts'
import {
  type SqliteOptions,
  type TableSpec,
  writeJournal,
  writeSqlite,
  writeWal,
} from '../support/sqlite-writer.ts'

const pageSize = 1024

const open = (database: Buffer, beside: { wal?: Buffer; journal?: Buffer } = {}): SqliteFile =>
  openSqlite({ database, wal: beside.wal ?? null, journal: beside.journal ?? null })

/** All rows of all tables, as objects. */
const dump = (file: SqliteFile): Record<string, Record<string, SqliteValue>[]> =>
  Object.fromEntries(
    [...file.tables].map((name) => [name, file.rows(name).map((row) => Object.fromEntries(row))]),
  )

/** One of everything: rows over several pages, and one of each kind of value. */
const tables: TableSpec[] = [
  {
    name: 'Config',
    sql: 'CREATE TABLE Config(\n ID TEXT PRIMARY KEY NOT NULL,\n "Two words" TEXT,\n JSON TEXT, FOREIGN KEY (ID, JSON) REFERENCES Other(ID, X), CHECK (ID IN (1, 2)))',
    rows: Array.from({ length: 40 }, (_, index) => [
      `id-${index}`,
      index % 7 === 0 ? null : 'ß → 𝄞',
      'x'.repeat(index * 90),
    ]),
  },
  {
    name: 'Numbers',
    sql: 'CREATE TABLE Numbers(n INTEGER PRIMARY KEY, value)',
    rows: [0, 1, -1, 127, -300, 70000, -9e6, 2 ** 40, 2 ** 52, 0.5, Buffer.from([0, 255])].map((value) => [
      null,
      value,
    ]),
  },
  { name: 'Empty', sql: 'CREATE TABLE Empty(a)', rows: [] },
]

const expected = {
  Config: tables[0]?.rows.map(([id, two, json]) => ({ ID: id, 'Two words': two, JSON: json })),
  Numbers: tables[1]?.rows.map(([, value], index) => ({ n: index + 1, value })),
  Empty: [],
}

describe('a sound database', () => {
  it.each<[string, SqliteOptions]>([
    ['pages of 1 KiB', {}],
    ['pages of 512 bytes', { pageSize: 512 }],
    ['pages of 64 KiB', { pageSize: 65536 }],
    ['UTF-16, little-endian', { encoding: 2 }],
    ['UTF-16, big-endian', { encoding: 3 }],
    ['bytes kept for extensions', { reserved: 32 }],
    ['deep trees', { cellsPerPage: 2 }],
  ])('gives all rows: %s', (_, options) => {
    const file = open(writeSqlite(tables, options))
    expect(dump(file)).toEqual(expected)
    expect(file.damage).toEqual([])
    expect(file.rolledBack).toBe(false)
  })

  it('reads a table again, and none that is not there', () => {
    const file = open(writeSqlite(tables))
    expect(file.rows('Config')).toEqual(file.rows('Config'))
    expect(file.rows('sqlite_sequence')).toEqual([])
    expect(file.damage).toEqual([])
  })

  it('leaves out columns that were added after a row was written', () => {
    const sql = 'CREATE TABLE t(a, b DEFAULT 3)'
    const file = open(writeSqlite([{ name: 't', sql, rows: [['old'], ['new', 4]] }]))
    expect(dump(file)['t']).toEqual([{ a: 'old' }, { a: 'new', b: 4 }])
  })
})

describe('a write-ahead log', () => {
  const before = writeSqlite([{ name: 't', sql: 'CREATE TABLE t(a)', rows: [['before']] }])
  const after = writeSqlite([
    { name: 't', sql: 'CREATE TABLE t(a)', rows: [['after'], ['grown'.repeat(400)]] },
  ])
  const pageOf = (bytes: Buffer, page: number): Buffer =>
    bytes.subarray((page - 1) * pageSize, page * pageSize)
  const pageCount = after.length / pageSize
  const frames = Array.from({ length: pageCount }, (_, index) => ({
    page: index + 1,
    bytes: pageOf(after, index + 1),
    ...(index + 1 === pageCount ? { commit: pageCount } : {}),
  }))
  const rowsOf = (wal: Buffer): unknown[] =>
    open(before, { wal })
      .rows('t')
      .map((row) => row.get('a'))

  it.each([true, false])('gives the newest committed state (big-endian sums: %s)', (bigEndian) => {
    expect(rowsOf(writeWal(frames, { bigEndian }))).toEqual(['after', 'grown'.repeat(400)])
  })

  it('leaves out a transaction without its commit, and a torn one', () => {
    const wal = writeWal(frames)
    expect(rowsOf(writeWal(frames.slice(0, -1)))).toEqual(['before'])
    expect(rowsOf(wal.subarray(0, wal.length - 1))).toEqual(['before'])
    const torn = Buffer.from(wal)
    torn[wal.length - 5] = 99
    expect(rowsOf(torn)).toEqual(['before'])
  })

  it('leaves out the frames of an earlier round', () => {
    const older = writeWal(frames, { salt: 5 })
    const newer = writeWal([{ page: 1, bytes: pageOf(before, 1), commit: 2 }], { salt: 6 })
    expect(rowsOf(Buffer.concat([newer, older.subarray(newer.length)]))).toEqual(['before'])
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['NUL bytes', Buffer.alloc(4096)],
    ['another page size', writeWal(frames, { pageSize: 2048 })],
  ])('does without a log of %s', (_, wal) => expect(rowsOf(wal)).toEqual(['before']))
})

describe('a rollback journal', () => {
  const sound = writeSqlite(tables)
  const first = { page: 1, bytes: sound.subarray(0, pageSize) }
  const second = { page: 2, bytes: sound.subarray(pageSize, 2 * pageSize) }
  const half = Buffer.from(sound)
  half.fill(0xee, 100, 2 * pageSize)

  it('takes back what a transaction without an end had written', () => {
    const file = open(Buffer.concat([half, Buffer.alloc(pageSize)]), {
      journal: writeJournal([first, second], sound.length / pageSize),
    })
    expect(file.rolledBack).toBe(true)
    expect(dump(file)).toEqual(expected)
  })

  it('takes back nothing that had not reached the disk', () => {
    const file = open(sound, { journal: writeJournal([first], sound.length / pageSize, { count: 0 }) })
    expect(dump(file)).toEqual(expected)
  })

  it('does without the journal of a transaction that has ended', () => {
    const file = open(sound, { journal: Buffer.alloc(2 * pageSize) })
    expect(file.rolledBack).toBe(false)
    expect(dump(file)).toEqual(expected)
  })
})

describe('reading beside a writer', () => {
  const states = [1, 2].map((count) => {
    const bytes = writeSqlite([{ name: 't', sql: 'CREATE TABLE t(a)', rows: Array(count).fill(['x']) }])
    bytes.writeUInt32BE(count, 24)
    return { database: bytes, wal: null, journal: null }
  })
  const state = (index: number) => states[index] ?? { database: Buffer.alloc(0), wal: null, journal: null }
  const journal = writeJournal([{ page: 1, bytes: state(0).database.subarray(0, pageSize) }], 2)

  it('takes what stayed the same', () => {
    let reads = 0
    const { file, consistent } = readSqliteFile(
      () => {
        reads++
        return state(0)
      },
      () => state(0),
    )
    expect([file.rows('t').length, consistent, reads]).toEqual([1, true, 1])
  })

  it('reads again where a transaction ended, or its journal was there', () => {
    const first = [state(0), { ...state(0), journal }]
    const again = [state(1), { ...state(0), journal }]
    const { file, consistent } = readSqliteFile(
      () => first.shift() ?? state(1),
      () => again.shift() ?? state(1),
    )
    expect([file.rows('t').length, consistent, file.rolledBack]).toEqual([2, true, false])
  })

  it('gives up after eight tries and says so', () => {
    let reads = 0
    const { consistent } = readSqliteFile(
      () => {
        reads++
        return state(0)
      },
      () => state(1),
    )
    expect([consistent, reads]).toEqual([false, 8])
  })

  it('takes back a transaction whose journal stays', () => {
    const { file, consistent } = readSqliteFile(
      () => ({ ...state(0), journal }),
      () => ({ ...state(0), journal }),
    )
    expect([consistent, file.rolledBack]).toEqual([true, true])
  })
})

describe('damage', () => {
  const sound = writeSqlite(tables)
  const damagedAt = (page: number, change: (page: Buffer) => void): SqliteFile => {
    const bytes = Buffer.from(sound)
    change(bytes.subarray((page - 1) * pageSize, page * pageSize))
    return open(bytes)
  }

  it.each([
    ['an empty file', Buffer.alloc(0), 'empty'],
    ['NUL bytes', Buffer.alloc(4096), 'NUL'],
    ['another format', Buffer.alloc(4096, 'x'), 'not an SQLite database'],
    ['the first bytes alone', sound.subarray(0, 50), 'cut off'],
    ['half of the first page', sound.subarray(0, 700), 'list of tables'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => open(bytes)).toThrow(SqliteError)
    expect(() => open(bytes)).toThrow(message)
  })

  it('keeps the other tables where the root of one is damaged, and names the page', () => {
    const file = damagedAt(2, (page) => page.fill(0))
    expect(file.rows('Config')).toEqual([])
    expect(dump(file)['Numbers']).toEqual(expected.Numbers)
    expect(file.damage).toEqual([
      { table: 'Config', page: 2, reason: 'the page is no part of a table (type 0)' },
    ])
  })

  it('keeps the rows before the end of a file that is cut off', () => {
    const file = open(sound.subarray(0, sound.length - 3 * pageSize))
    const rows = file.rows('Config').length + file.rows('Numbers').length
    expect(rows).toBeGreaterThan(10)
    expect(file.damage[0]?.reason).toMatch(/outside the \d+ pages/)
  })

  it('ends where pages point at one another', () => {
    const file = damagedAt(2, (page) => page.writeUInt32BE(2, 8))
    expect(file.rows('Config').length).toBeLessThan(40)
    expect(file.damage).toContainEqual({
      table: 'Config',
      page: 2,
      reason: 'the page belongs to another place already',
    })
  })

  it('believes no length that the file has not', () => {
    const huge = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])
    expect(sqliteVarint(huge, 0)).toEqual({ value: -129, next: 9 })
    expect(sqliteVarint(huge.subarray(0, 5), 0)).toBeNull()
    expect(decodeRecord(Buffer.from([0xff, 0xff, 0xff, 0x7f, 1]), 'utf8')).toMatch(/head/)
    expect(decodeRecord(Buffer.from([2, 10]), 'utf8')).toMatch(/no known type/)
    expect(decodeRecord(Buffer.from([2, 99, 1]), 'utf8')).toMatch(/cut off/)
  })
})

describe('systematic damage to a small file', () => {
  const small = writeSqlite(
    [
      { name: 'a', sql: 'CREATE TABLE a(x)', rows: [['one'], ['two'], ['three'], ['x'.repeat(1200)]] },
      { name: 'b', sql: 'CREATE TABLE b(y)', rows: [[1], [2]] },
    ],
    { pageSize: 512, cellsPerPage: 2 },
  )

  /** Opens and reads all of it; nothing but an SqliteError at the opening may come of it. */
  const survive = (database: Buffer, beside: { wal?: Buffer; journal?: Buffer } = {}): void => {
    try {
      dump(open(database, beside))
    } catch (error) {
      if (!(error instanceof SqliteError)) throw error
    }
  }

  it('survives every byte flipped', () => {
    for (const flip of [0x01, 0x80, 0xff])
      for (let at = 0; at < small.length; at++) {
        const bytes = Buffer.from(small)
        bytes[at] = (bytes[at] ?? 0) ^ flip
        survive(bytes)
      }
  })

  it('survives every length', () => {
    for (let length = 0; length < small.length; length++) survive(small.subarray(0, length))
  })

  it('survives any mixture of damage, to what lies beside the database too', () => {
    const journal = writeJournal([{ page: 1, bytes: small.subarray(0, 512) }], 4, { pageSize: 512 })
    const changes = (length: number) =>
      fc.array(fc.tuple(fc.nat(length - 1), fc.oneof(fc.nat(12), fc.nat(255))), {
        minLength: 1,
        maxLength: 30,
      })
    fc.assert(
      fc.property(changes(small.length), changes(60), (inFile, inJournal) => {
        const bytes = Buffer.from(small)
        for (const [at, value] of inFile) bytes[at] = value
        const beside = Buffer.from(journal)
        for (const [at, value] of inJournal) beside[at] = value
        survive(bytes)
        survive(bytes, { journal: beside })
        // Signed as they are, so that hostile pages are believed.
        survive(small, {
          wal: writeWal([{ page: 1, bytes: bytes.subarray(0, 512), commit: 2 ** 31 }], { pageSize: 512 }),
        })
      }),
      { numRuns: 2000 },
    )
  })
})

/** Whether Python and its own SQLite are here, to write databases that no code of ours had a hand in. */
const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['-c', 'import sqlite3'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.runIf(hasPython)('databases that SQLite itself wrote', () => {
  const program = `
import shutil, sqlite3, sys
mode, folder = sys.argv[1:]
db = sqlite3.connect(folder + '/live', isolation_level=None)
db.execute('pragma page_size = 1024')
db.execute('pragma journal_mode = ' + mode)
db.execute('pragma cache_size = 5')
db.execute('create table t(id text primary key, n integer, body text)')
db.execute('begin')
for n in range(300): db.execute('insert into t values (?, ?, ?)', ('row %d' % n, n * n * n * n - 7, 'b' * (n * 11)))
db.execute('commit')
db.execute('delete from t where n % 5 = 0')
db.execute('begin')
# More than fits the cache: pages of an open transaction reach the disk.
if mode == 'delete': db.execute("update t set body = body || 'changed'")
for name in ('live', 'live-wal', 'live-journal'):
  try: shutil.copy(folder + '/' + name, folder + '/' + name.replace('live', 'copy'))
  except FileNotFoundError: pass
db.execute('rollback')
for row in db.execute('select id, n, length(body) from t'): print(*row, sep='|')
`

  it.each(['wal', 'delete'])('gives the rows of the last commit in the journal mode %s', (mode) => {
    const folder = mkdtempSync(join(tmpdir(), 'layerscope-sqlite-'))
    try {
      const printed = execFileSync('python3', ['-c', program, mode, folder], { encoding: 'utf8' })
      const copy = (suffix: string): Buffer | null => {
        try {
          return readFileSync(join(folder, `copy${suffix}`))
        } catch {
          return null
        }
      }
      const [database, wal, journal] = [copy(''), copy('-wal'), copy('-journal')]
      expect(mode === 'wal' ? wal : journal).not.toBeNull()
      const file = openSqlite({ database: database ?? Buffer.alloc(0), wal, journal })
      const rows = file
        .rows('t')
        .map((row) => [row.get('id'), row.get('n'), String(row.get('body')).length].join('|'))
      expect(rows).toEqual(printed.trim().split('\n'))
      expect(file.damage).toEqual([])
      expect(file.rolledBack).toBe(mode === 'delete')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
