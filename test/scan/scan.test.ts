import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Model } from '../../src/model/model.ts'
import { RootError } from '../../src/scan/root-error.ts'
import { scan } from '../../src/scan/scan.ts'
import type { ScanProgress } from '../../src/scan/scan-events.ts'
import { copyOfFixture, type FixtureName, fixtureRoot, isRoot } from '../support/fixtures.ts'
import { asOrdinaryUser, NOBODY, scratch } from '../tree/scratch.ts'

const ROOT = fixtureRoot('overlay2-buildkit')

function copy(name: FixtureName): string {
  const { root, dispose } = copyOfFixture(name)
  onTestFinished(dispose)
  return root
}

/** A copy of a fixture with so many volumes that reading it takes several reports of progress. */
function copyWithManyVolumes(name: FixtureName): string {
  const root = copy(name)
  for (let index = 0; index < 600; index++)
    mkdirSync(join(root, `volumes/v${index}/_data`), { recursive: true })
  return root
}

const codes = (model: Model): string[] => model.findings.map((finding) => finding.code)

const refusal = (root: string): RootError => {
  try {
    scan([root], { measure: true })
  } catch (error) {
    if (error instanceof RootError) return error
    throw error
  }
  throw new Error(`${root} was read`)
}

describe('scan', () => {
  it('gives the facts before it measures, and measures only when asked', () => {
    const order: string[] = []
    const events = {
      onProgress: ({ phase }: ScanProgress) => {
        order.push(phase)
        return true
      },
      onModel: () => order.push('model'),
    }
    const root = copyWithManyVolumes('overlay2-buildkit')
    const { model, surveys } = scan([root], { measure: true }, events)
    expect(order[0]).toBe('reading')
    expect(order.filter((phase) => phase === 'model')).toHaveLength(1)
    expect(order.indexOf('measuring') === -1 || order.indexOf('measuring') > order.indexOf('model')).toBe(
      true,
    )
    expect(surveys.map((survey) => [survey.root, survey.measurement?.complete])).toEqual([[root, true]])
    const recorded = scan([root], { measure: false })
    expect(recorded.surveys.map((survey) => survey.measurement)).toEqual([null])
    expect(recorded.model.images).toEqual(model.images)
  })

  it('reads several roots one after the other', () => {
    const roots = [fixtureRoot('legacy-aufs'), ROOT]
    const { model, surveys } = scan(roots, { measure: true })
    expect(model.roots.map((root) => root.path)).toEqual(roots)
    expect(surveys.map((survey) => survey.root)).toEqual(roots)
    expect(new Set(model.stores.map((store) => store.root))).toEqual(new Set(roots))
  })

  it('measures a root that lies in another one once', () => {
    const outer = copy('vfs-layerdb')
    const inner = join(outer, '100000.100000')
    execFileSync('cp', ['-a', fixtureRoot('vfs-layerdb'), inner])
    const { surveys } = scan([outer, inner], { measure: true })
    const disk = surveys.flatMap(({ measurement }) =>
      [...(measurement?.tallies ?? [])].map((tally) => tally.diskBytes),
    )
    const du = execFileSync('du', ['-sxB1', outer], { encoding: 'utf8' })
    expect(disk.reduce((sum, bytes) => sum + bytes, 0)).toBe(Number.parseInt(du, 10))
  })

  it('keeps what it has when it is cancelled while reading, and says so', () => {
    const root = copyWithManyVolumes('overlay2-buildkit')
    const { model, surveys, isReadWhole } = scan(
      [root, fixtureRoot('legacy-aufs')],
      { measure: true },
      // Later than the layers are read.
      { onProgress: ({ files }) => files < 384, onModel: () => {} },
    )
    expect(surveys).toEqual([])
    expect(isReadWhole).toBe(false)
    expect(model.roots.map((each) => each.path)).toEqual([root])
    expect(model.layers.length).toBeGreaterThan(0)
    expect(codes(model)).toContain('scan-cancelled')
  })

  it('keeps what it has when it is cancelled while measuring, and says so', () => {
    const root = copy('vfs-layerdb')
    mkdirSync(join(root, 'volumes/data/_data/many'))
    for (let index = 0; index < 2500; index++)
      writeFileSync(join(root, `volumes/data/_data/many/${index}`), '')
    const { model, surveys } = scan(
      [root],
      { measure: true },
      { onProgress: ({ phase }) => phase === 'reading', onModel: () => {} },
    )
    expect(model.images.length).toBeGreaterThan(0)
    expect(surveys.map((survey) => survey.measurement?.complete)).toEqual([false])
    expect(codes(model)).toContain('scan-cancelled')
  })

  it('keeps what it has when it is cancelled while it reads a second time, and says so', () => {
    const root = copyWithManyVolumes('overlay2-buildkit')
    mkdirSync(join(root, 'overlay2', 'young'))
    let readTwice = false
    const { model, isReadWhole } = scan(
      [root],
      { measure: true },
      {
        onProgress: () => !readTwice,
        onModel: () => {
          readTwice = true
        },
      },
    )
    expect(model.images.length).toBeGreaterThan(0)
    expect(isReadWhole).toBe(true)
    expect(codes(model)).toContain('scan-cancelled')
  })

  it('follows a link to the root itself, and calls the root as the user did', () => {
    const link = join(scratch(), 'link')
    symlinkSync(ROOT, link)
    const { model, surveys } = scan([link], { measure: true })
    expect(model.roots.map((root) => root.path)).toEqual([link])
    expect(model.images.length).toBe(scan([ROOT], { measure: false }).model.images.length)
    expect(surveys[0]?.measurement?.complete).toBe(true)
  })

  it.skipIf(!isRoot)('reads a root once that is named again through a bind mount', ({ skip }) => {
    const bound = scratch()
    const mount = spawnSync('mount', ['--bind', ROOT, bound])
    if (mount.status !== 0) return skip('this user may not mount')
    try {
      const { model, surveys } = scan([bound, ROOT], { measure: true })
      expect(model.roots.map((root) => root.path)).toEqual([bound])
      expect(surveys).toHaveLength(1)
      expect(model.images.length).toBe(scan([ROOT], { measure: false }).model.images.length)
    } finally {
      execFileSync('umount', [bound])
    }
  })

  it('says once which directories it may not enter, and measures the rest', () => {
    const root = copy('vfs-layerdb')
    const closed = 'volumes/data/_data/closed'
    mkdirSync(join(root, closed))
    chmodSync(join(root, 'containers'), 0)
    chmodSync(join(root, closed), 0)
    if (isRoot) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, dirname(root)])
    const { model, surveys } = asOrdinaryUser(() => scan([root], { measure: true }))
    const unread = model.findings.filter((finding) => finding.code === 'unreadable')
    const paths = unread.map((finding) => finding.path)
    expect(paths).toContain(closed)
    expect(paths).toContain('containers')
    expect(unread.map((finding) => finding.message)).toEqual([
      ...new Set(unread.map((finding) => finding.message)),
    ])
    expect(surveys[0]?.measurement?.complete).toBe(false)
    expect(model.images.length).toBe(
      scan([fixtureRoot('vfs-layerdb')], { measure: false }).model.images.length,
    )
  })
})

