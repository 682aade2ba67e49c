import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { afterLine, type Reading, readOn } from '../../src/tui/plain/plain-reader.ts'
import { initialState } from '../../src/tui/state.ts'
import { updateAll } from '../../src/tui/update.ts'
import { PROGRAM } from './support/program.ts'
import { reportOf, reportOfImages } from './support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

/** What is said after each of some lines, typed one after the other. */
function saysAfter(of: Report, ...lines: string[]): string[] {
  const { state } = updateAll(
    initialState({
      columns: 10_000,
      rows: 1000,
      look: { color: false, ascii: false, plain: true },
      units: 'decimal',
      measure: true,
      roots: ['/data'],
      notice: '',
      tour: false,
    }),
    [{ kind: 'scan', scan: { kind: 'done', report: of, exact: true, wasStopped: false } }],
  )
  let reading: Reading = { state, read: 0 }
  const first = readOn(reading)
  reading = first.reading
  return [
    first.says,
    ...lines.map((line) => {
      const after = afterLine(reading, line)
      if (after.says !== '') {
        reading = after.reading
        return after.says
      }
      const next = readOn(after.reading)
      reading = next.reading
      return next.says
    }),
  ]
}

const DRAWN = /[\u2190-\u21ff\u2500-\u25ff\u001b]| {2,}/

