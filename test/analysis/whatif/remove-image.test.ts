import { describe, expect, it } from 'vitest'
import { shortId } from '../../../src/model/ids.ts'
import type { EngineRule } from '../../../src/model/model.ts'
import { container, digest, image, layer } from '../build-model.ts'
import { playOn } from './play-on.ts'

const [BASE, APP, STEP, BUILT] = ['base', 'app', 'step', 'built'].map(digest) as [
  string,
  string,
  string,
  string,
]
const hex = (id: string): string => id.slice('sha256:'.length)
const layers = [layer('base', null, 1000), layer('app', 'base', 200), layer('built', 'base', 30)]
const D = `sha256:${'d'.repeat(64)}`
const E = `sha256:${'e'.repeat(64)}`

const base = image(BASE, ['base'], { tags: ['base:1'] })
const app = (tags: readonly string[], digests: readonly string[] = []) =>
  image(APP, ['base', 'app'], { tags, digests })
const built = (over: object = {}) =>
  image(BUILT, ['base', 'built'], { tags: ['built:1'], parent: STEP, ...over })
const step = image(STEP, ['base', 'built'], { parent: BASE })

const running = (of: string, id = 'c'.repeat(64)) => container(id, { image: of, state: 'running' })
const stopped = (of: string, id = 'c'.repeat(64)) => container(id, { image: of, state: 'exited' })

describe('what is typed for an image', () => {
  const typed = (word: string, rule: EngineRule) =>
    playOn({ layers, images: [app(['app:1', 'team/app:1'])], rule }, `rmi ${word}`)

  it.each([
    ['Nosuch', 'repository name must be lowercase', 'repository name (library/Nosuch) must be lowercase'],
    ['x/Nosuch:1', 'repository name must be lowercase', 'repository name (x/Nosuch) must be lowercase'],
    ['localhost/Nosuch', 'repository name must be lowercase', 'repository name (Nosuch) must be lowercase'],
  ])('is named in the path with upper case: %s', (word, old, young) => {
    expect(typed(word, '20.10').refused).toEqual([`invalid reference format: ${old}`])
    for (const rule of ['26', '28'] as const)
      expect(typed(word, rule).refused).toEqual([`invalid reference format: ${young}`])
  })

  it('is an id with its algorithm, from 23 on', () => {
    const id = 'a'.repeat(64)
    expect(typed(id, '20.10').refused).toEqual([`Error: No such image: ${id}`])
    expect(typed(id, '28').refused).toEqual([`No such image: sha256:${id}`])
  })

  it('loses superfluous slashes from 23 on, and names nothing with them before', () => {
    for (const word of ['team//app:1', '/team/app:1', 'team/app:1/'])
      expect(typed(word, '28').untagged).toEqual(['team/app:1'])
    expect(typed('a//b', '28').refused).toEqual(['No such image: a/b:latest'])
    expect(typed('team//app:1', '20.10')).toMatchObject({
      untagged: [],
      refused: ['Error: No such image: team//app:1'],
    })
    expect(typed('', '20.10').refused).toEqual(['Error: No such image: '])
    expect(typed('', '28').refused).toEqual(['page not found'])
  })
})

