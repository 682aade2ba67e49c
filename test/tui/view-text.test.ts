import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { open } from './support/journey.ts'
import { reportOf, reportOfImages } from './support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

describe('a view kept as text', () => {
  test('has every row of a list in its order, nothing cut, and what is dangerous escaped', () => {
    const long = `long${'x'.repeat(300)}:1`
    const names = [long, 'red\u001b[31m:1', ...Array.from({ length: 60 }, (_, index) => `app-${index}:1`)]
    const { kept } = open(reportOfImages(report, names)).press('2', 'o').state
    expect(kept).toHaveLength(1)
    const lines = (kept[0] ?? '').split('\n')
    expect(lines[0]).toBe('Images')
    expect(lines[1]).toMatch(/^IMAGE .*DISK/)
    expect(lines).toHaveLength(3 + names.length)
    expect(kept[0]).toContain(long)
    expect(kept[0]).toContain('red\\e[31m:1')
    expect(lines[2]).toContain('app-59:1')
  })

  test('has ids as short as the screen has, unless they are wanted in full', () => {
    const { id } = report.containers.find(({ name }) => name === 'writer') ?? { id: '' }
    const kept = (settings: { truncate?: boolean }): string =>
      open(report, settings).press('4', 'o').state.kept[0] ?? ''
    expect(kept({})).toContain(id.slice(0, 12))
    expect(kept({})).not.toContain(id)
    expect(kept({ truncate: false })).toContain(id)
  })

  test('is a page in full, however small the screen', () => {
    const image = open(report, { columns: 60, rows: 16 })
      .press('2', '/')
      .paste('shop:2')
      .press('enter', 'enter')
    const [text = ''] = image.press('o').state.kept
    expect(text.split('\n')[0]).toBe('Images › image shop:2')
    expect(text).toContain('Read from')
    expect(text).toContain(report.images.find(({ tags }) => tags.includes('shop:2'))?.id ?? '')
    // The page on screen is as it was.
    expect(image.press('o', 'z').screen).toBe(image.screen)
  })

  test('several views are collected, each once', () => {
    const kept = open(report).press('o', 'o', '3', 'o')
    expect(kept.state.kept).toHaveLength(2)
    expect(kept.screen).toContain('2 views are waiting')
    expect(kept.state.kept[1]).toMatch(/◂ base:1, base:latest/)
  })
})

describe('the command of an object', () => {
  test('names the object and its root, ready for a shell, in full on the screen', () => {
    const container = open(report).press('4')
    const [id] = report.containers.filter(({ name }) => name === 'writer').map((each) => each.id)
    const command = `layerscope inspect ${id} --root ${report.roots[0]?.path}`
    const copied = container.press('c')
    expect(copied.effects).toEqual([{ kind: 'copy', text: command }])
    const words = copied.rows.slice(-6).join(' ').replace(/\s+/g, '')
    expect(words).toContain(`Copied${command}`.replace(/\s+/g, ''))
    expect(open(report).press('2', '/').paste('shop:2').press('enter', 'c').effects).toEqual([
      { kind: 'copy', text: `layerscope history shop:2 --root ${report.roots[0]?.path}` },
    ])
  })

  test('of what docker could prune is docker’s own, and nothing belongs to the overview’s figures', () => {
    expect(open(report).press('c').effects).toEqual([])
    const sample = { ...report, roots: report.roots.map((root) => ({ ...root, path: 'sample:x' })) }
    const stores = report.stores.map((store) => ({ ...store, root: 'sample:x' }))
    expect(open({ ...sample, stores }).press('4', 'c').screen).toContain('The sample is on no disk')
  })
})
