import { expect, test } from 'vitest'
import { freedBytes, holdersOf } from '../../src/report/holders.ts'
import type { Report } from '../../src/report/schema.ts'
import { container, image, layer, reportFrom } from '../analysis/build-model.ts'
import { reportOf } from '../tui/support/reports.ts'

const held = (report: Report): Record<string, string> =>
  Object.fromEntries(report.images.map((each) => [each.id, holdersOf(report, each).join(', ')]))

test('a layer is held by who stands on it, or on what stands on it', () => {
  const layers = [layer('a', null, 1), layer('b', 'a', 1), layer('c', 'b', 0), layer('d', 'a', 1)]
  const report = reportFrom({
    layers,
    images: [image('i', ['a', 'b', 'c']), image('j', ['a']), image('k', ['a', 'd'])],
    containers: [container('x', { baseLayer: 'c' })],
  })
  expect(held(report)).toEqual({ i: 'containers', j: 'containers, other images', k: '' })
})

test('the steps of its own build hold nothing of an image', () => {
  const report = reportFrom({
    layers: [layer('a', null, 1)],
    images: [image('i', ['a'], { tags: ['app:1'], parent: 'step' }), image('step', ['a'])],
  })
  expect(held(report)['i']).toBe('')
})

test.each(['overlay2-buildkit', 'containerd', 'docker-containerd', 'podman-overlay', 'legacy-aufs'] as const)(
  'in %s somebody holds the layers of every image whose removal frees nothing',
  (name) => {
    const report = reportOf([name])
    const nothing = report.images.filter((each) => freedBytes(each) === 0 && each.size.disk !== 0)
    for (const each of nothing) expect([each.id, holdersOf(report, each)]).not.toEqual([each.id, []])
  },
)
