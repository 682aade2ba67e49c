import { describe, expect, it } from 'vitest'
import { findOrphans, type Orphan } from '../../src/analysis/orphans.ts'
import { catalogOf, container, survey, volume } from './build-model.ts'

const found = (parts: Parameters<typeof catalogOf>[0]): readonly Orphan[] =>
  findOrphans(catalogOf(parts, [survey([])]).catalog).found

describe('the command that removes a volume of nobody', () => {
  const commandFor = (name: string): string | null | undefined =>
    found({ volumes: [volume(name, { recorded: false })] })[0]?.command

  it('is the one that docker takes', () => {
    expect(commandFor('data-1.2_x')).toBe('docker volume rm data-1.2_x')
  })

  it.each(['$(reboot)', 'a; rm -rf ~', '`id`', 'a b', "it's", '-f', '\n', '*', '"', '~root', '#x', '&'])(
    'does nothing else in a shell where the volume is called %j',
    (name) => {
      const command = commandFor(name)
      if (command === null) return
      // One word for a shell: nothing outside quotes but what means itself.
      const words = command?.replace(/^docker volume rm (-- )?/, '') ?? ''
      expect(words).toMatch(/^('[^']*'|\\'|[\w.@%+=:,/][\w.@%+=:,/-]*)+$/)
    },
  )

  it('is not given where a container has the volume, or a container is there that cannot be read', () => {
    const volumes = [volume('data', { recorded: false })]
    expect(found({ volumes, containers: [container('c', { volumes: ['data'], loaded: false })] })).toEqual([])
    expect(found({ volumes, unreadableContainers: [{ root: '/var/lib/docker', id: 'c' }] })).toEqual([])
    expect(found({ volumes: [volume('data', { recorded: null })] })).toEqual([])
  })
})
