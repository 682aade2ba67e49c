import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fixtureRoot } from '../../support/fixtures.ts'
import { clipboard, copy, ESC, LARGER, MEASURED, SIZES, start } from './person.ts'

describe.each(SIZES)('at $columns x $rows', (size) => {
  test('sees before any key how full the disk is, what holds it and what can go', async () => {
    const ui = start(['--root', fixtureRoot('overlay2-buildkit')], size)
    await ui.sees(MEASURED)
    const screen = await ui.sees(/B:? +docker system prune/)
    expect(screen).toMatch(/\d+% full, \S+ (?:of \S+ )?free/)
    expect(screen.match(/^▸? +\S.* \S+B +\d+% {2}█/gm)?.length).toBeGreaterThanOrEqual(2)
  })

  test('finds the largest file of a volume, and comes back to where it was', async () => {
    const root = copy('overlay2-buildkit')
    const deep = join(root, 'volumes/data/_data/deep/er')
    mkdirSync(deep, { recursive: true })
    writeFileSync(join(deep, 'dump.sql'), 'x'.repeat(4_000_000))
    writeFileSync(join(deep, 'notes'), 'x')
    const ui = start(['--root', root], size)
    await ui.sees(MEASURED)
    ui.press('5')
    await ui.sees(/▸ data .*4\.\d*MB/)
    const before = ui.screen()
    ui.press('b')
    await ui.sees(/▸ +4\.\d+MB .*_data\//)
    ui.press('\r')
    await ui.sees(/▸ +4\.\d+MB .*deep\//)
    ui.press('\r')
    await ui.sees(/▸ +4\.\d+MB .*er\//)
    ui.press('\r')
    await ui.sees(/▸ +4\.\d+MB .*dump\.sql/)
    ui.press('\r')
    await ui.sees('4MB (4000000 bytes)')
    for (const place of ['dump.sql', 'er/', 'deep/', '_data/']) {
      ui.press(ESC)
      await ui.sees(place)
    }
    ui.press(ESC)
    await ui.sees('VOLUME  ')
    expect(ui.screen()).toBe(before)
  })

  test('sees what a prune would free, take and leave before running it', async () => {
    const ui = start(['--root', fixtureRoot('overlay2-buildkit')], size)
    await ui.sees(MEASURED)
    ui.press('w')
    await ui.sees(/▸ .*builder prune$/m)
    ui.press('jjjjjj')
    await ui.sees(/▸ .*system prune$/m)
    ui.press('\r')
    await ui.sees(/The disk gets back {2}\S+B/)
    ui.press('y')
    await ui.sees('Copied docker system prune')
    expect(ui.output).toContain(clipboard('docker system prune'))
    ui.press('G')
    await ui.sees(/stays|Stays|How this is known/)
  })

  test('marks three images and copies the rmi line', async () => {
    const ui = start(['--root', fixtureRoot('overlay2-buildkit')], size)
    await ui.sees(MEASURED)
    ui.press('2')
    for (const name of ['imported:1', 'rebuilt', 'bk/scratch']) {
      ui.press(`/${name}\r `)
      await ui.sees(new RegExp(`▸✓${name}`))
      ui.press(ESC)
      await ui.sees(/\/20 names/)
    }
    await ui.sees(/✓ 3 marked: frees \d/)
    ui.press('w')
    await ui.sees('docker rmi rebuilt:latest')
    ui.press('y')
    await ui.sees('Copied docker rmi')
    expect(ui.output).toContain(clipboard('docker rmi rebuilt:latest imported:1 bk/scratch:latest'))
    ui.press('q')
    expect((await ui.ended).exitCode).toBe(0)
  })

  test('filters unused volumes older than 30 days, and has the command that removes them', async () => {
    const ui = start(['--root', fixtureRoot('overlay2-buildkit')], {
      ...size,
      environment: { NODE_OPTIONS: `--import=${sixtyDaysLater}` },
    })
    await ui.sees(MEASURED)
    ui.press('5/unused age>90d')
    await ui.sees('No volume matches')
    ui.press('\x7f\x7f\x7f30d\r')
    const screen = await ui.sees('1/2 volumes')
    expect(screen).toContain('withoptions')
    expect(screen).not.toContain('labelled')
    ui.press(' j w')
    await ui.sees('docker volume rm')
    ui.press('y')
    await ui.sees('Copied docker volume rm')
  })

  test('finds what belongs to nobody, why, and where that was looked up', async () => {
    const root = copy('overlay2-buildkit')
    const lost = join(root, 'overlay2', 'd'.repeat(64))
    mkdirSync(join(lost, 'diff'), { recursive: true })
    writeFileSync(join(lost, 'diff/lost.tar'), 'x'.repeat(7_000_000))
    for (const path of ['diff/lost.tar', 'diff', '.'])
      utimesSync(join(lost, path), 1_500_000_000, 1_500_000_000)
    const ui = start(['--root', root], size)
    await ui.sees(MEASURED)
    await ui.sees(/▸ +orphans +7\.\d+MB/)
    ui.press('\r')
    await ui.sees('Overview › orphans')
    ui.press('G')
    await ui.sees(/searched, and not/)
    ui.press('\r')
    await ui.sees(/▸ +7\.\d+MB .*diff\//)
  })
})

describe.each(LARGER)('at $columns x $rows', (size) => {
  test('finds the 40 GB log, and that its disk is another matter', async () => {
    const root = copy('overlay2-buildkit')
    const find = [join(root, 'containers'), '-name', '*-json.log', '-size', '+0']
    const [log = ''] = execFileSync('find', find, { encoding: 'utf8' }).split('\n')
    writeFileSync(log, 'x'.repeat(6_000_000))
    truncateSync(log, 40_000_000_000)
    const ui = start(['--root', root], size)
    await ui.sees(MEASURED)
    await ui.sees(/▸ +container logs +6\.\d+MB/)
    ui.press('\r')
    await ui.sees(/^▸ \S+ .*6\.\d+MB/m)
    ui.press('\r')
    await ui.sees(/^› 6\.\d+MB +containers/m)
    ui.press('jjjjj')
    await ui.sees(/▸ 6\.\d+MB +containers/)
    ui.press('\r')
    const facts = await ui.sees('40GB (40000000000 bytes)')
    expect(facts).toContain('sparse')
    expect(facts).toContain('Belongs to  container')
  })

  test.skipIf(!canMount())('sees that the inodes have run out while bytes are free', async () => {
    const place = mkdtempSync(join(tmpdir(), 'layerscope-inodes-'))
    onTestFinished(() => rmSync(place, { recursive: true, force: true }))
    const fill = `mount -t tmpfs -o nr_inodes=1600 none ${place} && cp -a ${fixtureRoot('vfs-layerdb')} ${place}/root
      i=0; while true 2>/dev/null >${place}/root/$i; do i=$((i + 1)); done; exec "$@"`
    const ui = start(['--root', join(place, 'root')], {
      ...size,
      under: [...UNSHARE, 'sh', '-c', fill, 'sh'],
    })
    await ui.sees(MEASURED)
    const screen = await ui.sees('100% used, no inode is free')
    expect(screen).toMatch(/ [0-5]\d?% full/)
  })
})

/** For ages that no file can be given: the clock of the program is ahead. */
const sixtyDaysLater = `data:text/javascript,${encodeURIComponent(
  'const D=Date,ahead=60*864e5;globalThis.Date=class extends D{constructor(...a){a.length?super(...a):super(D.now()+ahead)}static now(){return D.now()+ahead}}',
)}`

const UNSHARE = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-r', '-m']

/** Whether a file system of our own can be mounted where nobody else sees it. */
function canMount(): boolean {
  const [command = '', ...words] = [...UNSHARE, 'sh', '-c', 'mount -t tmpfs none /mnt']
  return spawnSync(command, words).status === 0
}
