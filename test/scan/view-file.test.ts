import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { viewFile } from '../../src/scan/view-file.ts'
import { LocalTree } from '../../src/tree/local.ts'

const root = mkdtempSync(join(tmpdir(), 'layerscope-view-'))
afterAll(() => rmSync(root, { recursive: true }))

const view = (name: string, content: string | Buffer) => {
  writeFileSync(join(root, name), content)
  return viewFile(new LocalTree(root), name)
}

describe('a view of a file', () => {
  it('gives JSON a line for each member, and keeps every digit', () => {
    const { kind, lines } = view('a.json', '{"a":[1,{"b":{}}],"t":1795455265761421488,"s":"x, {y}: \\"z\\""}')
    expect(kind).toBe('json')
    expect(lines).toEqual([
      '{',
      '  "a": [',
      '    1,',
      '    {',
      '      "b": {}',
      '    }',
      '  ],',
      '  "t": 1795455265761421488,',
      '  "s": "x, {y}: \\"z\\""',
      '}',
    ])
  })

  it('gives text as it stands, and what only begins like JSON as text', () => {
    expect(view('text', 'one\ntwo\n')).toMatchObject({ kind: 'text', lines: ['one', 'two'] })
    expect(view('broken', '{"a":')).toMatchObject({ kind: 'text', lines: ['{"a":'] })
  })

  it('gives other bytes as a bounded dump', () => {
    const { kind, lines, shownBytes, sizeBytes } = view('binary', Buffer.alloc(5000, '\x7fELF\0'))
    expect([kind, shownBytes, sizeBytes, lines.length]).toEqual(['binary', 1024, 5000, 64])
    expect(lines[0]).toMatch(/^00000000 {2}7f 45 4c 46 00 .* {2}\.ELF\.\.ELF/)
  })

  it('shows the first 64 KiB of a long file, whole characters only', () => {
    const { kind, lines, shownBytes } = view('long', 'ä'.repeat(50_000).replace('ä', 'a'))
    expect([kind, shownBytes]).toEqual(['text', 65_536])
    expect(lines.join('')).toMatch(/^aä+$/)
    expect(view('long.json', `[${'1,'.repeat(50_000)}1]`).kind).toBe('json')
  })

  it('tells empty and blank files apart', () => {
    expect(view('empty', '').kind).toBe('empty')
    expect(view('blank', Buffer.alloc(100)).kind).toBe('blank')
  })

  it('does not follow a link, and opens no fifo', () => {
    symlinkSync('/etc/passwd', join(root, 'link'))
    expect(viewFile(new LocalTree(root), 'link')).toMatchObject({ kind: 'link', lines: ['/etc/passwd'] })
    execFileSync('mkfifo', [join(root, 'fifo')])
    expect(() => viewFile(new LocalTree(root), 'fifo')).toThrow(/is a fifo/)
    symlinkSync('/etc', join(root, 'directory'))
    expect(() => viewFile(new LocalTree(root), 'directory/passwd')).toThrow(/symbolic link/)
  })
})
