import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FindingCode } from '../../src/model/findings.ts'
import type { Report, ReportFinding, ReportImage } from '../../src/report/schema.ts'
import { copyOfFixture, type FixtureName, fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const R = 'image/overlay2'

interface Case {
  readonly what: string
  readonly fixture?: FixtureName
  damage(root: string, healthy: Report): void
  readonly code: FindingCode
  /** Whether the report has to call itself incomplete. */
  readonly incomplete: boolean
  /** Part of the sentence that a reader gets. */
  readonly says: RegExp
  check?(damaged: Report, healthy: Report): void
}

const tagged = (report: Report, tag: string): ReportImage => {
  const image = report.images.find((each) => each.tags.includes(tag))
  if (image === undefined) throw new Error(`the fixture has no image ${tag}`)
  return image
}

const named = (report: Report, name: string) => {
  const container = report.containers.find((each) => each.name === name)
  if (container === undefined) throw new Error(`the fixture has no container ${name}`)
  return container
}

const hex = (id: string | null | undefined): string => (id ?? '').replace('sha256:', '')

const layerOf = (report: Report, tag: string): string => hex(tagged(report, tag).layers.at(-1))

const layerFile = (report: Report, tag: string, file: string): string =>
  `${R}/layerdb/sha256/${layerOf(report, tag)}/${file}`

const directoryOf = (report: Report, tag: string): string => {
  const path = report.layers.find((layer) => hex(layer.id) === layerOf(report, tag))?.path
  if (!path) throw new Error(`no directory for ${tag}`)
  return path
}

const write = (root: string, path: string, content: string | Buffer): void => {
  chmodSync(root, 0o755)
  writeFileSync(join(root, path), content)
}

const nul = (root: string, path: string): void =>
  write(root, path, Buffer.alloc(statSync(join(root, path)).size))

const notLoaded =
  (tag: string) =>
  (damaged: Report): void =>
    expect(tagged(damaged, tag).loaded).toBe(false)

const fifo = (root: string, path: string): void => {
  rmSync(join(root, path), { recursive: true, force: true })
  execFileSync('mkfifo', [join(root, path)])
}

const CASES: readonly Case[] = [
  {
    what: 'an empty tag file',
    damage: (root) => write(root, `${R}/repositories.json`, ''),
    code: 'repositories-damaged',
    incomplete: true,
    says: /is empty.*not known to be dangling.*refuses to start/s,
    check: (damaged) => {
      expect(damaged.images.some((image) => image.dangling || image.intermediate)).toBe(false)
    },
  },
  {
    what: 'a tag file cut off in the middle',
    damage: (root) => truncateSync(join(root, `${R}/repositories.json`), 100),
    code: 'repositories-damaged',
    incomplete: true,
    says: /cut off/,
  },
  {
    what: 'a tag file full of NUL bytes',
    damage: (root) => nul(root, `${R}/repositories.json`),
    code: 'repositories-damaged',
    incomplete: true,
    says: /NUL bytes, as a power loss/,
  },
  {
    what: 'a missing tag file',
    damage: (root) => rmSync(join(root, `${R}/repositories.json`)),
    code: 'repositories-missing',
    incomplete: true,
    says: /every image becomes <none>/,
  },
  {
    what: 'a tag that leads to no image',
    damage: (root) =>
      write(
        root,
        `${R}/repositories.json`,
        JSON.stringify({ Repositories: { gone: { 'gone:1': `sha256:${'0'.repeat(64)}` } } }),
      ),
    code: 'reference-dangling',
    incomplete: false,
    says: /gone:1 leads to image sha256:0000/,
  },
  {
    what: 'an image config that is empty',
    damage: (root, healthy) =>
      write(root, `${R}/imagedb/content/sha256/${hex(tagged(healthy, 'shop:2').id)}`, ''),
    code: 'image-config-damaged',
    incomplete: true,
    says: /is empty.*does not list this image/s,
    check: (damaged, healthy) => {
      expect(damaged.findings.filter((finding) => finding.code === 'layer-unreferenced')).toEqual([])
      expect(damaged.layers.length).toBe(healthy.layers.length)
    },
  },
  {
    what: 'an image config whose bytes were altered',
    damage: (root, healthy) =>
      appendFileSync(join(root, `${R}/imagedb/content/sha256/${hex(tagged(healthy, 'shop:2').id)}`), ' '),
    code: 'image-config-damaged',
    incomplete: true,
    says: /was altered: its bytes have sha256 [0-9a-f]{64}/,
  },
  {
    what: 'an image config of NUL bytes',
    damage: (root, healthy) => nul(root, `${R}/imagedb/content/sha256/${hex(tagged(healthy, 'shop:2').id)}`),
    code: 'image-config-damaged',
    incomplete: true,
    says: /NUL bytes/,
  },
  {
    what: 'an image parent that is no digest',
    damage: (root, healthy) =>
      write(root, `${R}/imagedb/metadata/sha256/${hex(tagged(healthy, 'shop:2').id)}/parent`, 'nonsense'),
    code: 'image-metadata-damaged',
    incomplete: true,
    says: /file parent of image .* does not hold a sha256 digest/,
  },
  ...(['size', 'diff', 'cache-id'] as const).map(
    (file): Case => ({
      what: `a layer whose ${file} is empty`,
      damage: (root, healthy) => write(root, layerFile(healthy, 'shop:2', file), ''),
      code: 'layer-damaged',
      incomplete: true,
      says: new RegExp(`file ${file} of layer .* is empty`),
      check: notLoaded('shop:2'),
    }),
  ),
  {
    what: 'a time of NUL bytes at which an image was tagged',
    damage: (root, healthy) =>
      write(
        root,
        `${R}/imagedb/metadata/sha256/${hex(tagged(healthy, 'shop:2').id)}/lastUpdated`,
        '\0'.repeat(30),
      ),
    code: 'image-metadata-damaged',
    incomplete: true,
    says: /lastUpdated of image .* unknown when/,
    check: (damaged) => expect(tagged(damaged, 'shop:2').lastUpdated).toBeNull(),
  },
  {
    what: 'a layer whose size ends in a newline, which dockerd rejects',
    damage: (root, healthy) => write(root, layerFile(healthy, 'shop:2', 'size'), '12\n'),
    code: 'layer-damaged',
    incomplete: true,
    says: /does not hold a number/,
    check: notLoaded('shop:2'),
  },
  {
    what: 'an image that needs a layer whose record is gone',
    damage: (root, healthy) =>
      rmSync(join(root, `${R}/layerdb/sha256/${layerOf(healthy, 'shop:2')}`), { recursive: true }),
    code: 'image-layer-missing',
    incomplete: false,
    says: /needs layer sha256:[0-9a-f]{64}, which is missing or damaged/,
    check: notLoaded('shop:2'),
  },
  {
    what: 'a layer whose parent is gone',
    damage: (root, healthy) =>
      rmSync(join(root, `${R}/layerdb/sha256/${layerOf(healthy, 'base:1')}`), { recursive: true }),
    code: 'layer-parent-missing',
    incomplete: false,
    says: /chain is broken here/,
    check: notLoaded('shop:2'),
  },
  {
    what: 'layers whose parents run in a circle',
    damage: (root, healthy) =>
      write(root, layerFile(healthy, 'base:1', 'parent'), `sha256:${layerOf(healthy, 'shop:2')}`),
    code: 'layer-cycle',
    incomplete: false,
    says: /run in a circle.*overflows its stack/s,
    check: notLoaded('shop:2'),
  },
  {
    what: 'a layer that is its own parent',
    damage: (root, healthy) =>
      write(root, layerFile(healthy, 'base:1', 'parent'), `sha256:${layerOf(healthy, 'base:1')}`),
    code: 'layer-cycle',
    incomplete: false,
    says: /The parents of this layer run in a circle/,
  },
  {
    what: 'a layer directory whose name does not follow from its files',
    damage: (root, healthy) => write(root, layerFile(healthy, 'shop:2', 'diff'), `sha256:${'1'.repeat(64)}`),
    code: 'chain-id-mismatch',
    incomplete: false,
    says: /parent and diff give sha256:[0-9a-f]{64}/,
  },
  {
    what: 'two layers that name one directory',
    damage: (root, healthy) =>
      write(
        root,
        layerFile(healthy, 'shop:2', 'cache-id'),
        readFileSync(join(root, layerFile(healthy, 'base:1', 'cache-id')), 'utf8'),
      ),
    code: 'layer-data-shared',
    incomplete: false,
    says: /^The layers (sha256:[0-9a-f]{64}) and (?!\1)sha256:[0-9a-f]{64} name the same directory, overlay2\/[0-9a-f]{64}:/,
    check: (damaged, healthy) => {
      const found = damaged.findings.find(({ code }) => code === 'layer-data-shared')
      expect(found?.severity).toBe('error')
      for (const tag of ['shop:2', 'base:1']) expect(found?.message).toContain(layerOf(healthy, tag))
    },
  },
  {
    what: 'a layer whose files are gone',
    damage: (root, healthy) => rmSync(join(root, directoryOf(healthy, 'shop:2')), { recursive: true }),
    code: 'layer-data-missing',
    incomplete: false,
    says: /files of layer .* are gone.*lists the images on this layer with their full size/s,
    check: (damaged, healthy) => {
      const [now, before] = [tagged(damaged, 'shop:2'), tagged(healthy, 'shop:2')]
      expect(now.loaded).toBe(true)
      expect(now.size.engine).toBe(before.size.engine)
      expect(now.size.disk).toBeLessThan(before.size.disk ?? 0)
    },
  },
  {
    what: 'an empty link file',
    damage: (root, healthy) => write(root, `${directoryOf(healthy, 'shop:2')}/link`, ''),
    code: 'overlay-link-damaged',
    incomplete: true,
    says: /link is empty.*does not start/s,
  },
  {
    what: 'an empty lower file',
    damage: (root, healthy) => write(root, `${directoryOf(healthy, 'shop:2')}/lower`, ''),
    code: 'overlay-lower-damaged',
    incomplete: true,
    says: /lists the layers below, is empty/,
  },
  {
    what: 'a lower file that ends in a colon',
    damage: (root, healthy) => appendFileSync(join(root, `${directoryOf(healthy, 'shop:2')}/lower`), ':'),
    code: 'overlay-lower-damaged',
    incomplete: true,
    says: /does not hold short links/,
  },
  {
    what: 'a lower file that lists another ancestry',
    damage: (root, healthy) => {
      const path = `${directoryOf(healthy, 'shop:2')}/lower`
      const parts = readFileSync(join(root, path), 'utf8').split(':')
      write(root, path, parts.slice(1).join(':') || `l/${'A'.repeat(26)}`)
    },
    code: 'overlay-lower-mismatch',
    incomplete: false,
    says: /does not list the ancestry that the records give/,
  },
  {
    what: 'a lower file that names a place of the host',
    damage: (root, healthy) => write(root, `${directoryOf(healthy, 'shop:2')}/lower`, 'l/../../../../etc'),
    code: 'unsafe-name',
    incomplete: true,
    says: /names a place outside the layer directories/,
  },
  {
    what: 'a missing short link',
    damage: (root, healthy) => {
      const link = readFileSync(join(root, `${directoryOf(healthy, 'shop:2')}/link`), 'utf8')
      rmSync(join(root, `overlay2/l/${link}`))
    },
    code: 'overlay-link-missing',
    incomplete: false,
    says: /short link .* is missing/,
  },
  {
    what: 'a short link to nowhere',
    damage: (root) => symlinkSync('../gone/diff', join(root, `overlay2/l/${'A'.repeat(26)}`)),
    code: 'overlay-link-stale',
    incomplete: false,
    says: /1 short link leads to directories that are gone/,
  },
  {
    what: 'a short link out of the store',
    damage: (root) => symlinkSync('../../../../etc', join(root, `overlay2/l/${'A'.repeat(26)}`)),
    code: 'unsafe-name',
    incomplete: true,
    says: /not followed here/,
  },
  {
    what: 'two directories with one short link',
    damage: (root, healthy) => {
      const link = readFileSync(join(root, `${directoryOf(healthy, 'base:1')}/link`), 'utf8')
      write(root, `${directoryOf(healthy, 'shop:2')}/link`, link)
    },
    code: 'overlay-link-duplicate',
    incomplete: false,
    says: /both claim the short link/,
  },
  {
    what: 'an empty tar-split',
    damage: (root, healthy) => write(root, layerFile(healthy, 'shop:2', 'tar-split.json.gz'), ''),
    code: 'tar-split-damaged',
    incomplete: false,
    says: /docker save, push and commit .* fail/,
  },
  {
    what: 'a writable layer whose mount-id is empty',
    damage: (root, healthy) => write(root, `${R}/layerdb/mounts/${named(healthy, 'writer').id}/mount-id`, ''),
    code: 'mount-damaged',
    incomplete: true,
    says: /mount-id of the writable layer .* is empty.*does not list this container/s,
    check: (damaged) => expect(named(damaged, 'writer').loaded).toBe(false),
  },
  {
    what: 'a container without a record of its writable layer',
    damage: (root, healthy) =>
      rmSync(join(root, `${R}/layerdb/mounts/${named(healthy, 'writer').id}`), { recursive: true }),
    code: 'container-mount-missing',
    incomplete: false,
    says: /no record of its writable layer/,
    check: (damaged) => expect(named(damaged, 'writer').loaded).toBe(false),
  },
  ...(
    [
      ['empty', (root: string, path: string) => write(root, path, ''), /is empty/],
      ['cut off', (root: string, path: string) => truncateSync(join(root, path), 60), /cut off/],
      ['full of NUL bytes', nul, /NUL bytes/],
    ] as const
  ).map(
    ([how, damage, says]): Case => ({
      what: `a container config that is ${how}`,
      damage: (root, healthy) => damage(root, `containers/${named(healthy, 'writer').id}/config.v2.json`),
      code: 'container-config-damaged',
      incomplete: true,
      says,
      check: (damaged) => {
        expect(damaged.containers.some((container) => container.name === 'writer')).toBe(false)
        expect(damaged.findings.some((finding) => /possibly in use/.test(finding.message))).toBe(true)
      },
    }),
  ),
  {
    what: 'a container config with another ID',
    damage: (root, healthy) => {
      const path = `containers/${named(healthy, 'writer').id}/config.v2.json`
      const config = readFileSync(join(root, path), 'utf8')
      write(root, path, config.replace(`"ID":"${named(healthy, 'writer').id}"`, `"ID":"${'f'.repeat(64)}"`))
    },
    code: 'container-id-mismatch',
    incomplete: false,
    says: /engine refuses this container/,
    check: (damaged, healthy) => {
      const id = named(healthy, 'writer').id
      expect(damaged.containers.find((container) => container.id === id)?.loaded).toBe(false)
    },
  },
  {
    what: 'a container without hostconfig.json',
    damage: (root, healthy) =>
      rmSync(join(root, `containers/${named(healthy, 'writer').id}/hostconfig.json`)),
    code: 'container-hostconfig-damaged',
    incomplete: true,
    says: /still lists the container/,
    check: (damaged) => expect(named(damaged, 'writer').loaded).toBe(true),
  },
  {
    what: 'a writable layer whose container directory is gone',
    damage: (root, healthy) =>
      rmSync(join(root, `containers/${named(healthy, 'writer').id}`), { recursive: true }),
    code: 'mount-without-container',
    incomplete: false,
    says: /has no container: its files in overlay2\/[0-9a-f]{64} are never cleaned/,
  },
  {
    what: 'a container whose image is gone',
    damage: (root, healthy) => {
      const id = hex(named(healthy, 'writer').image)
      rmSync(join(root, `${R}/imagedb/content/sha256/${id}`))
    },
    code: 'container-image-missing',
    incomplete: false,
    says: /which is gone\. Its layers stay/,
  },
  {
    what: 'a container whose image cannot be read',
    damage: (root, healthy) =>
      write(root, `${R}/imagedb/content/sha256/${hex(named(healthy, 'writer').image)}`, '{}'),
    code: 'container-image-missing',
    incomplete: true,
    says: /which is there but cannot be read\. Its layers stay/,
  },
  {
    what: 'two containers of one name',
    damage: (root, healthy) => {
      const path = `containers/${named(healthy, 'failed').id}/config.v2.json`
      write(root, path, readFileSync(join(root, path), 'utf8').replace('"/failed"', '"/writer"'))
    },
    code: 'container-name-duplicate',
    incomplete: false,
    says: /have the same name, writer/,
  },
  {
    what: 'a layer whose removal began',
    damage: (root, healthy) => {
      const id = layerOf(healthy, 'shop:2')
      renameSync(
        join(root, `${R}/layerdb/sha256/${id}`),
        join(root, `${R}/layerdb/sha256/${id}-${'a'.repeat(64)}-removing`),
      )
    },
    code: 'layer-removing',
    incomplete: false,
    says: /removal of layer .* began and did not end \(its files are in overlay2\//,
  },
  {
    what: 'a transaction that did not end',
    damage: (root) => mkdirSync(join(root, `${R}/layerdb/tmp/write-set-123`)),
    code: 'leftover-temporary',
    incomplete: false,
    says: /write-set-123: a layer that was being registered/,
  },
  {
    what: 'a pull that did not end',
    damage: (root) => write(root, 'tmp/GetImageBlob123', 'half'),
    code: 'leftover-temporary',
    incomplete: false,
    says: /tmp\/GetImageBlob123 is a layer that was being pulled/,
  },
  {
    what: 'a layer that nothing uses',
    damage: (root, healthy) => {
      const image = tagged(healthy, 'imported:1')
      rmSync(join(root, `${R}/imagedb/content/sha256/${hex(image.id)}`))
    },
    code: 'layer-unreferenced',
    incomplete: false,
    says: /used by no image, container, cache record or other layer/,
  },
  {
    what: 'a cache-id that climbs out of the store',
    damage: (root, healthy) =>
      write(root, layerFile(healthy, 'shop:2', 'cache-id'), '../../../../../../../../../etc'),
    code: 'unsafe-name',
    incomplete: true,
    says: /would delete \/etc of this host when it removes this layer/,
    check: (damaged) => {
      expect(damaged.findings.some((finding) => /Run no prune/.test(finding.hint ?? ''))).toBe(true)
      expect(damaged.layers.some((layer) => layer.path?.includes('..'))).toBe(false)
    },
  },
  {
    what: 'a mount-id that climbs out of the store',
    damage: (root, healthy) =>
      write(root, `${R}/layerdb/mounts/${named(healthy, 'writer').id}/mount-id`, '../../../etc'),
    code: 'unsafe-name',
    incomplete: true,
    says: /when it removes this container \(docker rm/,
  },
  {
    what: 'an init-id that climbs out of the store',
    damage: (root, healthy) =>
      write(root, `${R}/layerdb/mounts/${named(healthy, 'writer').id}/init-id`, '../../../etc'),
    code: 'unsafe-name',
    incomplete: true,
    says: /when it removes this container \(docker rm/,
    check: (damaged) => expect(named(damaged, 'writer').loaded).toBe(false),
  },
  {
    what: 'a log path outside the container',
    damage: (root, healthy) => {
      const path = `containers/${named(healthy, 'writer').id}/config.v2.json`
      const config = readFileSync(join(root, path), 'utf8')
      write(root, path, config.replace(/"LogPath":"[^"]*"/, '"LogPath":"/etc/passwd"'))
    },
    code: 'unsafe-name',
    incomplete: true,
    says: /records its log at "\/etc\/passwd"/,
  },
  {
    what: 'a volume name that is a path',
    damage: (root, healthy) => {
      const path = `containers/${named(healthy, 'filler').id}/config.v2.json`
      const config = readFileSync(join(root, path), 'utf8')
      write(root, path, config.replace('"Name":"data"', '"Name":"../../etc"'))
    },
    code: 'unsafe-name',
    incomplete: true,
    says: /names a volume "\.\.\/\.\.\/etc"/,
  },
  {
    what: 'a fifo for an image config',
    damage: (root, healthy) => fifo(root, `${R}/imagedb/content/sha256/${hex(tagged(healthy, 'shop:2').id)}`),
    code: 'not-a-regular-file',
    incomplete: true,
    says: /is a fifo, not a regular file/,
  },
  {
    what: 'a directory for the tag file',
    damage: (root) => {
      rmSync(join(root, `${R}/repositories.json`))
      mkdirSync(join(root, `${R}/repositories.json`))
    },
    code: 'not-a-regular-file',
    incomplete: true,
    says: /is a directory, not a regular file/,
  },
  {
    what: 'a link for the layer database',
    damage: (root) => {
      renameSync(join(root, `${R}/layerdb`), join(root, 'elsewhere'))
      symlinkSync('../../elsewhere', join(root, `${R}/layerdb`))
    },
    code: 'symlink-not-followed',
    incomplete: true,
    says: /links are not followed/,
  },
  {
    what: 'a link for a container config',
    damage: (root, healthy) => {
      const path = join(root, `containers/${named(healthy, 'writer').id}/config.v2.json`)
      rmSync(path)
      symlinkSync('/etc/passwd', path)
    },
    code: 'symlink-not-followed',
    incomplete: true,
    says: /is a symbolic link/,
  },
  {
    what: 'a tag file of gigabytes',
    damage: (root) => truncateSync(join(root, `${R}/repositories.json`), 5 * 1024 ** 3),
    code: 'file-too-large',
    incomplete: true,
    says: /more than the \d+ allowed here/,
  },
  {
    what: 'an image config nested a hundred thousand deep',
    damage: (root) => write(root, `${R}/repositories.json`, `{"Repositories":${'['.repeat(100_000)}`),
    code: 'repositories-damaged',
    incomplete: true,
    says: /cut off/,
  },
  {
    what: 'a volume database of no bytes',
    damage: (root) => write(root, 'volumes/metadata.db', ''),
    code: 'database-damaged',
    incomplete: true,
    says: /volumes\/metadata\.db cannot be read.*labels and options of the volumes are unknown/s,
    check: (damaged, healthy) => {
      expect(damaged.volumes.map((volume) => volume.name)).toEqual(
        healthy.volumes.map((volume) => volume.name),
      )
    },
  },
  {
    what: 'a volume database cut short',
    damage: (root) => truncateSync(join(root, 'volumes/metadata.db'), 5000),
    code: 'database-damaged',
    incomplete: true,
    says: /labels and options of the volumes are/,
  },
  {
    what: 'a cache database whose pages are gone',
    damage: (root) => truncateSync(join(root, 'buildkit/metadata_v2.db'), 12_288),
    code: 'database-damaged',
    incomplete: true,
    says: /buildkit\/metadata_v2\.db.*the build cache is/s,
    check: (damaged, healthy) => expect(damaged.images.length).toBe(healthy.images.length),
  },
  {
    what: 'volume options that are not JSON',
    damage: (root) => {
      const volume = readdirSync(join(root, 'volumes')).find((name) => !name.startsWith('metadata')) ?? ''
      write(root, `volumes/${volume}/opts.json`, '{"MountType":')
    },
    code: 'volume-options-damaged',
    incomplete: true,
    says: /options of volume .* is cut off/,
  },
  {
    what: 'a volume directory without a row',
    damage: (root) => mkdirSync(join(root, 'volumes/unknown/_data'), { recursive: true }),
    code: 'volume-without-record',
    incomplete: false,
    says: /unknown has a directory but no row/,
  },
  {
    what: 'a row whose volume directory is gone',
    damage: (root) => rmSync(join(root, 'volumes/labelled'), { recursive: true }),
    code: 'volume-record-without-directory',
    incomplete: false,
    says: /lists labelled, whose directory is gone/,
  },
  {
    what: 'a legacy tag file cut off in the middle',
    fixture: 'legacy-aufs',
    damage: (root) => truncateSync(join(root, 'repositories-aufs'), 100),
    code: 'repositories-damaged',
    incomplete: true,
    says: /cut off/,
  },
  {
    what: 'a legacy image without json',
    fixture: 'legacy-aufs',
    damage: (root, healthy) => rmSync(join(root, `graph/${tagged(healthy, 'tiny:latest').id}/json`)),
    code: 'image-config-damaged',
    incomplete: true,
    says: /json of image .* is missing/,
  },
  {
    what: 'a legacy image whose parent is gone',
    fixture: 'legacy-aufs',
    damage: (root, healthy) =>
      rmSync(join(root, `graph/${tagged(healthy, 'tiny:latest').id}`), { recursive: true }),
    code: 'layer-parent-missing',
    incomplete: false,
    says: /size that the engine shows stops at this layer/,
  },
  ...(['image', 'graph'] as const).map(
    (directory): Case => ({
      what: `the whole of ${directory} gone`,
      fixture: directory === 'graph' ? 'legacy-aufs' : 'overlay2-buildkit',
      damage: (root) => rmSync(join(root, directory), { recursive: true }),
      code: 'image-records-missing',
      incomplete: true,
      says: /docker starts with no images at all, and no prune ever frees/,
      check: (damaged, healthy) => {
        expect(damaged.containers.length).toBe(healthy.containers.length)
        // Their files are among those that no store owns any more.
        expect(damaged.orphans.filter(({ kind }) => kind !== 'leftover')).toEqual([])
      },
    }),
  ),
  {
    what: 'a legacy tag file under the name of a copy',
    fixture: 'legacy-aufs',
    damage: (root) => renameSync(join(root, 'repositories-aufs'), join(root, 'repositories-aufs.bak')),
    code: 'repositories-missing',
    incomplete: true,
    says: /every image becomes <none>/,
    check: (damaged, healthy) => {
      expect(damaged.stores.map(({ driver }) => driver)).toEqual(['aufs'])
      expect(damaged.layers.map(({ path }) => path)).toEqual(healthy.layers.map(({ path }) => path))
    },
  },
  {
    what: 'legacy images whose parents run in a circle',
    fixture: 'legacy-aufs',
    damage: (root, healthy) =>
      write(root, `graph/${tagged(healthy, 'tiny:latest').id}/parent`, tagged(healthy, 'deep:40').id),
    code: 'layer-cycle',
    incomplete: false,
    says: /run in a circle/,
  },
  {
    what: 'a legacy image without its layer',
    fixture: 'legacy-aufs',
    damage: (root, healthy) =>
      rmSync(join(root, `aufs/diff/${tagged(healthy, 'deep:40').id}`), { recursive: true }),
    code: 'layer-data-missing',
    incomplete: false,
    says: /aufs has no layer for it/,
    check: notLoaded('deep:40'),
  },
  {
    what: 'a legacy image without layersize',
    fixture: 'legacy-aufs',
    damage: (root, healthy) => rmSync(join(root, `graph/${tagged(healthy, 'deep:40').id}/layersize`)),
    code: 'layer-size-unknown',
    incomplete: false,
    says: /no recorded size/,
    check: (damaged) => expect(tagged(damaged, 'deep:40').size.content).toBeNull(),
  },
  {
    what: 'a legacy image with a layersize of NUL bytes',
    fixture: 'legacy-aufs',
    damage: (root, healthy) => nul(root, `graph/${tagged(healthy, 'deep:40').id}/layersize`),
    code: 'layer-damaged',
    incomplete: true,
    says: /layersize of layer/,
  },
  {
    what: 'a legacy image whose parent is a path',
    fixture: 'legacy-aufs',
    damage: (root, healthy) => write(root, `graph/${tagged(healthy, 'deep:40').id}/parent`, '../../etc'),
    code: 'unsafe-name',
    incomplete: true,
    says: /names its parent "\.\.\/\.\.\/etc"/,
  },
  {
    what: 'a legacy pull that did not end',
    fixture: 'legacy-aufs',
    damage: (root) => {
      mkdirSync(join(root, `graph/_tmp/${'b'.repeat(64)}`), { recursive: true })
      write(root, `graph/_tmp/${'b'.repeat(64)}/tar-data.json.gz`, 'half')
    },
    code: 'leftover-temporary',
    incomplete: false,
    says: /no image uses it/,
  },
  {
    what: 'a legacy container config that is empty',
    fixture: 'legacy-aufs',
    damage: (root, healthy) => write(root, `containers/${named(healthy, 'writer').id}/config.json`, ''),
    code: 'container-config-damaged',
    incomplete: true,
    says: /is empty/,
  },
  {
    what: 'a writable layer that is gone',
    damage: (root, healthy) =>
      rmSync(join(root, named(healthy, 'writer').layerPath ?? ''), { recursive: true }),
    code: 'layer-data-missing',
    incomplete: false,
    says: /files of container writer are gone.*overlay2\/[0-9a-f]{64}, .*starting it fails/,
  },
  {
    what: 'an init layer that is gone',
    damage: (root, healthy) =>
      rmSync(join(root, named(healthy, 'writer').initPath ?? ''), { recursive: true }),
    code: 'layer-data-missing',
    incomplete: false,
    says: /files of container writer are gone.*-init, /,
  },
  {
    what: 'a writable layer without a record',
    damage: (root, healthy) =>
      rmSync(join(root, `${R}/layerdb/mounts/${named(healthy, 'writer').id}`), { recursive: true }),
    code: 'container-mount-missing',
    incomplete: false,
    says: /writer has a config but no record of its writable layer/,
    check: (damaged) =>
      expect(named(damaged, 'writer').size.writable).toEqual({ content: null, disk: null, files: null }),
  },
  {
    what: "a driver's directory that is elsewhere, behind a link",
    damage: (root) => {
      renameSync(join(root, 'overlay2'), join(root, '../elsewhere'))
      symlinkSync('../elsewhere', join(root, 'overlay2'))
    },
    code: 'symlink-not-followed',
    incomplete: true,
    says: /The directory overlay2 is a symbolic link/,
    check: (damaged) => {
      // What cannot be seen is neither gone nor of no size.
      expect(damaged.findings.map((each) => each.code)).not.toContain('layer-data-missing')
      expect(new Set(damaged.layers.map(({ size }) => size.disk))).toEqual(new Set([null]))
      expect(damaged.orphans.filter(({ path }) => path.startsWith('overlay2'))).toEqual([])
    },
  },
  {
    what: 'files of an old layer that are gone below another image',
    fixture: 'legacy-aufs',
    damage: (root, healthy) => {
      const [, second = ''] = tagged(healthy, 'deep:40').layers
      rmSync(join(root, `aufs/diff/${second}`), { recursive: true })
    },
    code: 'layer-data-missing',
    incomplete: false,
    says: /has metadata, but aufs has no layer for it/,
    // The engine's sum ends above the layer that it cannot load.
    check: (damaged, healthy) => {
      const whole = tagged(healthy, 'deep:40')
      const layers = tagged(damaged, 'deep:40').layers
      expect(layers).toEqual(whole.layers.slice(2))
      expect(tagged(damaged, 'deep:40').size.engine).toBe(
        layers.reduce(
          (sum, id) => sum + (healthy.layers.find((each) => each.id === id)?.size.content ?? 0),
          0,
        ),
      )
    },
  },
]

const healthyReports = new Map<FixtureName, Report>()

function healthyReport(name: FixtureName): Report {
  const known = healthyReports.get(name)
  if (known !== undefined) return known
  const report = reportOf(fixtureRoot(name))
  healthyReports.set(name, report)
  return report
}

const isNew = (finding: ReportFinding, healthy: Report): boolean =>
  !healthy.findings.some((known) => known.code === finding.code && known.message === finding.message)

describe('damage becomes a finding, and the rest stands', () => {
  it.each(CASES)(
    '$what: $code',
    ({ fixture = 'overlay2-buildkit', damage, code, incomplete, says, check }) => {
      const healthy = healthyReport(fixture)
      const { root, dispose } = copyOfFixture(fixture)
      try {
        damage(root, healthy)
        const damaged = reportOf(root)
        const found = damaged.findings.filter((finding) => finding.code === code && isNew(finding, healthy))
        expect(found.map((finding) => finding.message).join('\n')).toMatch(says)
        expect(found.every((finding) => finding.path !== null)).toBe(true)
        expect(damaged.complete).toBe(!incomplete)
        expect(damaged.volumes.length).toBeGreaterThanOrEqual(healthy.volumes.length - 1)
        if (damaged.stores.length > 0)
          expect(damaged.images.length).toBeGreaterThanOrEqual(healthy.images.length - 1)
        check?.(damaged, healthy)
      } finally {
        dispose()
      }
    },
  )
})
