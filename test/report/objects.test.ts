import { describe, expect, it } from 'vitest'
import { describeFound, findObjects } from '../../src/report/find-object.ts'
import { historyRows } from '../../src/report/history.ts'
import { inspectObject } from '../../src/report/inspect.ts'
import {
  cacheRecord,
  container,
  image,
  layer,
  ROOT,
  reportFrom,
  store,
  volume,
} from '../analysis/build-model.ts'

const IMAGE_A = `sha256:${'ab'.repeat(32)}`
const IMAGE_B = `sha256:${'abcd'.repeat(16)}`
const LAYER = `sha256:${'1f'.repeat(32)}`
const CONTAINER = 'ab00'.repeat(16)
const MANIFEST = `registry:5000/app@sha256:${'9'.repeat(64)}`

const report = reportFrom({
  layers: [layer(LAYER, null, 5, { cacheId: 'cafe'.repeat(16), diffId: `sha256:${'2e'.repeat(32)}` })],
  images: [
    image(IMAGE_A, [LAYER], { tags: ['app:1', 'app:latest'], digests: [MANIFEST] }),
    image(IMAGE_B, [LAYER], { tags: ['abc:1'] }),
  ],
  containers: [
    container(CONTAINER, {
      name: 'web',
      image: IMAGE_A,
      baseLayer: LAYER,
      mountId: 'feed'.repeat(16),
      mounts: [
        {
          type: 'volume',
          volume: 'data',
          driver: 'local',
          source: '',
          destination: '/data',
          readOnly: true,
          named: true,
        },
      ],
      volumes: ['data'],
    }),
  ],
  volumes: [volume('data'), volume('web')],
  cacheRecords: [cacheRecord('k1y2vv0nm1v4w7hr9pn8h8d2x', { twins: ['z9y2vv0nm1v4w7hr9pn8h8d2x'] })],
})

const found = (
  query: string,
  ...args: Parameters<typeof findObjects> extends [unknown, string, ...infer R] ? R : never
): string[] =>
  findObjects(report, query, ...args).map(
    ({ kind, object }) => `${kind} ${'id' in object ? object.id : object.name}`,
  )

describe('findObjects', () => {
  it('knows images by tag, by repository for :latest, by digest and by id', () => {
    for (const query of ['app:1', 'app:latest', 'app', MANIFEST, IMAGE_A, IMAGE_A.slice(7)])
      expect(found(query), query).toEqual([`image ${IMAGE_A}`])
  })

  it('knows containers by name with or without its slash, layers by directory and diff ID, records by twin', () => {
    expect(found('/web')).toEqual([`container ${CONTAINER}`])
    expect(found('cafe'.repeat(16))).toEqual([`layer ${LAYER}`])
    expect(found(`sha256:${'2e'.repeat(32)}`)).toEqual([`layer ${LAYER}`])
    expect(found('feed'.repeat(16))).toEqual([`container ${CONTAINER}`])
    expect(found('z9y2vv0nm1v4w7hr9pn8h8d2x')).toEqual(['cache-record k1y2vv0nm1v4w7hr9pn8h8d2x'])
  })

  it('takes a prefix of an id, with or without its algorithm', () => {
    expect(found('1f1f')).toEqual([`layer ${LAYER}`])
    expect(found('sha256:1f1f')).toEqual([`layer ${LAYER}`])
    expect(found('k1y2')).toEqual(['cache-record k1y2vv0nm1v4w7hr9pn8h8d2x'])
    expect(found('abab')).toEqual([`image ${IMAGE_A}`])
  })

  it('gives all that a short prefix may mean', () => {
    expect(found('ab')).toEqual([`image ${IMAGE_A}`, `image ${IMAGE_B}`, `container ${CONTAINER}`])
    expect(found('ab', ['container'])).toEqual([`container ${CONTAINER}`])
    expect(found('web')).toEqual([`container ${CONTAINER}`, 'volume web'])
  })

  it('prefers an exact name to the ids that begin like it', () => {
    const named = reportFrom({
      images: [image(IMAGE_A, []), image(IMAGE_B, [])],
      containers: [container('c'.repeat(64), { name: 'ab' })],
    })
    expect(findObjects(named, 'ab').map(({ kind }) => kind)).toEqual(['container'])
  })

  it('knows full names without the registry that is meant without one', () => {
    const named = reportFrom({
      images: [
        image(IMAGE_A, [], { tags: ['docker.io/library/app:1'], digests: [`sha256:${'5c'.repeat(32)}`] }),
        image(IMAGE_B, [], { tags: ['localhost/base:latest', 'quay.io/app:1'] }),
      ],
    })
    const ids = (query: string): string[] =>
      findObjects(named, query).flatMap((found) => (found.kind === 'image' ? [found.object.id] : []))
    expect([ids('app:1'), ids('base'), ids('localhost/base')]).toEqual([[IMAGE_A], [IMAGE_B], [IMAGE_B]])
    // Kubernetes also names an image by the digest of its config.
    expect(ids('5c5c5c')).toEqual([IMAGE_A])
  })

  it('means the image where an image and its layer have one id, as in the old layout', () => {
    const legacy = reportFrom({ images: [image(LAYER, [LAYER])], layers: [layer(LAYER)] })
    const kinds = (query: string) => findObjects(legacy, query).map(({ kind }) => kind)
    expect([kinds(LAYER), kinds('1f1f'), kinds('image:1f1f')]).toEqual([['image'], ['image'], ['image']])
    expect([kinds(`layer:${LAYER}`), kinds('layer:1f1f')]).toEqual([['layer'], ['layer']])
  })

  it('takes the kind before a name', () => {
    expect(found('volume:web')).toEqual(['volume web'])
    expect(found('container:web')).toEqual([`container ${CONTAINER}`])
    expect([found('image:web'), found('thing:web'), found('volume:')]).toEqual([[], [], []])
  })

  it('finds nothing for what is no name and no id', () => {
    for (const query of ['', 'a', 'x:1', '.*', '../etc', 'AB', '^ab', 'sha256:'])
      expect(found(query), query).toEqual([])
  })

  it('says in words what it found', () => {
    expect(findObjects(report, 'ab').map(describeFound)).toEqual([
      `image app:1 (${IMAGE_A})`,
      `image abc:1 (${IMAGE_B})`,
      `container web (${CONTAINER})`,
    ])
    expect(findObjects(report, 'data').map(describeFound)).toEqual(['volume data'])
    expect(findObjects(report, '1f1f').map(describeFound)).toEqual([`layer (${LAYER})`])
  })
})