describe('the text mode', () => {
  test('reads the overview with a name for every figure, and nothing drawn', () => {
    const [overview = ''] = saysAfter(report)
    expect(overview).toMatch(/^Overview\.$/m)
    expect(overview).toMatch(/^\d+\. metadata, \S+B, \d+% of all on disk$/m)
    expect(overview).toContain('Images, total 15, active 6, size 58.41kB, reclaimable 46.26kB (79%)')
    expect(overview).not.toMatch(DRAWN)
  })

  test('opens what has a number, and b goes back', () => {
    const [, images = '', image = '', back] = saysAfter(report, 'images', '1', 'b')
    expect(images).toMatch(
      /^Images: 20 images, sorted by DISK, from the largest or last, in all 15 images, \S+B on disk, each layer once\.$/m,
    )
    expect(images).toMatch(
      /^1\. IMAGE shop:2, .*CONTAINERS 1, SIZE 36\.2kB, .*DISK 266\.2kB, FREED 0B used$/m,
    )
    expect(image).toMatch(/^Images, image shop:2\.$/m)
    expect(image).toContain('Removing it not while filler stands on it')
    expect(image).not.toMatch(DRAWN)
    expect(back).toBe(images)
  })

  test('every view is nothing but words and numbers', () => {
    for (const says of saysAfter(
      report,
      'images',
      'layers',
      '1',
      'containers',
      '2',
      'volumes',
      '1',
      'cache',
      '1',
      'f',
      'w',
    ))
      expect(says).not.toMatch(DRAWN)
  })

  test('a filter and an order are the same as on the screen', () => {
    const [, , filtered = '', all = '', sorted = '', reversed = ''] = saysAfter(
      report,
      'images',
      '/shop size>30k',
      '/',
      's size',
      'S',
    )
    expect(filtered).toMatch(/Images: 1 image, .*filter shop size>30k, in all 1 of 15 images, .*\./)
    expect(filtered.split('\n')).toHaveLength(2)
    expect(all).toContain('Images: 20 images')
    expect(sorted).toContain('sorted by SIZE, from the largest or last')
    expect(reversed).toContain('sorted by SIZE, from the smallest or first')
  })

  test('reads on where a page is longer than one likes to hear at once', () => {
    const many = reportOfImages(
      report,
      Array.from({ length: 60 }, (_, index) => `app-${index}:1`),
    )
    const [, first = '', second = '', third = '', end = ''] = saysAfter(many, 'images', 'm', '', 'm')
    expect(first).toContain('35 more lines: m reads on.')
    expect(second.split('\n')[0]).toMatch(/^26\. /)
    expect(third.split('\n').at(-1)).toMatch(/^60\. /)
    expect(end).toBe('This is the end of the page.')
  })

  test('b goes back to where reading was', () => {
    const many = reportOfImages(
      report,
      Array.from({ length: 60 }, (_, index) => `app-${index}:1`),
    )
    const says = saysAfter(many, 'images', 'm', '30', '1', 'b', 'b')
    expect(says.at(-1)).toBe(
      (says[2] ?? '').replace(
        /^/,
        'Images: 60 images, sorted by DISK, from the largest or last, in all 60 images, 7.25MB on disk, each layer once, from line 26 on.\n',
      ),
    )
    expect(says.at(-2)).toBe(says[3])
  })

  test('x explains the thing of a page or of a line, in a list only with its number', () => {
    const [, , onPage = '', , inList = '', onLine = ''] = saysAfter(
      report,
      ':shop:2',
      'x',
      'images',
      'x',
      'x 1',
    )
    expect(onPage).toMatch(/^Overview, image shop:2, how shop:2 is put together\.$/m)
    expect(inList).toContain('In a list it takes the number of a line: x 3.')
    expect(onLine).toMatch(/^Images, how shop:2 is put together\.$/m)
  })

  test('marks are said with the title, and the page is not read again', () => {
    const [, , one = '', two = '', none = '', refused = ''] = saysAfter(
      report,
      'images',
      'mark 1',
      'mark 3',
      'U',
      'mark 99',
    )
    expect(one).toMatch(/^Images: 20 images, .*, 1 marked: frees …\.$/)
    expect(two).toMatch(/^Images: 20 images, .*, 2 marked: frees …\.$/)
    expect(none).toMatch(/^No marks any more\.\nImages: 20 images, [^\n]*\.$/)
    expect(refused).toContain('Nothing has the number 99 here.')
  })

  test('a colon finds by name, and says where more was found', () => {
    const [, exact = '', many = '', none = ''] = saysAfter(report, ':chatty', ':shop', ':nowhere')
    expect(exact).toMatch(/^Overview, container chatty\.$/m)
    expect(many).toMatch(/^This is the best of \d+ that were found; more of the name finds another\.\n/)
    expect(none).toContain('Nothing here has that name, id or path.')
  })

  test('says what it did not understand', () => {
    const says = saysAfter(report, 'dance', '/x', 'images', '99', 's colour', '/age>x')
    expect(says[1]).toContain('dance means nothing here.')
    expect(says[2]).toContain('Only lists have filters')
    expect(says[4]).toContain('Nothing has the number 99 here.')
    expect(says[5]).toContain('There is no column colour; there are name, id')
    expect(says[6]).toContain('wants a span of time')
    expect(saysAfter(report, '?')[1]).toContain('q quits')
  })

  test('escapes names from disk', () => {
    const odd = reportOfImages(report, ['red\u001b[31m:1', 'line\nbreak:1', 'bidi\u202egnp:1'])
    const text = saysAfter(odd, 'images', '1').join('\n')
    expect(text).toContain('red\\e[31m:1')
    expect(text).toContain('line\\nbreak:1')
    expect(text).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('the built program', () => {
  test('reads its lines from a pipe, moves no cursor, and ends where they end', () => {
    const run = (input: string) =>
      spawnSync(process.execPath, [PROGRAM, 'demo', '--plain'], {
        input,
        encoding: 'utf8',
        env: { ...process.env, LANG: 'C' },
      })
    const { stdout, stderr, status } = run('containers\n1\nw\nq\nimages\n')
    expect(stdout).toContain('Containers: 31 containers')
    expect(stdout).toContain('docker says')
    expect(stdout).not.toContain('Images: ')
    expect(stdout).toMatch(/^[\n -~]*$/)
    expect([stderr, status]).toEqual(['', 0])
    expect(run('').status).toBe(0)
  })

  test('goes through the tour line by line, and comes back to it', () => {
    const { stdout, status } = spawnSync(process.execPath, [PROGRAM, 'tour', '--plain'], {
      input: 'n\nN\nvolumes\nT\nq\n',
      encoding: 'utf8',
      env: { ...process.env, LANG: 'C' },
    })
    const heard = stdout
      .split('\n')
      .flatMap((line) => /^(?:Tour (\d+) of|(Volumes):)/.exec(line)?.slice(1) ?? [])
    expect(heard.filter((each) => each !== undefined)).toEqual(['1', '2', '1', 'Volumes', '1'])
    expect(status).toBe(0)
  })
})
