import { describe, expect, it } from 'vitest'
import { claim, container, digest, image, layer, survey } from '../build-model.ts'
import { playOn } from './play-on.ts'

const layers = [layer('base', null, 1000), layer('app', 'base', 200), layer('loose', 'base', 30)]
const BASE = digest('base')
const APP = digest('app')
const LOOSE = digest('loose')
const D = `sha256:${'d'.repeat(64)}`
const labels = (text: string) => new Map([text.split('=') as [string, string]])

const base = image(BASE, ['base'], { tags: ['base:1'], created: '2020-01-01T00:00:00Z' })
const app = image(APP, ['base', 'app'], { tags: ['app:1'], created: '2026-01-01T00:00:00Z' })
const loose = image(LOOSE, ['base', 'loose'], { created: '2024-01-01T00:00:00Z', labels: labels('keep=yes') })
const images = [base, app, loose]

describe('image prune', () => {
  it('takes dangling images, and says what their own layers took', () => {
    expect(playOn({ layers, images }, 'image prune')).toMatchObject({ images: [LOOSE], said: 30 })
  })

  it('with -a takes all that no container uses', () => {
    const containers = [container('c', { image: APP })]
    expect(playOn({ layers, images, containers }, 'image prune -a')).toMatchObject({
      images: [BASE, LOOSE].sort(),
      untagged: ['base:1'],
      said: 30,
    })
    expect(playOn({ layers, images }, 'image prune -a')).toMatchObject({ said: 1230 })
  })

  it('takes off all but the last name of an image in use', () => {
    const named = image(APP, ['base', 'app'], { tags: ['app:1', 'app:2', 'zz:1'] })
    const containers = [container('c', { image: APP })]
    expect(playOn({ layers, images: [named], containers }, 'image prune -a')).toMatchObject({
      images: [],
      untagged: ['app:1', 'app:2'],
      refused: [],
    })
  })

  it('takes an image with a digest alone for dangling, and none with a tag', () => {
    const byDigest = image(APP, ['base', 'app'], { digests: [`app@${D}`] })
    expect(playOn({ layers, images: [byDigest] }, 'image prune').images).toEqual([APP])
    const both = image(APP, ['base', 'app'], { digests: [`app@${D}`], tags: ['app:1'] })
    expect(playOn({ layers, images: [both] }, 'image prune').untagged).toEqual([])
  })

  it('leaves what others stand on, and takes it when they went', () => {
    const step = image(digest('step'), ['base'])
    const child = image(LOOSE, ['base', 'loose'], { parent: step.id })
    const named = image(BASE, ['base'], { tags: ['base:1'], parent: step.id })
    expect(playOn({ layers, images: [step, child] }, 'image prune').images).toEqual([step.id, LOOSE].sort())
    expect(playOn({ layers, images: [step, child, named] }, 'image prune').images).toEqual([LOOSE])
    const tagged = image(digest('step'), ['base'], { tags: ['step:1'] })
    expect(playOn({ layers, images: [tagged, child] }, 'image prune -a')).toMatchObject({
      images: [tagged.id, LOOSE].sort(),
    })
    const byDigest = image(digest('step'), ['base'], { digests: [`step@${D}`] })
    expect(playOn({ layers, images: [byDigest, child] }, 'image prune').untagged).toEqual([])
  })

  it('leaves what is younger than until, by every value', () => {
    const taken = (moment: string, rule = '20.10' as const, of = images) =>
      playOn({ layers, images: of, rule }, `image prune -a --filter until=${moment}`).images
    expect(taken('2025-01-01Z')).toEqual([BASE, LOOSE].sort())
    expect(taken('2019-01-01Z')).toEqual([])
    expect(taken('2026-01-01T00:00:00Z')).toEqual(images.map(({ id }) => id).sort())
    expect(taken('1h')).toHaveLength(3)
  })

  it('without a time of its own goes before 26 and stays from then on', () => {
    const undated = image(LOOSE, ['base', 'loose'])
    for (const [rule, gone] of [
      ['23', 1],
      ['26', 0],
    ] as const) {
      expect(
        playOn({ layers, images: [undated], rule }, 'image prune --filter until=1h').images,
      ).toHaveLength(gone)
      expect(playOn({ layers, images: [undated], rule }, 'image prune').images).toHaveLength(1)
      expect(playOn({ layers, images: [loose], rule }, 'image prune --filter until=1h').images).toHaveLength(
        1,
      )
    }
  })

  it.each([
    ['label=keep', [LOOSE]],
    ['label=keep=yes', [LOOSE]],
    ['label=keep=no', []],
    ['label!=keep', []],
    ['label!=keep=no', [LOOSE]],
    ['dangling=false', [BASE, APP, LOOSE]],
    ['dangling=0', [BASE, APP, LOOSE]],
    ['dangling=1', [LOOSE]],
  ])('looks at labels and at what is asked: %s', (filter, expected) => {
    expect(playOn({ layers, images }, `image prune --filter ${filter}`).images).toEqual([...expected].sort())
  })

  it('says nothing of layers that went with a container before', () => {
    const containers = [container('c', { baseLayer: 'base', mountId: 'm', layerPath: 'overlay2/c' })]
    const measured = survey([[claim('overlay2/c', { content: true }), 7, 4096, 1]])
    const parts = { layers: [layer('base', null, 1000)], containers }
    expect(playOn(parts, 'system prune', {}, [measured])).toMatchObject({ layers: ['base'], said: 7 })
  })

  it('refuses what it does not know', () => {
    expect(playOn({ layers, images }, 'image prune --filter x=y')).toMatchObject({
      images: [],
      said: null,
      refused: ["Invalid filter 'x'"],
    })
    expect(playOn({ layers, images }, 'image prune --filter dangling=x').refused).toEqual([])
    const both = 'image prune --filter dangling=false'
    expect(playOn({ layers, images, rule: '23' }, both).refused).toEqual([
      "invalid filter 'dangling=[false true]'",
    ])
    const twice = 'image prune --filter until=1h --filter until=2h'
    expect(playOn({ layers, images }, twice).refused).toEqual(['more than one until filter specified'])
    expect(playOn({ layers, images }, 'image prune --filter until=x').refused).toEqual([
      'failed to parse value as time or duration: "x"',
    ])
  })
})
