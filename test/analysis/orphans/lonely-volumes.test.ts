import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { findOrphans } from '../../../src/analysis/orphans/find-orphans.ts'
import type { Orphan } from '../../../src/analysis/orphans/orphan.ts'
import { catalogOf, container, ROOT, survey, volume } from '../build-model.ts'

const found = (parts: Parameters<typeof catalogOf>[0]): readonly Orphan[] =>
  findOrphans(catalogOf(parts, [survey([])]).catalog).found

describe('the command that removes a volume of nobody', () => {
  const commandFor = (name: string): string | null | undefined =>
    found({ volumes: [volume(name, { recorded: false })] })[0]?.command

  it('is the one that docker takes', () => {
    expect(commandFor('data-1.2_x')).toBe('docker volume rm data-1.2_x')
  })

  it('is one word for a shell, whatever the volume is called', () => {
    const lastWord = (command: string): string =>
      execFileSync('sh', ['-c', `set -- ${command}\nfor last; do :; done\nprintf %s "$last"`]).toString()
    for (const name of [
      '$(echo x)',
      'a; echo b',
      '`echo x`',
      'a b',
      "it's",
      '*',
      '"',
      '~',
      '#x',
      'a&',
      '\\',
      '$HOME',
    ]) {
      const command = commandFor(name)
      if (command !== null && command !== undefined) expect(lastWord(command)).toBe(name)
    }
  })

  it('takes no name for an option', () => {
    expect(commandFor('-f') ?? ' -- ').toContain(' -- ')
  })

  it('is not given where a container has the volume, or a container is there that cannot be read', () => {
    const volumes = [volume('data', { recorded: false })]
    expect(found({ volumes, containers: [container('c', { volumes: ['data'], loaded: false })] })).toEqual([])
    expect(
      found({ volumes, unreadableContainers: [{ root: '/var/lib/docker', id: 'c', isDenied: false }] }),
    ).toEqual([])
    expect(found({ volumes: [volume('data', { recorded: null })] })).toEqual([])
  })
})

describe('volumes that the database does not know', () => {
  const lonely = volume('data', { recorded: false })

  it('are named with the places that could have known them', () => {
    expect(found({ volumes: [lonely] })).toMatchObject([
      {
        path: 'volumes/data',
        store: null,
        kind: 'orphan',
        reason:
          'a volume directory without a row in the volume database; no container mounts it, and docker lists it as a volume all the same',
        certainty: 'likely',
        searched: ['volumes/metadata.db', 'containers/*/config.v2.json'],
      },
    ])
  })

  it('have no command where the root is not of docker', () => {
    const roots = [
      {
        path: ROOT,
        kind: 'containers-storage',
        fileSystem: null,
        engine: { rule: 'podman', why: '' },
        engineRunning: false,
        volumeDatabase: 'libpod/bolt_state.db',
      },
    ] as const
    expect(found({ volumes: [lonely], roots: [...roots] })).toMatchObject([
      { command: null, searched: ['libpod/bolt_state.db'] },
    ])
  })

  it('are those of this root, with a directory, whatever containers elsewhere mount', () => {
    expect(found({ volumes: [volume('data', { recorded: false, root: '/other' })] })).toEqual([])
    expect(found({ volumes: [volume('data', { recorded: false, path: null })] })).toEqual([])
    const elsewhere = container('c', { root: '/other', volumes: ['data'] })
    expect(found({ volumes: [lonely], containers: [elsewhere] })).toHaveLength(1)
    expect(
      found({ volumes: [lonely], unreadableContainers: [{ root: '/other', id: 'c', isDenied: false }] }),
    ).toHaveLength(1)
  })
})
