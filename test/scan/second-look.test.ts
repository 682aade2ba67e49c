import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Collector, createCollector } from '../../src/layouts/collector.ts'
import { Source } from '../../src/layouts/source.ts'
import type { Finding } from '../../src/model/findings.ts'
import type { Layer, Leftover, Store, Volume } from '../../src/model/model.ts'
import type { Stray, Survey } from '../../src/model/places.ts'
import { scan } from '../../src/scan/scan.ts'
import { keepOfLayersThatLast, keepWhatLasts, needsSecondLook } from '../../src/scan/second-look.ts'
import { LocalTree } from '../../src/tree/local.ts'
import { claimsOf } from '../support/claims.ts'
import { copyOfFixture } from '../support/fixtures.ts'
import { asOrdinaryUser, scratch } from '../tree/scratch.ts'

/** A root with directories that are a day old, or new. */
function rootWith(directories: Readonly<Record<string, 'old' | 'new'>>): string {
  const root = scratch()
  for (const [path, age] of Object.entries(directories)) {
    mkdirSync(join(root, path), { recursive: true })
    const yesterday = new Date(Date.now() - 24 * 3_600_000)
    if (age === 'old') utimesSync(join(root, path), yesterday, yesterday)
  }
  return root
}

const finding = (root: string, path: string, message = 'a sentence'): Finding => ({
  code: 'layer-damaged',
  root,
  subject: null,
  path,
  message,
  hint: null,
})

const leftover = (root: string, path: string, kind: Leftover['kind']): Leftover => ({
  root,
  store: null,
  kind,
  path,
  reason: '',
  dataPaths: [],
})

const stray = (path: string): Stray => ({ path, kind: 'directory', modifiedMs: 0, inDoubt: true })

interface Said {
  readonly findings?: readonly Finding[]
  readonly leftovers?: readonly Leftover[]
}

function reading(root: string, { findings = [], leftovers = [] }: Said, engineRunning = true): Collector {
  const model = createCollector()
  model.roots.push({
    path: root,
    kind: 'docker',
    fileSystem: null,
    engine: { rule: '20.10', why: '' },
    engineRunning,
  })
  model.findings.push(...findings)
  model.leftovers.push(...leftovers)
  return model
}

/** What is left of a first reading after a second one. */
function settle(root: string, first: Said, second: Said, strays: readonly [string[], string[]] = [[], []]) {
  const model = reading(root, first)
  const survey = surveyOf(root, strays[0])
  const source = new Source(new LocalTree(root), root, model.findings, { onFile: () => true })
  const look = { model: reading(root, second), strays: strays[1].map(stray) }
  const settled = keepWhatLasts(model, survey, look, source)
  return {
    findings: model.findings.map(({ code, path }) => `${code} ${path}`),
    leftovers: model.leftovers.map(({ path }) => path),
    strays: settled.strays.map(({ path }) => path),
    places: [...settled.claims].map(({ place }) => place),
  }
}

const CHANGED = 'changed-during-scan null'

describe('a second look', () => {
  it('is taken only where an engine works and something is said', () => {
    const damaged = { findings: [finding('/r', 'a')] }
    expect(needsSecondLook({ model: reading('/r', damaged), strays: [] }, [], '/r')).toBe(true)
    expect(needsSecondLook({ model: reading('/r', damaged, false), strays: [] }, [], '/r')).toBe(false)
    expect(needsSecondLook({ model: reading('/r', {}), strays: [] }, [], '/r')).toBe(false)
    expect(needsSecondLook({ model: reading('/r', {}), strays: [stray('x')] }, [], '/r')).toBe(true)
    const found = [finding('/r', 'a')]
    expect(needsSecondLook({ model: reading('/r', {}), strays: [] }, found, '/r')).toBe(true)
  })

  it('leaves what is said both times, and adds nothing to it', () => {
    const root = rootWith({ kept: 'old', lost: 'old' })
    const said = { findings: [finding(root, 'a')], leftovers: [leftover(root, 'kept', 'orphan')] }
    expect(settle(root, said, said, [['lost'], ['lost']])).toEqual({
      findings: ['layer-damaged a'],
      leftovers: ['kept'],
      strays: ['lost'],
      places: ['unclaimed'],
    })
  })

  it('takes back what is said once, and says so', () => {
    const root = rootWith({ went: 'old', stray: 'old' })
    const first = {
      findings: [finding(root, 'a'), finding(root, 'b')],
      leftovers: [leftover(root, 'went', 'orphan')],
    }
    expect(settle(root, first, { findings: [finding(root, 'b')] }, [['stray'], []])).toEqual({
      findings: ['layer-damaged b', CHANGED],
      leftovers: [],
      strays: [],
      places: ['temporary'],
    })
  })

  it('tells two findings of one path by what they say', () => {
    const root = rootWith({})
    const first = { findings: [finding(root, 'l', 'one link')] }
    expect(settle(root, first, { findings: [finding(root, 'l', 'another link')] }).findings).toEqual([
      CHANGED,
    ])
  })

  it('says nothing of what is so young that the engine may be making it', () => {
    const root = rootWith({ fresh: 'new', context: 'new', layer: 'new' })
    const said = {
      findings: [finding(root, 'fresh')],
      leftovers: [leftover(root, 'fresh', 'orphan'), leftover(root, 'context', 'leftover')],
    }
    expect(settle(root, said, said, [['layer'], ['layer']])).toEqual({
      findings: [CHANGED],
      leftovers: [],
      strays: [],
      places: ['temporary'],
    })
  })
})

