import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Report, ReportOrphan } from '../../../src/report/schema.ts'
import { copyOfFixture, fixtureRoot } from '../../support/fixtures.ts'
import { reportOf } from '../../support/scan-fixture.ts'

const LONG_AGO = new Date('2024-01-01T00:00:00Z')

/** A directory with a file of some size, made long ago, so that it needs no second look. */
function plant(
  root: string,
  path: string,
  files: Readonly<Record<string, string>> = { 'diff/file': 'x'.repeat(5000) },
): void {
  mkdirSync(join(root, path), { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    const at = join(root, path, name)
    mkdirSync(join(at, '..'), { recursive: true })
    writeFileSync(at, content)
  }
  utimesSync(join(root, path), LONG_AGO, LONG_AGO)
}

const hex = (digit: string): string => digit.repeat(64)

const LINK = 'A'.repeat(26)

interface Case {
  readonly what: string
  readonly plant: (root: string, healthy: Report) => void
  /** The paths that have to be named, with their kinds. */
  readonly named: Readonly<Record<string, ReportOrphan['kind']>>
  readonly says: RegExp
}

const CASES: readonly Case[] = [
  {
    what: 'an orphan directory with its link',
    plant: (root) => {
      plant(root, `overlay2/${hex('a')}`, { 'diff/file': 'x'.repeat(5000), link: LINK })
      symlinkSync(`../${hex('a')}/diff`, join(root, `overlay2/l/${LINK}`))
    },
    named: { [`overlay2/${hex('a')}`]: 'orphan' },
    says: /no layer, container or cache record claims/,
  },
  {
    what: 'an orphan directory without a link',
    plant: (root) => plant(root, `overlay2/${hex('b')}`),
    named: { [`overlay2/${hex('b')}`]: 'orphan' },
    says: /no layer, container or cache record claims/,
  },
  {
    what: 'a directory with a name such as BuildKit gives',
    plant: (root) => plant(root, 'overlay2/abcdefghij0123456789klmno'),
    named: { 'overlay2/abcdefghij0123456789klmno': 'orphan' },
    says: /no cache record has it/,
  },
  {
    what: 'an init layer without a container',
    plant: (root) => plant(root, `overlay2/${hex('c')}-init`),
    named: { [`overlay2/${hex('c')}-init`]: 'orphan' },
    says: /no container has it/,
  },
  {
    what: 'an empty directory',
    plant: (root) => plant(root, `overlay2/${hex('d')}`, {}),
    named: { [`overlay2/${hex('d')}`]: 'orphan' },
    says: /no layer, container or cache record claims/,
  },
  {
    what: 'a layer whose removal began',
    plant: (root, healthy) => {
      const layer = healthy.images.find((image) => image.tags.includes('shop:2'))?.layers.at(-1) ?? ''
      renameSync(
        join(root, `image/overlay2/layerdb/sha256/${layer.slice(7)}`),
        join(root, `image/overlay2/layerdb/sha256/${layer.slice(7)}-${hex('e')}-removing`),
      )
    },
    named: {},
    says: /the removal of this layer began/,
  },
  {
    what: 'a dead link',
    plant: (root) => symlinkSync(`../${hex('f')}/diff`, join(root, `overlay2/l/${LINK}`)),
    named: { [`overlay2/l/${LINK}`]: 'orphan' },
    says: /a short link to overlay2\/f+, which is gone/,
  },
  {
    what: 'a plain file among the links',
    plant: (root) => writeFileSync(join(root, 'overlay2/l/note'), 'x'),
    named: { 'overlay2/l/note': 'orphan' },
    says: /where only short links belong/,
  },
  {
    what: 'a transaction that did not end',
    plant: (root) => plant(root, 'image/overlay2/layerdb/tmp/write-set-123456', { diff: 'x' }),
    named: { 'image/overlay2/layerdb/tmp/write-set-123456': 'leftover' },
    says: /being registered/,
  },
  {
    what: 'a pull that did not end',
    plant: (root) => writeFileSync(join(root, 'tmp/GetImageBlob123'), 'x'.repeat(9000)),
    named: { 'tmp/GetImageBlob123': 'leftover' },
    says: /being pulled/,
  },
  {
    what: 'a volume directory without a row',
    plant: (root) => plant(root, 'volumes/forgotten', { '_data/file': 'x'.repeat(7000) }),
    named: { 'volumes/forgotten': 'orphan' },
    says: /without a row in the volume database/,
  },
  {
    what: 'a container directory without a config',
    plant: (root) => plant(root, `containers/${hex('1')}`, { hostname: 'x' }),
    named: { [`containers/${hex('1')}`]: 'orphan' },
    says: /a container directory without a config/,
  },
  {
    what: 'a mount without a container',
    plant: (root) => {
      plant(root, `image/overlay2/layerdb/mounts/${hex('2')}`, {
        'mount-id': hex('3'),
        'init-id': `${hex('3')}-init`,
      })
      plant(root, `overlay2/${hex('3')}`)
      plant(root, `overlay2/${hex('3')}-init`)
    },
    named: {
      [`image/overlay2/layerdb/mounts/${hex('2')}`]: 'orphan',
      [`overlay2/${hex('3')}`]: 'orphan',
      [`overlay2/${hex('3')}-init`]: 'orphan',
    },
    says: /of which no container is there/,
  },
  {
    what: "another driver's remains",
    plant: (root) => plant(root, 'aufs/diff', { [`${hex('4')}/file`]: 'x'.repeat(9000) }),
    named: { aufs: 'hidden' },
    says: /storage driver aufs; no image store of it/,
  },
  {
    what: 'a special name at the top of a driver',
    plant: (root) => writeFileSync(join(root, 'overlay2/core.1234'), 'x'.repeat(9000)),
    named: { 'overlay2/core.1234': 'orphan' },
    says: /a file that no layer/,
  },
]

describe('what has no owner is named, with its kind', () => {
  const healthy = reportOf(fixtureRoot('overlay2-buildkit'))

  it.each(CASES)('$what', ({ plant: damage, named, says }) => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      damage(root, healthy)
      const { orphans, ledger } = reportOf(root)
      expect(Object.fromEntries(Object.keys(named).map((path) => [path, kindAt(orphans, path)]))).toEqual(
        named,
      )
      expect(orphans.map((orphan) => orphan.reason).join('\n')).toMatch(says)
      const planted = orphans.filter((orphan) => orphan.path in named)
      for (const orphan of planted)
        if (orphan.kind === 'orphan') expect(orphan.searched.length).toBeGreaterThanOrEqual(0)
      if (Object.keys(named).length > 0) expect(orphans.length).toBe(Object.keys(named).length)
      expect(ledger.entries.reduce((sum, entry) => sum + entry.disk, 0)).toBe(ledger.total.disk)
    } finally {
      dispose()
    }
  })

  const kindAt = (orphans: readonly ReportOrphan[], path: string): string | undefined =>
    orphans.find((orphan) => orphan.path === path)?.kind

  it('names a removal that began together with its files', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      const layer = healthy.images.find((image) => image.tags.includes('shop:2'))?.layers.at(-1) ?? ''
      const directory = `image/overlay2/layerdb/sha256/${layer.slice(7)}`
      const cacheId = readFileSync(join(root, directory, 'cache-id'), 'utf8')
      renameSync(join(root, directory), join(root, `${directory}-${hex('e')}-removing`))
      const leftovers = reportOf(root).orphans.filter((orphan) => orphan.kind === 'leftover')
      expect(leftovers.map((orphan) => orphan.path)).toEqual([
        `${directory}-${hex('e')}-removing`,
        `overlay2/${cacheId}`,
      ])
    } finally {
      dispose()
    }
  })
})