describe('a root that cannot be served', () => {
  it('is a sentence with what to do', () => {
    const top = scratch()
    writeFileSync(join(top, 'file'), '')
    mkdirSync(join(top, 'empty'))
    mkdirSync(join(top, 'photos/2019'), { recursive: true })
    const sentences = {
      [join(top, 'absent')]: /^There is no directory .*absent\.$/,
      [join(top, 'file')]: /file is (a file where a directory belongs|not a directory)\.$/,
      [join(top, 'empty')]: /empty is empty: no engine has written here yet\.$/,
      [join(top, 'photos')]: /photos does not look like the data root of an engine\.$/,
    }
    for (const [root, sentence] of Object.entries(sentences)) {
      expect(refusal(root).message).toMatch(sentence)
      expect(refusal(root).hint).toMatch(/--root DIR/)
    }
  })

  it('is not blamed on permissions where those are not the reason', () => {
    const top = scratch()
    writeFileSync(join(top, 'file'), '')
    symlinkSync('loop', join(top, 'loop'))
    expect(refusal(join(top, 'file/below')).message).not.toMatch(/permission/)
    expect(refusal(join(top, 'loop')).message).not.toMatch(/permission/)
  })

  it('asks for sudo where the user has no rights, at the root or on the way to it', () => {
    const top = scratch()
    mkdirSync(join(top, 'closed/root/image'), { recursive: true })
    chmodSync(join(top, 'closed'), 0)
    for (const root of ['closed', 'closed/root'])
      asOrdinaryUser(() => {
        const { message, hint } = refusal(join(top, root))
        expect(message).toMatch(/cannot be read: permission denied\.$/)
        expect(hint).toMatch(/sudo/)
      })
  })
})