describe('layers of no image', () => {
  it('are left out where they are new or went meanwhile', () => {
    const root = rootWith({ old: 'old', new: 'new', gone: 'old' })
    const withLayers = (...names: string[]): Collector => {
      const model = reading(root, {})
      model.stores.push(store(root))
      model.layers.push(...names.map(layer))
      return model
    }
    const model = withLayers('old', 'new', 'gone')
    expect(needsSecondLook({ model, strays: [] }, [], root)).toBe(true)
    const source = new Source(new LocalTree(root), root, model.findings, { onFile: () => true })
    keepWhatLasts(model, surveyOf(root), { model: withLayers('old', 'new'), strays: [] }, source)
    expect(model.unsettledLayers).toEqual([
      { store: 's', layer: 'new' },
      { store: 's', layer: 'gone' },
    ])
  })
})

describe('a volume without a row', () => {
  it('is not called lonely where it went meanwhile', () => {
    const root = rootWith({})
    const model = reading(root, {})
    model.volumes.push(volume(root, 'stays'), volume(root, 'went'))
    expect(needsSecondLook({ model, strays: [] }, [], root)).toBe(true)
    const second = reading(root, {})
    second.volumes.push(volume(root, 'stays'))
    const source = new Source(new LocalTree(root), root, model.findings, { onFile: () => true })
    keepWhatLasts(model, surveyOf(root), { model: second, strays: [] }, source)
    expect(model.volumes.map(({ name, recorded }) => [name, recorded])).toEqual([
      ['stays', false],
      ['went', null],
    ])
  })
})

const volume = (root: string, name: string): Volume => ({
  root,
  name,
  driver: 'local',
  path: `volumes/${name}`,
  created: null,
  anonymous: null,
  options: null,
  labels: new Map(),
  recorded: false,
  dataPath: null,
  onDisk: true,
})

const store = (root: string): Store => ({
  id: 's',
  root,
  layout: 'layerdb',
  driver: 'overlay2',
  namespace: null,
  path: 'image/overlay2',
  active: true,
  why: '',
})

const layer = (id: string): Layer => ({
  store: 's',
  id,
  parent: null,
  diffId: null,
  cacheId: null,
  path: id,
  recordedBytes: null,
  loaded: true,
})

const surveyOf = (root: string, strays: readonly string[] = []): Survey => ({
  root,
  claims: claimsOf(
    strays.map((path) => ({ path, place: 'unclaimed', owner: null, store: null, content: false })),
  ),
  strays: strays.map(stray),
  mounted: null,
  deletedFiles: [],
  measurement: null,
  verified: null,
})

describe('what is found in the files', () => {
  it('is taken back of layers that went meanwhile, and of nothing else', () => {
    const second = reading('/r', {})
    second.stores.push(store('/r'))
    second.layers.push(layer('stays'))
    const about = (id: string): Finding => ({ ...finding('/r', id), subject: { kind: 'layer', id } })
    const found = [about('stays'), about('went'), finding('/r', 'unreadable')]
    keepOfLayersThatLast(found, second)
    expect(found.map(({ path }) => path)).toEqual(['stays', 'unreadable'])
  })

  // Podman has no daemon: of its roots it is never known that nobody is at work.
  it('is told where an engine may be at work: no reading of the records says it again', () => {
    const { root, dispose } = copyOfFixture('podman-vfs')
    try {
      const [file = ''] = execFileSync('find', [join(root, 'vfs/dir'), '-name', 'stage'], {
        encoding: 'utf8',
      }).split('\n')
      rmSync(file)
      symlinkSync('/etc/passwd', file)
      const { model } = scan([root], { measure: false, verify: 'deep' })
      expect(model.findings.map(({ message }) => message)).toEqual([
        expect.stringContaining('stage is no regular file any more'),
      ])
    } finally {
      dispose()
    }
  })

  it('is told of a directory that cannot be entered, so that the report is not called complete', () => {
    const { root, dispose } = copyOfFixture('podman-vfs')
    try {
      execFileSync('chmod', ['-R', 'a+rX', dirname(root)])
      mkdirSync(join(root, 'volumes/data/_data/closed'), { mode: 0 })
      const { model } = asOrdinaryUser(() => scan([root], { measure: true }))
      expect(model.findings.map(({ code, path }) => [code, path])).toContainEqual([
        'unreadable',
        'volumes/data/_data/closed',
      ])
    } finally {
      dispose()
    }
  })
})
