import { createHash } from 'node:crypto'
import type { Random } from '../conformance/whatif-engine/random.ts'
import { type TarMember, writeTar } from '../support/tar-writer.ts'

const FILE = [100, '0000644\0'] as const

/** An image of many layers, a small file in each, and whiteouts. */
export const deepArchive = (name: string, depth: number, random: Random): Buffer =>
  imageArchive(
    name,
    Array.from({ length: depth }, (_, index) => writeTar(membersOf(index, random))),
  )

/** An archive for `docker load`, podman's and `ctr image import`, with one image of these layers, base first. */
export function imageArchive(name: string, layers: readonly Buffer[]): Buffer {
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      created: '2023-11-14T22:13:20.123456789Z',
      config: { Cmd: ['/nothing'], Labels: { deep: String(layers.length) } },
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
      history: layers.map((_, index) => ({
        created: '2023-11-14T22:13:20Z',
        created_by: `add layer ${index}`,
      })),
    }),
  )
  const names = layers.map((_, index) => `${index}/layer.tar`)
  const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: [name], Layers: names }]
  return writeTar([
    { name: 'manifest.json', content: JSON.stringify(manifest), raw: [FILE] },
    { name: `${sha256(config)}.json`, content: config, raw: [FILE] },
    ...layers.map((content, index): TarMember => ({ name: names[index] ?? '', content, raw: [FILE] })),
  ])
}

/** Every third layer deletes what the one below it added. */
const membersOf = (index: number, random: Random): TarMember[] => [
  { name: 'deep/', flag: '5', raw: [[100, '0000755\0']] },
  { name: `deep/${index}`, content: `${index}-${'y'.repeat(random.below(600))}`, raw: [FILE] },
  ...(index % 3 === 2 ? [{ name: `deep/.wh.${index - 1}`, raw: [FILE] }] : []),
]

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
