import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Assembly } from '../../../src/model/assembly.ts'
import type { Model } from '../../../src/model/model.ts'
import { findUnread } from '../../../src/scan/explain/find-unread.ts'
import { openTree } from '../../../src/scan/open-tree.ts'
import { copyOfFixture, type FixtureName } from '../../support/fixtures.ts'
import { assemblyOf, modelOf } from '../../support/open-model.ts'

const STORE = 'image/overlay2'

/** Damages a copy of a fixture; tells the assembly of one image, found by name, as it is then. */
function explainedAfter(
  name: FixtureName,
  tag: string,
  damage: (root: string, before: Model, image: Model['images'][number]) => void,
): Assembly {
  const { root, dispose } = copyOfFixture(name)
  try {
    const before = modelOf(root)
    const image = before.images.find(({ tags }) => tags.includes(tag))
    if (image === undefined) throw new Error(`no image ${tag}`)
    damage(root, before, image)
    const subject = { kind: 'image', id: image.id } as const
    return assemblyOf(modelOf(root), root, { subject, name: tag, store: image.store })
  } finally {
    dispose()
  }
}

const crossed = ({ steps }: Assembly): string[] =>
  steps.flatMap(({ title, checks }) =>
    checks.filter(({ ok }) => ok === false).map(({ expression }) => `${title}: ${expression.slice(0, 60)}`),
  )

const stopped = ({ steps }: Assembly): string[] =>
  steps.flatMap(({ title, problem }) => (problem === null ? [] : [`${title}: ${problem}`]))

const layerFile = (root: string, layer: string | undefined, file: string): string =>
  join(root, STORE, 'layerdb/sha256', layer?.slice(7) ?? '', file)

describe('on a damaged root only what is damaged is crossed', () => {
  it('an altered config: its hash, and nothing that follows from it', () => {
    const assembly = explainedAfter('overlay2-buildkit', 'shop:2', (root, _model, { id }) => {
      const path = join(root, STORE, 'imagedb/content/sha256', id.slice(7))
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace('"architecture":"amd64"', '"architecture":"amd65"'),
      )
    })
    expect(crossed(assembly)).toEqual([
      expect.stringMatching(/^From the image ID to the config.*: sha256\(\d+ bytes of /),
    ])
    expect(assembly.steps.at(-1)?.title).toBe('The mount')
  })

  it('an empty config: the chain cannot be told, and the step says why', () => {
    const assembly = explainedAfter('overlay2-buildkit', 'shop:2', (root, _model, { id }) =>
      truncateSync(join(root, STORE, 'imagedb/content/sha256', id.slice(7))),
    )
    expect(stopped(assembly)).toEqual([expect.stringMatching(/is empty\.$/)])
    expect(assembly.steps[0]?.says).toContainEqual(expect.objectContaining({ field: 'shop:2' }))
  })

  it('an altered diff: that layer, and no other', () => {
    const assembly = explainedAfter('overlay2-buildkit', 'shop:2', (root, _model, { layers }) =>
      writeFileSync(layerFile(root, layers[2], 'diff'), `sha256:${'5'.repeat(64)}`),
    )
    expect(crossed(assembly)).toEqual(['Layer 3 of 7: chain ID and record: diff is rootfs.diff_ids[2]'])
  })

  it('an altered parent: that layer, and no other', () => {
    const assembly = explainedAfter('overlay2-buildkit', 'shop:2', (root, _model, { layers }) =>
      writeFileSync(layerFile(root, layers[3], 'parent'), `sha256:${'5'.repeat(64)}`),
    )
    expect(crossed(assembly)).toEqual(['Layer 4 of 7: chain ID and record: parent is the chain ID below'])
  })

  it('a record that is gone, and a cache-id that climbs: neither is followed, the rest is told', () => {
    for (const damage of [
      (path: string) => rmSync(path),
      (path: string) => writeFileSync(path, '../../../../etc'),
    ]) {
      const assembly = explainedAfter('overlay2-buildkit', 'shop:2', (root, _model, { layers }) =>
        damage(layerFile(root, layers[1], 'cache-id')),
      )
      expect(stopped(assembly).map((text) => text.split(':')[0])).toEqual([
        'Layer 2 of 7',
        'The directory of layer 2',
      ])
      expect(crossed(assembly)).toEqual([])
      expect(assembly.steps.flatMap(({ files }) => files).filter((path) => path.includes('..'))).toEqual([])
    }
  })

  it('a lower file that is cut: that directory and what stands on it', () => {
    const assembly = explainedAfter('overlay2-buildkit', 'shop:2', (root, model, { layers }) => {
      const top = model.layers.find(({ id }) => id === layers.at(-1))
      truncateSync(join(root, top?.path ?? '', 'lower'), 30)
    })
    expect(crossed(assembly).map((text) => text.split(':')[0])).toEqual([
      'The directory of layer 7',
      'The mount',
    ])
  })

  it('a short link that is gone, and a fifo where the link file was', () => {
    const gone = explainedAfter('overlay2-buildkit', 'base:1', (root, model, { layers }) => {
      const path = model.layers.find(({ id }) => id === layers.at(-1))?.path ?? ''
      rmSync(join(root, 'overlay2/l', readFileSync(join(root, path, 'link'), 'utf8')))
    })
    expect(crossed(gone).map((text) => text.split(':')[0])).toEqual(['The directory of layer 1'])
    const fifo = explainedAfter('overlay2-buildkit', 'base:1', (root, model, { layers }) => {
      const path = model.layers.find(({ id }) => id === layers.at(-1))?.path ?? ''
      rmSync(join(root, path, 'link'))
      execFileSync('mkfifo', [join(root, path, 'link')])
    })
    expect(stopped(fifo)).toEqual([expect.stringMatching(/link holds no short name/)])
  })

  it('a legacy layer list that lost a line', () => {
    const assembly = explainedAfter('legacy-aufs', 'tiny:latest', (root, _model, { id }) =>
      writeFileSync(join(root, 'aufs/layers', id), `${'5'.repeat(64)}\n`),
    )
    expect(crossed(assembly)).toEqual([
      expect.stringMatching(/^The directory of layer \d+: they are the parents/),
    ])
  })
})

describe('what the scan could not read is still found', () => {
  it('an image by its tag and its id, a container by its id', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      const before = modelOf(root)
      const image = before.images.find(({ tags }) => tags.includes('shop:2'))
      const container = before.containers.find(({ name }) => name === 'reader')
      const id = image?.id ?? ''
      truncateSync(join(root, STORE, 'imagedb/content/sha256', id.slice(7)), 100)
      truncateSync(join(root, 'containers', container?.id ?? '', 'config.v2.json'))
      const model = modelOf(root)
      const tree = openTree(root, false)
      if (tree === null) throw new Error('the copy is gone')
      const find = (query: string) => findUnread(tree, model, root, query)
      for (const query of ['shop:2', id, id.slice(7, 19)])
        expect(find(query)?.subject).toEqual({ kind: 'image', id })
      const wanted = find(container?.id.slice(0, 12) ?? '')
      expect(wanted?.subject).toEqual({ kind: 'container', id: container?.id })
      const assembly = wanted === null ? null : assemblyOf(model, root, wanted)
      expect(assembly?.steps[0]?.problem).toMatch(/config\.v2\.json is empty\.$/)
      expect(assembly?.steps.at(-1)?.title).toBe('The mount')
      expect(assembly?.steps.at(-1)?.checks.map(({ ok }) => ok)).toEqual([true])
      expect(find('nothing:here')).toBeNull()
    } finally {
      dispose()
    }
  })
})
