import { describe, expect, it } from 'vitest'
import { derivedFindings } from '../../src/analysis/findings.ts'
import { type Finding, isComplete, severityOf } from '../../src/model/findings.ts'
import {
  cacheRecord,
  catalogOf,
  claim,
  container,
  image,
  layer,
  looseMount,
  ROOT,
  store,
  survey,
} from './build-model.ts'

const found = (parts: Parameters<typeof catalogOf>[0]): Finding[] => derivedFindings(catalogOf(parts).catalog)

const finding = (over: Partial<Finding>): Finding => ({
  code: 'image-config-damaged',
  root: ROOT,
  subject: { kind: 'image', id: 'broken' },
  path: 'image/overlay2/imagedb/content/sha256/broken',
  message: '',
  hint: null,
  ...over,
})

const lonely = [layer('sha256:lonely'), layer('sha256:above', 'sha256:lonely'), layer('sha256:used')]

describe('data on a file system of its own', () => {
  const owner = { kind: 'layer', id: 'x' } as const
  const measured = survey([
    [claim('overlay2', { place: 'metadata' }), 0, 0, 0],
    [claim('overlay2/x', { owner }), 0, 0, 0],
  ])

  it('is told of, for its sizes are not known', () => {
    const surveys = [{ ...measured, mounted: ['overlay2'] }]
    const [only, ...others] = derivedFindings(catalogOf({}, surveys).catalog)
    expect(others).toEqual([])
    expect(only).toMatchObject({ code: 'mounted-apart', root: ROOT, path: 'overlay2' })
  })

  it('is no matter where it is mounted inside, as an engine does for a container', () => {
    const surveys = [{ ...measured, mounted: ['overlay2/x/merged', 'overlay2/x'] }]
    expect(derivedFindings(catalogOf({}, surveys).catalog)).toEqual([])
  })
})

describe('layers that nothing uses', () => {
  it('are found at the top of their chain, with their directory and their record', () => {
    const [only, ...others] = found({ layers: lonely, images: [image('i', ['sha256:used'])] })
    expect(others).toEqual([])
    expect(only).toMatchObject({
      code: 'layer-unreferenced',
      root: ROOT,
      subject: { kind: 'layer', id: 'sha256:above' },
      path: 'image/overlay2/layerdb/sha256/above',
    })
    expect(only?.message).toMatch(/sha256:above is used by no image.*files are in overlay2\/sha256:above/)
  })

  it('are not those that an image, a container, a record or a writable layer without container stands on', () => {
    const layers = ['i', 'c', 'r', 'm'].map((id) => layer(id))
    expect(
      found({
        layers,
        images: [image('image', ['i'], { loaded: false })],
        containers: [container('c', { baseLayer: 'c', loaded: false })],
        cacheRecords: [cacheRecord('r', { layer: 'r' })],
        looseMounts: [looseMount('m', 'm')],
      }),
    ).toEqual([])
  })

  it('are not told of where an image is there that cannot be read', () => {
    expect(found({ layers: lonely, findings: [finding({})] })).toEqual([])
    // Another root's damaged image hides nothing here.
    expect(found({ layers: lonely, findings: [finding({ root: '/other' })] })).toHaveLength(2)
  })

  it('are a matter of content-addressed stores: in the graph every layer is an image', () => {
    expect(found({ stores: [store({ layout: 'graph' })], layers: lonely })).toEqual([])
  })
})

describe('what findings mean', () => {
  it('is an incomplete answer exactly where something could not be read', () => {
    expect(isComplete([])).toBe(true)
    expect(isComplete([finding({ code: 'layer-unreferenced' }), finding({ code: 'layer-cycle' })])).toBe(true)
    expect(isComplete([finding({ code: 'layer-cycle' }), finding({ code: 'unreadable' })])).toBe(false)
    expect(severityOf(finding({ code: 'unsafe-name' }))).toBe('error')
  })
})