describe('inspectObject', () => {
  const inspect = (query: string, kind: 'image' | 'layer' | 'volume') => {
    const [only] = findObjects(report, query, [kind])
    if (only === undefined) throw new Error(`no ${query}`)
    return inspectObject(report, only)
  }

  it('joins an image to its chain, and tells with whom each layer is shared', () => {
    expect(inspect('app:1', 'image')).toMatchObject({
      kind: 'image',
      id: IMAGE_A,
      chain: [{ id: LAYER, path: `overlay2/${LAYER}`, size: { content: 5 }, sharedWith: [IMAGE_B] }],
    })
  })

  it('joins a layer to those above it, and a volume to its mounts', () => {
    expect(inspect('1f1f', 'layer')).toMatchObject({ kind: 'layer', children: [] })
    expect(inspect('data', 'volume')).toMatchObject({
      kind: 'volume',
      mounts: [{ container: 'web', destination: '/data', readOnly: true }],
    })
  })

  it('brings the findings on the object, and no others', () => {
    const about = (kind: 'image' | 'layer', id: string) =>
      ({
        code: 'layer-size-unknown',
        root: ROOT,
        subject: { kind, id },
        path: 'x',
        message: id,
        hint: null,
      }) as const
    const troubled = reportFrom({
      layers: [layer(LAYER)],
      images: [image(LAYER, [LAYER]), image(IMAGE_B, [])],
      findings: [about('image', LAYER), about('layer', LAYER), about('image', IMAGE_B)],
    })
    const [only] = findObjects(troubled, LAYER, ['image'])
    expect(only && inspectObject(troubled, only)).toMatchObject({
      findings: [{ subject: { kind: 'image', id: LAYER } }],
    })
  })
})

describe('historyRows', () => {
  const step = (createdBy: string, own: string | null) => ({
    created: null,
    createdBy,
    comment: '',
    emptyLayer: own === null,
    layer: own,
  })
  const history = [step('ADD base', 'a'), step('ENV x=1', null), step('RUN make', 'b'), step('CMD', null)]
  const build = (images: Parameters<typeof reportFrom>[0]) =>
    reportFrom({ layers: [layer('a', null, 10), layer('b', 'a', 3)], ...images })

  it('run from the newest step to the oldest, empty ones too, each with its layer', () => {
    const made = build({ images: [image('top', ['a', 'b'], { history })] })
    const rows = historyRows(made, made.images[0] ?? neverHere())
    expect(rows.map(({ createdBy, layer: own }) => [createdBy, own?.size.content ?? null])).toEqual([
      ['CMD', null],
      ['RUN make', 3],
      ['ENV x=1', null],
      ['ADD base', 10],
    ])
  })

  it('name the image of each step for as long as the parents are there', () => {
    const made = build({
      images: [
        image('top', ['a', 'b'], { history, parent: 'run' }),
        image('run', ['a', 'b'], { parent: 'pruned' }),
      ],
    })
    const top = made.images.find(({ id }) => id === 'top') ?? neverHere()
    expect(historyRows(made, top).map((row) => row.image)).toEqual(['top', 'run', null, null])
  })

  it('end where the steps end, though the parents run in a circle', () => {
    const made = build({ images: [image('top', ['a'], { history, parent: 'top' })] })
    expect(historyRows(made, made.images[0] ?? neverHere())).toHaveLength(4)
  })

  it('have no layer where it is gone or lies in another store', () => {
    const made = build({
      stores: [store(), store({ id: 'other' })],
      layers: [layer('a', null, 10, { store: 'other' })],
      images: [image('top', ['a'], { history: [step('ADD', 'a')] })],
    })
    expect(historyRows(made, made.images[0] ?? neverHere())[0]?.layer).toBeNull()
  })
})

function neverHere(): never {
  throw new Error('the report has no such image')
}
