import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Random } from '../conformance/whatif-engine/random.ts'
import { paxRecords, type TarMember, writeTar } from '../support/tar-writer.ts'

const APPLETS = 'sh sleep true echo head rm mkdir ln touch mkfifo seq chmod cat'.split(' ')

/** A root file system of one static program as a tar archive, different for each seed. */
export function baseArchive(random: Random): Buffer {
  const tree = mkdtempSync(join(tmpdir(), 'layerscope-base-'))
  try {
    for (const directory of ['bin', 'tmp']) mkdirSync(join(tree, directory))
    copyFileSync('/usr/bin/busybox', join(tree, 'bin/busybox'))
    for (const applet of APPLETS) symlinkSync('busybox', join(tree, 'bin', applet))
    writeFileSync(join(tree, 'seed'), String(random.next()))
    return execFileSync('tar', ['-cC', tree, '--owner=0', '--group=0', '.'], { maxBuffer: 2 ** 26 })
  } finally {
    rmSync(tree, { recursive: true })
  }
}

const MODE = [100, '0000644\0'] as const

/** Names and attributes that a command line cannot ask for. */
export const oddArchive = (): Buffer => writeTar(ODD_MEMBERS)

const ODD_MEMBERS: readonly TarMember[] = [
  { name: 'odd/', flag: '5', raw: [[100, '0000755\0']] },
  { name: Buffer.from('odd/latin1-\xe9', 'latin1'), content: 'not UTF-8', raw: [MODE] },
  { name: 'odd/new\nline', content: 'a', raw: [MODE] },
  { name: 'odd/esc\u001b[31mred\u0007', content: 'bb', raw: [MODE] },
  { name: 'odd/-rf', content: 'ccc', raw: [MODE] },
  { name: 'odd/with space', content: 'dddd', raw: [MODE] },
  { name: 'odd/ünï-Ω 你好', content: 'eeeee', raw: [MODE] },
  {
    name: 'pax',
    flag: 'x',
    content: paxRecords({
      'SCHILY.xattr.user.note': 'one',
      'SCHILY.xattr.user.bytes': Buffer.from([0, 255]),
    }),
  },
  { name: 'odd/attributes', content: 'with attributes', raw: [MODE] },
  { name: 'odd/hard', flag: '1', raw: [MODE, [157, 'odd/with space']] },
  {
    name: 'odd/setuid',
    content: 'root',
    raw: [
      [100, '0004755\0'],
      [108, '0001750\0'],
      [116, '0001750\0'],
    ],
  },
  { name: `odd/${'long'.repeat(20)}`, content: 'x', raw: [MODE] },
]