describe('a name', () => {
  it('goes alone while there are others', () => {
    const { images, untagged } = playOn({ layers, images: [app(['app:1', 'app:2'])] }, 'rmi app:1')
    expect([images, untagged]).toEqual([[], ['app:1']])
    expect(playOn({ layers, images: [app(['app:1', 'app:2'])] }, 'rmi -f app:1').images).toEqual([])
  })

  it('goes alone even where the image is in use', () => {
    const parts = { layers, images: [app(['app:1', 'app:2'])], containers: [stopped(APP)] }
    expect(playOn(parts, 'rmi app:1')).toMatchObject({ untagged: ['app:1'], refused: [] })
  })

  it('takes the image along where it is the last, and the layers that nothing else holds', () => {
    const { images, layers: gone } = playOn({ layers, images: [base, app(['app:1'])] }, 'rmi app:1')
    expect([images, gone]).toEqual([[APP], ['app']])
  })

  it('means the tag latest where it has none', () => {
    expect(playOn({ layers, images: [app(['app:latest'])] }, 'rmi app').images).toEqual([APP])
    expect(playOn({ layers, images: [app(['app:1'])] }, 'rmi app').refused).toEqual([
      'Error: No such image: app',
    ])
  })

  it('is refused where it is the last and a container uses the image, in any state', () => {
    const parts = { layers, images: [app(['app:1'])], containers: [stopped(APP)] }
    const who = `container cccccccccccc is using its referenced image ${shortId(APP)}`
    expect(playOn(parts, 'rmi app:1').refused).toEqual([
      `conflict: unable to remove repository reference "app:1" (must force) - ${who}`,
    ])
    expect(playOn(parts, 'rmi -f app:1')).toMatchObject({ images: [APP], refused: [] })
    const inUse = { ...parts, containers: [running(APP)] }
    expect(playOn(inUse, 'rmi -f app:1')).toMatchObject({
      images: [],
      untagged: ['app:1'],
      refused: [],
    })
  })

  it('that another image stands on is taken off, and the image stays in silence', () => {
    const parts = { layers, images: [base, step, built()] }
    expect(playOn(parts, 'rmi base:1')).toMatchObject({ images: [], untagged: ['base:1'], refused: [] })
  })

  it('takes the digests of its repository along with the last tag of it, and of no other', () => {
    const digests = [`app@${D}`, `else@${D}`]
    const parts = { layers, images: [app(['app:1', 'else:1'], digests)] }
    expect(playOn(parts, 'rmi app:1').untagged).toEqual(['app:1', `app@${D}`])
    const two = { layers, images: [app(['app:1', 'app:2'], digests)] }
    expect(playOn(two, 'rmi app:1').untagged).toEqual(['app:1'])
  })

  it('by digest goes alone', () => {
    const parts = { layers, images: [app(['app:1'], [`app@${D}`, `app@${E}`])] }
    expect(playOn(parts, `rmi app@${D}`).untagged).toEqual([`app@${D}`])
    expect(playOn(parts, `rmi app:9@${E}`).untagged).toEqual([`app@${E}`])
    const untagged = { layers, images: [app([], [`app@${D}`, `app@${E}`])] }
    expect(playOn(untagged, `rmi app@${D}`).untagged).toEqual([`app@${D}`])
  })

  it('of one repository with one tag is single, so that a container holds it', () => {
    const parts = { layers, images: [app(['app:1'], [`app@${D}`])], containers: [stopped(APP)] }
    expect(playOn(parts, 'rmi app:1').refused).toHaveLength(1)
    const several = { ...parts, images: [app(['app:1'], [`else@${D}`])] }
    expect(playOn(several, 'rmi app:1').untagged).toEqual(['app:1'])
  })

  it('that is none is refused', () => {
    const parts = { layers, images: [app(['app:1'])] }
    expect(playOn(parts, 'rmi App:1').refused).toEqual([
      'invalid reference format: repository name must be lowercase',
    ])
    expect(playOn(parts, `rmi ${'a'.repeat(64)}`).refused).toEqual([
      `Error: No such image: ${'a'.repeat(64)}`,
    ])
    expect(playOn(parts, 'rmi docker.io/library/none').refused).toEqual([
      'Error: No such image: docker.io/library/none',
    ])
    expect(playOn({ ...parts, rule: '23' }, 'rmi docker.io/library/none').refused).toEqual([
      'No such image: none:latest',
    ])
  })
})

