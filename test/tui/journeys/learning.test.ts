import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fixtureRoot } from '../../support/fixtures.ts'
import { reportOf } from '../support/reports.ts'
import { copy, ESC, LARGER, MEASURED, SIZES, start } from './person.ts'

describe.each(SIZES)('at $columns x $rows', (size) => {
  test('finds an object by a part of its name with :', async () => {
    const ui = start(['--root', fixtureRoot('overlay2-buildkit')], size)
    await ui.sees(MEASURED)
    ui.press(':chatt')
    await ui.sees(/▸ container +chatty/)
    ui.press('\r')
    await ui.sees(/Name +chatty/)
    ui.press(ESC)
    await ui.sees(MEASURED)
  })

  test('opens a legacy root, and follows an image to the file that names it', async () => {
    const ui = start(['--root', fixtureRoot('legacy-aufs')], size)
    await ui.sees(MEASURED)
    ui.press('2')
    await ui.sees('IMAGE')
    ui.press('x')
    await ui.sees('checks agree with the disk')
    // On a small screen the file is below what is said of the checks.
    if (size.rows < 24) ui.press('\x04\x04')
    await ui.sees(/▸ .*repositories-aufs/)
    ui.press('\r')
    await ui.sees(/"[^"]+":\s*\{?/)
    ui.press(ESC)
    await ui.sees(/▸ .*repositories-aufs/)
    ui.press(ESC)
    await ui.sees('IMAGE')
  })
})

describe.each(LARGER)('at $columns x $rows', (size) => {
  test('learns why two images share 900 MB', async () => {
    const root = copy('overlay2-buildkit')
    const { images } = reportOf(['overlay2-buildkit'])
    const layer = images.find(({ tags }) => tags.includes('shop:1'))?.layers[2]?.slice('sha256:'.length) ?? ''
    writeFileSync(join(root, 'image/overlay2/layerdb/sha256', layer, 'size'), '900000000')
    const ui = start(['--root', root], size)
    await ui.sees(MEASURED)
    ui.press('2/shop\r')
    expect(await ui.sees(/shop:1 .*900MB/)).toMatch(/shop:2 .*900MB/)
    ui.press('/:2\r\r')
    await ui.sees('Images › image shop:2')
    const page = await ui.sees(/900MB as the engine lists it: 900MB shared/)
    expect(page).toMatch(/layers 2-4 +with shop:1/)
    ui.press('jj')
    await ui.sees(/^▸ .*with shop:1/m)
    ui.press('\r')
    await ui.sees(/shop:1 .*900MB/)
    ui.press(ESC)
    await ui.sees(/^▸ .*with shop:1/m)
    expect(ui.screen()).toMatch(/also in /)
  })
})
