import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../../../src/analysis/catalog.ts'
import { whyPath } from '../../../src/analysis/why/why.ts'
import { isObject, type JsonObject, record, text } from '../../../src/formats/fields.ts'
import { scan } from '../../../src/scan/scan.ts'
import { type FixtureName, fixtureRoot, truth } from '../../support/fixtures.ts'

function open(name: FixtureName) {
  const root = fixtureRoot(name)
  const { model, surveys } = scan([root], { measure: false })
  return { root, catalog: createCatalog(model, surveys) }
}

describe.each([
  'overlay2-buildkit',
  'overlay-layerdb',
  'vfs-layerdb',
  'legacy-aufs',
  'legacy-vfs',
  'podman-overlay',
  'podman-vfs',
  'containerd',
  'docker-containerd',
] as const)('%s', (name) => {
  const { root, catalog } = open(name)

  it('has a class and evidence for every path', () => {
    const paths = execFileSync('find', [root, '-mindepth', '1', '-printf', '%P\\0'], { maxBuffer: 1e8 })
      .toString('utf8')
      .split('\0')
      .filter((path) => path !== '')
    expect(paths.length).toBeGreaterThan(80)
    const unexplained = paths.filter((path) => {
      const answer = whyPath(catalog, root, path)
      return answer === null || answer.class === 'other' || answer.what === '' || answer.evidence.length === 0
    })
    expect(unexplained).toEqual([])
  })
})

describe('a container of podman', () => {
  it("is told by its record, and its state by podman's database", () => {
    const { root, catalog } = open('podman-overlay')
    const path = catalog.model.containers.find(({ name }) => name === 'writer')?.layerPath ?? ''
    expect(whyPath(catalog, root, path)?.evidence).toEqual([
      { path: 'overlay-containers/containers.json', says: expect.stringMatching(/^Name writer, Image \S+$/) },
      { path: 'libpod/bolt_state.db', says: 'exited' },
    ])
  })
})

describe('layer directories', () => {
  const { root, catalog } = open('overlay2-buildkit')
  const images = Object.values(asObject(truth('overlay2-buildkit', 'inspect-images.json'))).filter(isObject)

  it('are used by the images whose inspect names them', () => {
    const users = new Map<string, Set<string>>()
    for (const image of images)
      for (const directory of directoriesOf(image)) {
        const known = users.get(directory) ?? new Set<string>()
        users.set(directory, known.add(text(image, 'Id')))
      }
    expect(users.size).toBeGreaterThan(10)
    for (const [directory, expected] of users) {
      const answer = whyPath(catalog, root, directory)
      const found = (answer?.alsoUsedBy ?? []).filter((user) => user.kind === 'image').map((user) => user.id)
      expect(new Set(found)).toEqual(expected)
    }
  })
})

const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** The directories of an image's layers, as GraphDriver gives them, relative to the root. */
function directoriesOf(image: JsonObject): string[] {
  const data = record(record(image, 'GraphDriver'), 'Data')
  const paths = [text(data, 'UpperDir'), ...text(data, 'LowerDir').split(':')].filter((path) => path !== '')
  return paths.map((path) => path.slice(path.indexOf('overlay2/')))
}

describe('owners', () => {
  const { root, catalog } = open('overlay2-buildkit')
  const container = catalog.model.containers.find((each) => each.name === 'writer')

  it.each([
    [
      'the writable layer',
      (): string => `${container?.layerPath}/diff/some/file`,
      'writable-layer',
      'container',
    ],
    ['the init layer', (): string => `${container?.initPath}/diff`, 'init-layer', 'container'],
    ['the log', (): string => container?.logs[0]?.path ?? '', 'container-log', 'container'],
    [
      'the config',
      (): string => `containers/${container?.id}/config.v2.json`,
      'container-files',
      'container',
    ],
    ['a volume', (): string => 'volumes/data/_data/x', 'volume', 'volume'],
  ] as const)('%s of a container', (_what, path, expected, kind) => {
    const answer = whyPath(catalog, root, path())
    expect(answer?.class).toBe(expected)
    expect(answer?.owners[0]?.kind).toBe(kind)
    expect(answer?.evidence.length).toBeGreaterThan(0)
  })
})
