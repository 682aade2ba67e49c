import { mkdirSync, writeFileSync } from 'node:fs'
import { sha256 } from './seeded.mjs'

const STORE = 'image/overlay2'
const FIRST_CREATED_MS = Date.UTC(2024, 0, 1)
const MINUTE_MS = 60_000

/** When the nth thing was made, as Go writes times. */
export const createdAt = (index) => new Date(FIRST_CREATED_MS + index * MINUTE_MS).toISOString()

/** Writes images as `imagedb` keeps them, and their names. */
export class ImageStore {
  #root
  #repositories = {}

  constructor(root) {
    this.#root = root
    for (const part of [
      'imagedb/content/sha256',
      'imagedb/metadata/sha256',
      'distribution/diffid-by-digest/sha256',
      'distribution/v2metadata-by-diffid/sha256',
    ])
      mkdirSync(`${root}/${STORE}/${part}`, { recursive: true })
  }

  /**
   * Writes one image; every twentieth stays without a name, every tenth gets two, every eighth a digest.
   * @param {import('./layer-store.mjs').WrittenLayer} top
   */
  add(index, top) {
    const config = JSON.stringify(imageConfig(index, top.diffIds))
    const hex = sha256(config)
    const id = `sha256:${hex}`
    writeFileSync(`${this.#root}/${STORE}/imagedb/content/sha256/${hex}`, config)
    const metadata = `${this.#root}/${STORE}/imagedb/metadata/sha256/${hex}`
    mkdirSync(metadata)
    writeFileSync(`${metadata}/lastUpdated`, createdAt(index + 1))
    const names = imageNames(index, id)
    const entries = names.map((reference) => [reference, id])
    const name = repository(index)
    if (entries.length > 0)
      this.#repositories[name] = { ...this.#repositories[name], ...Object.fromEntries(entries) }
    return { id, name: names[0] ?? id, top }
  }

  finish() {
    const repositories = JSON.stringify({ Repositories: this.#repositories })
    writeFileSync(`${this.#root}/${STORE}/repositories.json`, repositories)
  }
}

/** Four images are versions of one repository. */
const repository = (index) => `team-${index % 25}/service-${Math.floor(index / 100)}`

function imageNames(index, id) {
  if (index % 20 === 19) return []
  const name = repository(index)
  return [
    `${name}:1.${Math.floor(index / 25)}`,
    ...(index % 10 === 0 ? [`${name}:stable-${index}`] : []),
    ...(index % 8 === 0 ? [`${name}@sha256:${sha256(`manifest ${id}`)}`] : []),
  ]
}

function imageConfig(index, diffIds) {
  const steps = diffIds.map((_, step) => ({
    created: createdAt(step),
    created_by: `/bin/sh -c make -C /usr/src/step-${step} install && rm -rf /var/cache/apt/*`,
  }))
  const empty = (text) => ({
    created: createdAt(index),
    created_by: `/bin/sh -c #(nop)  ${text}`,
    empty_layer: true,
  })
  return {
    architecture: 'amd64',
    config: {
      Hostname: '',
      User: 'app',
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin', `SERVICE=${index}`],
      Cmd: ['serve', '--instance', String(index)],
      WorkingDir: '/opt',
      Entrypoint: null,
      Labels: { 'org.opencontainers.image.title': `service ${index}` },
    },
    created: createdAt(index),
    docker_version: '20.10.24',
    history: [
      ...steps.slice(0, 1),
      empty('ENV PATH=/usr/local/bin:/usr/bin:/bin'),
      ...steps.slice(1),
      empty(`CMD ["serve" "--instance" "${index}"]`),
    ],
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: diffIds },
  }
}
