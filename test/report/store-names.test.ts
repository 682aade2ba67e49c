import { expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { storeNames } from '../../src/report/store-names.ts'
import { model, reportFrom, store } from '../analysis/build-model.ts'

/** Stores by root, kind of root, namespace and driver. */
const reportOfStores = (
  stores: readonly (readonly [
    root: string,
    kind: Report['roots'][number]['kind'],
    namespace: string | null,
    driver: string,
  ])[],
): Report => {
  const report = reportFrom({
    stores: stores.map(([root, , namespace, driver], index) =>
      store({ id: `${index}`, root, namespace, driver }),
    ),
  })
  const [known] = report.roots
  if (known === undefined) throw new Error(`no root in ${model().roots.length}`)
  return { ...report, roots: stores.map(([path, kind]) => ({ ...known, path, kind })) }
}

const named = (...stores: Parameters<typeof reportOfStores>[0]): string[] => [
  ...storeNames(
    reportOfStores(stores),
    stores.map((_, index) => `${index}`),
  ).values(),
]

test('the engine tells stores apart, else what differs', () => {
  expect(
    named(
      ['/var/lib/docker', 'docker', null, 'overlay2'],
      ['/var/lib/containers/storage', 'containers-storage', null, 'overlay'],
    ),
  ).toEqual(['docker', 'podman'])
  const root = '/var/lib/containerd'
  expect(
    named([root, 'containerd', 'default', 'overlayfs'], [root, 'containerd', 'k8s.io', 'overlayfs']),
  ).toEqual(['default', 'k8s.io'])
  expect(
    named(['/var/lib/docker', 'docker', null, 'overlay2'], ['/var/lib/docker', 'docker', null, 'aufs']),
  ).toEqual(['overlay2', 'aufs'])
})

test('two engines of a kind are told apart by where they lie', () => {
  const one = ['docker', null, 'overlay2'] as const
  expect(named(['/var/lib/docker', ...one], ['/mnt/old/docker', ...one])).toEqual(['var', 'mnt'])
  expect(named(['/a/x/docker', ...one], ['/a/y/docker', ...one], ['/b/x/docker', ...one])).toEqual([
    'a/x',
    'a/y',
    'b/x',
  ])
  // One root in another.
  expect(new Set(named(['/a', ...one], ['/a/b', ...one])).size).toBe(2)
})

test('a root goes by its engine, and what is not known by its own name', () => {
  const report = reportOfStores([
    ['/var/lib/docker', 'docker', null, 'overlay2'],
    ['/var/lib/containers/storage', 'containers-storage', null, 'overlay'],
  ])
  expect(storeNames(report, ['/var/lib/docker', '/var/lib/containers/storage'])).toEqual(
    new Map([
      ['/var/lib/docker', 'docker'],
      ['/var/lib/containers/storage', 'podman'],
    ]),
  )
  expect(storeNames(report, ['0', 'gone']).get('gone')).toBe('unknown')
})
