import { describe, expect, it } from 'vitest'
import type { Image } from '../../../src/model/model.ts'
import { digest, image, store } from '../build-model.ts'
import { playOn } from './play-on.ts'

const [BASE, STEP, LOST, TOP, OTHER] = ['base', 'step', 'lost', 'top', 'other'].map(digest) as [
  string,
  string,
  string,
  string,
  string,
]
const hex = (id: string): string => id.slice('sha256:'.length)
const row = (name: string) => ({ name, createdAt: null })
const named = (id: string, ...names: readonly string[]): Image =>
  image(id, [], { rows: names.map((name) => row(`docker.io/library/${name}`)) })
const unnamed = (id: string, parent: string | null): Image =>
  image(id, [], { rows: [row(`moby-dangling@${id}`)], parent })
const play = (images: readonly Image[], command: string) =>
  playOn(
    { stores: [store({ layout: 'containerd', namespace: 'moby' })], images: [...images], rule: '28' },
    command,
  )

describe('rmi where containerd holds the images', () => {
  it('finds an id by four of its digits, and not by its algorithm with a part of it', () => {
    const images = [named(BASE, 'base:1')]
    const short = hex(BASE).slice(0, 3)
    expect(play(images, `rmi ${short}`).refused).toEqual([`No such image: ${short}:latest`])
    expect(play(images, `rmi ${hex(BASE).slice(0, 4)}`).images).toEqual([BASE])
    expect(play(images, `rmi sha256:${hex(BASE).slice(0, 12)}`).images).toEqual([])
    expect(play(images, `rmi ${BASE}`).images).toEqual([BASE])
  })

  it('refuses a name that begins the id of another image', () => {
    const word = hex(BASE).slice(0, 6)
    const images = [named(BASE, 'base:1'), named(OTHER, 'other:1', `${word}:latest`)]
    expect(play(images, `rmi ${word}`)).toMatchObject({ untagged: [], refused: ['ambiguous reference'] })
    expect(play(images, `rmi ${word}:latest`).untagged).toEqual([`${word}:latest`])
    expect(play(images, `rmi ${hex(BASE).slice(0, 5)}`).images).toEqual([BASE])
  })

  it('takes the unnamed parents, and none of them where one is missing', () => {
    const top = { ...named(TOP, 'top:1'), parent: STEP }
    const whole = [top, unnamed(STEP, BASE), named(BASE, 'base:1')]
    expect(play(whole, 'rmi top:1').images).toEqual([STEP, TOP].sort())
    expect(play([top, unnamed(STEP, LOST)], 'rmi top:1').images).toEqual([TOP])
  })
})
