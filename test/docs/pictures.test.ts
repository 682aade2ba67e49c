import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from '../tui/support/program.ts'
import { picture } from './picture.ts'
import { SCENES } from './scenes.ts'

/** With this set the pictures are drawn anew (`npm run pictures`); without, they are held against the program. */
const DRAW = process.env['LAYERSCOPE_PICTURES'] === 'draw'

const DIRECTORY = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))

describe('the pictures of the manual', () => {
  test.each(SCENES)('$name shows what the program shows', async ({ name, title, columns, rows, steps }) => {
    const program = run(['demo'], { columns, rows })
    try {
      await program.sees(/Where the space is {2}\S+ on disk/)
      for (const { press, sees } of steps) {
        program.press(press)
        await program.sees(sees)
      }
      const drawn = picture(title, program.pieces())
      if (DRAW) {
        mkdirSync(DIRECTORY, { recursive: true })
        writeFileSync(`${DIRECTORY}${name}.svg`, drawn)
      }
      expect(words(readFileSync(`${DIRECTORY}${name}.svg`, 'utf8'))).toEqual(words(drawn))
    } finally {
      program.pty.kill('SIGKILL')
    }
  })

  test('are those that the manual shows, and no others', () => {
    const drawn = readdirSync(DIRECTORY).sort()
    expect(drawn).toEqual(SCENES.map(({ name }) => `${name}.svg`).sort())
    const texts = ['README.md', 'docs/layouts.md', 'docs/guide.md'].map((file) =>
      readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8'),
    )
    expect(drawn.filter((file) => !texts.some((text) => text.includes(`pictures/${file}`)))).toEqual([])
  })
})

/** What a picture says, without what changes from day to day: ages. */
function words(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].flatMap(([, text = '']) =>
    text
      .replace(/(?:About )?\w+ (?:second|minute|hour|day|week|month|year)s?(?: ago)?/g, '')
      .split(/\s+/)
      .filter(Boolean),
  )
}