describe('an id', () => {
  it.each([APP, hex(APP), hex(APP).slice(0, 12), hex(APP).slice(0, 5), `sha256:${hex(APP).slice(0, 7)}`])(
    'may be cut short: %s',
    (typed) => {
      expect(playOn({ layers, images: [base, app(['app:1'])] }, `rmi ${typed}`).images).toEqual([APP])
    },
  )

  it('that fits several images, or none, is no image', () => {
    const twins = [
      image(`sha256:ab${'1'.repeat(62)}`, ['base'], { tags: ['a:1'] }),
      image(`sha256:ab${'2'.repeat(62)}`, ['base'], { tags: ['b:1'] }),
    ]
    expect(playOn({ layers, images: twins }, 'rmi ab').refused).toEqual(['Error: No such image: ab'])
    expect(playOn({ layers, images: twins }, 'rmi sha256:ab1').images).toEqual([`sha256:ab${'1'.repeat(62)}`])
    expect(playOn({ layers, images: twins }, 'rmi b1').refused).toHaveLength(1)
  })

  it('takes all names of one repository, and is refused where there are several', () => {
    const single = { layers, images: [app(['app:1'], [`app@${D}`])] }
    expect(playOn(single, `rmi ${APP}`).untagged).toEqual(['app:1', `app@${D}`])
    const several = { layers, images: [app(['app:1', 'app:2'])] }
    expect(playOn(several, `rmi ${APP}`)).toMatchObject({
      images: [],
      untagged: [],
      refused: [
        `conflict: unable to delete ${shortId(APP)} (must be forced) - image is referenced in multiple repositories`,
      ],
    })
    expect(playOn(several, `rmi -f ${APP}`)).toMatchObject({ images: [APP], untagged: ['app:1', 'app:2'] })
  })

  it('is refused where a container uses the image; a stopped one can be forced', () => {
    const parts = { layers, images: [app(['app:1'])], containers: [stopped(APP)] }
    expect(playOn(parts, `rmi ${APP}`)).toMatchObject({
      untagged: [],
      refused: [
        `conflict: unable to delete ${shortId(APP)} (must be forced) - image is being used by stopped container cccccccccccc`,
      ],
    })
    expect(playOn(parts, `rmi -f ${APP}`).images).toEqual([APP])
    const inUse = { ...parts, containers: [running(APP)] }
    expect(playOn(inUse, `rmi -f ${APP}`)).toMatchObject({
      images: [],
      untagged: [],
      refused: [
        `conflict: unable to delete ${shortId(APP)} (cannot be forced) - image is being used by running container cccccccccccc`,
      ],
    })
  })

  it('is refused where others stand on the image, whatever is forced', () => {
    const parts = { layers, images: [base, step, built()] }
    const words = `conflict: unable to delete ${shortId(BASE)} (cannot be forced) - image has dependent child images`
    expect(playOn(parts, `rmi ${BASE}`).refused).toEqual([words])
    expect(playOn(parts, `rmi -f ${BASE}`).refused).toEqual([words])
  })
})

describe('the parents of an image', () => {
  it('go with it as long as nothing needs them', () => {
    const parts = { layers, images: [image(BASE, ['base']), step, built()] }
    expect(playOn(parts, 'rmi built:1').images).toEqual([BASE, STEP, BUILT].sort())
    expect(playOn(parts, 'rmi --no-prune built:1').images).toEqual([BUILT])
  })

  it('stay where they have a name, a container or another child', () => {
    const images = [base, step, built()]
    expect(playOn({ layers, images }, 'rmi built:1').images).toEqual([STEP, BUILT].sort())
    const containers = [stopped(STEP)]
    expect(playOn({ layers, images, containers }, 'rmi -f built:1').images).toEqual([BUILT])
    const other = image(APP, ['base'], { tags: ['x:1'], parent: STEP })
    expect(playOn({ layers, images: [...images, other] }, 'rmi built:1').images).toEqual([BUILT])
  })

  it('are none where the one that is named is not there', () => {
    expect(playOn({ layers, images: [built({ parent: digest('gone') })] }, 'rmi built:1').images).toEqual([
      BUILT,
    ])
  })
})

describe('several words', () => {
  it('are taken one after the other, and what is refused stops none of the rest', () => {
    const parts = { layers, images: [app(['app:1', 'app:2'])] }
    expect(playOn(parts, 'rmi app:1 none app:1 app:2')).toMatchObject({
      images: [APP],
      untagged: ['app:1', 'app:2'],
      refused: ['Error: No such image: none', 'Error: No such image: app:1'],
    })
  })
})