describe('certainty', () => {
  it('is proven for old data at rest, and likely for what is only minutes old', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      plant(root, `overlay2/${hex('a')}`)
      mkdirSync(join(root, `overlay2/${hex('b')}`))
      const certainty = Object.fromEntries(
        reportOf(root).orphans.map((orphan) => [orphan.path, orphan.certainty]),
      )
      expect(certainty).toEqual({ [`overlay2/${hex('a')}`]: 'proven', [`overlay2/${hex('b')}`]: 'likely' })
    } finally {
      dispose()
    }
  })
})

describe('what cannot be read makes an owner unknown, not absent', () => {
  const cases: readonly { what: string; hide: (root: string) => void; path: string }[] = [
    {
      what: 'a layer record',
      hide: (root) => {
        const records = join(root, 'image/overlay2/layerdb/sha256')
        const [first = ''] = readdirSync(records)
        writeFileSync(join(records, first, 'cache-id'), '')
      },
      path: `overlay2/${hex('a')}`,
    },
    {
      what: 'a mount record',
      hide: (root) => {
        const mounts = join(root, 'image/overlay2/layerdb/mounts')
        const [first = ''] = readdirSync(mounts)
        writeFileSync(join(mounts, first, 'mount-id'), '')
      },
      path: `overlay2/${hex('a')}`,
    },
    {
      what: "BuildKit's snapshot map",
      hide: (root) => writeFileSync(join(root, 'buildkit/snapshots.db'), ''),
      path: 'overlay2/abcdefghij0123456789klmno',
    },
    {
      what: "BuildKit's records",
      hide: (root) => rmSync(join(root, 'buildkit/metadata_v2.db')),
      path: 'overlay2/abcdefghij0123456789klmno',
    },
  ]

  it.each(cases)('$what', ({ hide, path }) => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      plant(root, path)
      hide(root)
      const { orphans, unjudged, ledger } = reportOf(root)
      expect(orphans.filter((orphan) => orphan.kind === 'orphan').map((orphan) => orphan.path)).not.toContain(
        path,
      )
      expect(unjudged.map((each) => each.path)).toContain(path)
      expect(ledger.entries.find((entry) => entry.category === 'orphans')).toBeUndefined()
    } finally {
      dispose()
    }
  })
})

describe.each(['overlay2-buildkit', 'overlay-layerdb', 'vfs-layerdb', 'legacy-aufs', 'legacy-vfs'] as const)(
  '%s',
  (name) => {
    it('has nothing without an owner: no orphan is invented', () => {
      const { orphans, unjudged } = reportOf(fixtureRoot(name))
      expect(orphans).toEqual([])
      expect(unjudged).toEqual([])
    })
  },
)
