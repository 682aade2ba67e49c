import type { DockerEngine } from '../../engines/docker-engine.ts'
import { observe } from './observe.ts'
import type { Random } from './random.ts'

/** A command line out of all that is understood, with flags as people write them. */
export async function randomCommand(engine: DockerEngine, random: Random): Promise<string[]> {
  return random.chance(0.65) ? randomPrune(engine, random) : randomRemoval(engine, random)
}

async function randomPrune(engine: DockerEngine, random: Random): Promise<string[]> {
  const all = (): string[][] => (random.chance(0.5) ? [['-a']] : [])
  const kinds = [
    ...['system', 'system', 'image', 'image', 'container', 'volume', 'network'],
    ...Array<string>(4).fill('builder'),
  ]
  const kind = random.pick(kinds)
  const flags: string[][] = [[random.pick(['-f', '--force'])]]
  switch (kind) {
    case 'system':
      flags.push(...all(), ...(random.chance(0.4) ? [['--volumes']] : []))
      flags.push(...filters(random, ['label', 'label!', 'until']))
      break
    case 'image':
      flags.push(...all(), ...filters(random, ['label', 'label!', 'until', 'dangling']))
      break
    case 'container':
    case 'network':
      flags.push(...filters(random, ['label', 'label!', 'until']))
      break
    case 'volume':
      flags.push(...filters(random, ['label', 'label!', 'until', 'name']))
      break
    default:
      flags.push(...all(), ...(await cacheFilters(engine, random)))
      if (random.chance(0.3))
        flags.push(['--keep-storage', random.pick(['1kB', '9kB', '20kB', '60kB', '100kB', '2MB', '50MB'])])
  }
  return [kind, 'prune', ...random.some(flags, flags.length).flat()]
}

const filters = (random: Random, names: readonly string[]): string[][] =>
  random.chance(0.65) ? [] : random.some(names, 1 + random.below(2)).map((name) => filter(random, name))

/** A moment is given as such: a duration would mean another one by the time that docker reads it. */
function filter(random: Random, name: string): string[] {
  const recently = String(Math.floor(Date.now() / 1000) - random.below(60))
  const values: Readonly<Record<string, readonly string[]>> = {
    label: ['keep', 'keep=yes', 'stage=build', 'nothing'],
    'label!': ['keep', 'keep=no', 'stage', 'nothing'],
    until: [recently, recently, recently, '1h', '2020-01-01', '2090-01-01T00:00:00'],
    dangling: ['true', 'false', '1', 'maybe'],
    name: ['data'],
  }
  const text = `${name}=${random.pick(values[name] ?? [''])}`
  return random.chance(0.5) ? [`--filter=${text}`] : ['--filter', text]
}

/** Most of what can be asked of a record; an id is a pattern. */
async function cacheFilters(engine: DockerEngine, random: Random): Promise<string[][]> {
  if (random.chance(0.4)) return []
  const { cacheRecords } = await observe(engine)
  const [one = 'none', two = 'none'] = random.some([...cacheRecords].sort(), 2)
  const ids = [one, one.slice(0, 12), one.slice(3, 9), `^(${one}|${two})$`, `${one}|${two}`]
  const idPatterns = [...ids, '^[a-m]', '[0-9]{3}', '.', '^', '(', '"', 'a,b', 'A', '']
  const kinds: readonly (readonly string[])[] = [
    idPatterns.map((pattern) => `id=${pattern}`),
    idPatterns.map((pattern) => `id=${pattern}`),
    [
      'until=1h',
      'until=1ms',
      'unused-for=24h',
      'until=2020-01-01',
      'until=0s',
      'until=1h2',
      'until=5q',
      'unused-for=',
    ],
    ['regular', 'source.local', 'exec.cachemount', 'frontend', 'internal', 'none', ''].map(
      (type) => `type=${type}`,
    ),
    ['description=mount', 'description=', 'description~=mount', 'description~=.', `parent=${one}`, 'parent='],
    ['inuse', 'shared', 'private', 'mutable', 'immutable'].flatMap((flag) => [
      `${flag}=true`,
      `${flag}=`,
      `${flag}=false`,
    ]),
    ['label=x', 'label!=x', 'id!=a', 'name=x'],
  ]
  return random.some(kinds, random.chance(0.25) ? 2 : 1).map((values) => [`--filter=${random.pick(values)}`])
}

async function randomRemoval(engine: DockerEngine, random: Random): Promise<string[]> {
  const { images, references, containers, volumes } = await observe(engine)
  const force = random.chance(0.4) ? ['-f'] : []
  const shortened = (id: string): string =>
    random.pick([id, ...[64, 12, 12, 4, 1].map((length) => id.replace('sha256:', '').slice(0, length))])
  switch (random.below(4)) {
    case 0: {
      // Docker removes containers side by side: one that is named twice is refused in words left to chance.
      const named = random.some([...containers.keys()].sort(), 1 + random.below(4)).map((id) => {
        const name = containers.get(id)?.name ?? id
        return random.pick([id, id.slice(0, 10), id.slice(0, 2), name, `/${name}`])
      })
      const missing = named.length === 0 || random.chance(0.2) ? ['no-such'] : []
      return ['rm', ...force, ...(random.chance(0.5) ? ['-v'] : []), ...named, ...missing]
    }
    case 1:
      return ['volume', 'rm', ...force, ...random.some([...volumes, 'no-such'].sort(), 1 + random.below(4))]
    default: {
      const pool = [...references, ...references, ...[...images].map(shortened), 'no-such:1'].sort()
      const noPrune = random.chance(0.2) ? ['--no-prune'] : []
      return [
        ...random.pick([['rmi'], ['image', 'rm']]),
        ...force,
        ...noPrune,
        ...random.some(pool, 1 + random.below(5)),
      ]
    }
  }
}
