import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import { copyOfFixture, type FixtureName, fixtureRoot } from '../support/fixtures.ts'

function verified(root: string, how: 'lists' | 'deep') {
  const { model, surveys } = scan([root], { measure: false, verify: how })
  const found = model.findings.filter(
    ({ code }) => code === 'layer-content-changed' || code === 'tar-split-damaged',
  )
  return { counts: surveys[0]?.verified, messages: found.map((finding) => finding.message), model }
}

describe.each(['overlay2-buildkit', 'overlay-layerdb', 'vfs-layerdb', 'legacy-aufs'] as const)(
  '%s',
  (name: FixtureName) => {
    it('is intact: every layer rebuilt from its files hashes to its diff ID', () => {
      const { counts, messages } = verified(fixtureRoot(name), 'deep')
      expect(messages).toEqual([])
      expect(counts?.layers).toBeGreaterThan(3)
      expect(counts?.bytes).toBeGreaterThan(0)
    })
  },
)

describe('a layer that was changed after it was made', () => {
  const cases: readonly {
    what: string
    change: (file: string) => void
    lists: RegExp | null
    deep: RegExp
  }[] = [
    { what: 'a file gone', change: (file) => rmSync(file), lists: /is missing/, deep: /is missing/ },
    {
      what: 'a file cut short',
      change: (file) => truncateSync(file, 1),
      lists: /has 1 bytes instead of \d+/,
      deep: /has 1 bytes instead of \d+/,
    },
    {
      what: 'a link in the place of a file',
      change: (file) => {
        rmSync(file)
        symlinkSync('/etc/passwd', file)
      },
      lists: /no regular file any more/,
      deep: /no regular file any more/,
    },
    {
      what: 'other content of the same length',
      change: (file) => writeFileSync(file, 'X'.repeat(verifiedSize)),
      lists: null,
      deep: /has other content \(its checksum differs\)/,
    },
  ]

  // bk/scratch has one layer with one small file of a known length.
  const { model } = scan([fixtureRoot('overlay2-buildkit')], { measure: false })
  const image = model.images.find((each) => each.tags.includes('bk/scratch:latest'))
  const layer = model.layers.find((each) => each.id === image?.layers[0])
  const verifiedSize = layer?.recordedBytes ?? 0

  it.each(cases)('$what', ({ change, lists, deep }) => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      change(onlyFile(join(root, layer?.path ?? '', 'diff')))
      const quick = verified(root, 'lists').messages.join('\n')
      if (lists === null) expect(quick).toBe('')
      else expect(quick).toMatch(lists)
      expect(verified(root, 'deep').messages.join('\n')).toMatch(deep)
    } finally {
      dispose()
    }
  })

  it('a link in the place of the whole layer, which is not followed even to the very same files', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      const files = join(root, layer?.path ?? '', 'diff')
      renameSync(files, `${root}-elsewhere`)
      symlinkSync(`${root}-elsewhere`, files)
      expect(verified(root, 'deep').messages.join('\n')).toMatch(/is missing/)
    } finally {
      dispose()
    }
  })

  it('a list that is no regular file', () => {
    const { root, dispose } = copyOfFixture('legacy-aufs')
    try {
      const list = readdirSync(join(root, 'graph'))
        .map((id) => join(root, 'graph', id, 'tar-data.json.gz'))
        .find((path) => existsSync(path))
      rmSync(list ?? '')
      mkdirSync(list ?? '')
      const { model } = verified(root, 'lists')
      const found = model.findings.filter(({ code }) => code === 'not-a-regular-file')
      expect(found.map(({ path }) => join(root, path ?? ''))).toContain(list)
    } finally {
      dispose()
    }
  })

  it('a list cut short', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      const list = join(root, `image/overlay2/layerdb/sha256/${layer?.id.slice(7)}/tar-split.json.gz`)
      truncateSync(list, 40)
      expect(verified(root, 'lists').messages.join('\n')).toMatch(
        /^The file list of layer \S+, image\S+\.json\.gz, cannot be used: the stream is cut off after line \d+\. .* docker save, push and commit/s,
      )
    } finally {
      dispose()
    }
  })
})

function onlyFile(directory: string): string {
  const [file] = execFileSync('find', [directory, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n')
  if (!file) throw new Error(`no file in ${directory}`)
  return file
}
