import type { AssemblyCheck, AssemblyStep } from '../../model/assembly.ts'
import { isPlainName, isShortLink } from '../../model/ids.ts'
import { directoryOf, homeOf, type Mounting, mountingOf, named, type StackPlace } from './places.ts'
import { check, facts, type Ground, problems, step, trimmed, unread } from './steps.ts'

/** The steps for the directories of a stack, base first: what each says of itself and of those below it. */
export function directorySteps(ground: Ground, stack: readonly StackPlace[]): AssemblyStep[] {
  const read = READERS[mountingOf(ground.store)]
  return stack.map((place, index) =>
    place.id === '' ? unknownDirectory(place) : read(ground, place, stack.slice(0, index)),
  )
}

const unknownDirectory = (place: StackPlace): AssemblyStep =>
  step({
    title: titleOf(place),
    sentence: 'Its record says which directory holds its files.',
    problem: 'The record does not tell: which directory it is cannot be said.',
  })

type Reader = (ground: Ground, place: StackPlace, below: readonly StackPlace[]) => AssemblyStep

const READERS: Readonly<Record<Mounting, Reader>> = {
  links: linkedDirectory,
  aufs: aufsDirectory,
  'whole-below-upper': wholeDirectory,
  copies: (ground, place) =>
    plainDirectory(
      ground,
      place,
      'This driver keeps a whole tree for every layer, copied or cloned from the one below: nothing has to be put together.',
    ),
  'thin-devices': thinDevice,
  snapshots: (ground, place) =>
    plainDirectory(
      ground,
      place,
      place.isWritable
        ? 'fs takes what is written, work is for the kernel.'
        : 'fs holds what this layer adds, changes and removes.',
    ),
  hidden: (_ground, place) =>
    step({
      title: titleOf(place),
      sentence: `The driver keeps the files of ${place.id} where only its own tools see them.`,
      leadsTo: place.id,
    }),
}

const titleOf = (place: StackPlace): string => `The directory of ${named(place)}`

function gone(ground: Ground, directory: string): string | null {
  return ground.source.isMissing(directory) ? `${directory} does not exist: its files are gone.` : null
}

function linkedDirectory(ground: Ground, place: StackPlace, below: readonly StackPlace[]): AssemblyStep {
  const { source, store } = ground
  const home = homeOf(store)
  const directory = directoryOf(store, place)
  const link = readLink(ground, place.id)
  const lowerFile = source.text(`${directory}/lower`)
  const lower = lowerFile.ok ? lowerFile.value.trim() : null
  const shortLink = link === null ? null : `${home}/l/${link}`
  const target = shortLink === null ? null : source.readlink(shortLink)
  const next = below.at(-1)
  const wanted = next === undefined ? null : lowerOver(ground, next.id)
  const checks: AssemblyCheck[] = []
  if (shortLink !== null && target !== null)
    checks.push(
      check(`${shortLink} leads to it`, `../${place.id}/diff`, target.ok ? target.value : 'nowhere'),
    )
  if (next !== undefined)
    checks.push(
      check(`lower is l/ and the link of ${named(next)}, then the lower of that`, wanted, lower ?? 'nothing'),
    )
  return step({
    title: titleOf(place),
    sentence:
      next === undefined
        ? 'diff holds the files. link is a short name for them, since a mount line has little room. Nothing lies below, so there is no lower.'
        : 'diff holds what was added, changed or removed here. lower lists everything below by short names, nearest first.',
    files: [
      `${directory}/link`,
      ...(lowerFile.ok ? [`${directory}/lower`] : []),
      ...(shortLink === null ? [] : [shortLink]),
    ],
    says: facts(['link', link], [`l/${link}`, target?.ok ? target.value : null], ['lower', lower]),
    checks,
    problem: problems(
      gone(ground, directory),
      link === null && !source.isMissing(directory)
        ? `${directory}/link holds no short name: a container on it does not start.`
        : null,
      target === null || target.ok || shortLink === null ? null : unread(shortLink, target),
      next !== undefined && !lowerFile.ok && !source.isMissing(directory)
        ? unread(`${directory}/lower`, lowerFile)
        : null,
    ),
    leadsTo: `${directory}/diff`,
  })
}

/** The short name of a directory; null where its file does not hold one. */
function readLink({ source, store }: Ground, id: string): string | null {
  if (!isPlainName(id)) return null
  const link = trimmed(source, `${homeOf(store)}/${id}/link`)
  return link !== null && isShortLink(link) ? link : null
}

/** What `lower` must say of a directory that stands on this one. */
function lowerOver(ground: Ground, id: string): string | null {
  const link = readLink(ground, id)
  const lower = trimmed(ground.source, `${homeOf(ground.store)}/${id}/lower`)
  return link === null ? null : `l/${link}${lower === null ? '' : `:${lower}`}`
}

/** `aufs/layers/<id>` lists all that lies below, nearest first. */
function aufsDirectory(ground: Ground, place: StackPlace, below: readonly StackPlace[]): AssemblyStep {
  const { source, store } = ground
  const directory = directoryOf(store, place)
  if (store.driver === 'graph')
    return plainDirectory(ground, place, 'Until Docker 0.6 the files lay beside the records.')
  const path = `aufs/layers/${place.id}`
  const list = source.text(path)
  const says = list.ok ? list.value.split('\n').filter((line) => line !== '') : []
  return step({
    title: titleOf(place),
    sentence:
      'diff holds what was added, changed or removed here; a removed file is a file named .wh. and its name. layers lists what lies below, nearest first.',
    files: list.ok ? [path] : [],
    says: list.ok ? says.map((id, index) => ({ field: index === 0 ? 'below it' : '', value: id })) : [],
    checks: list.ok
      ? [
          check(
            'they are the parents that the records give',
            idsOf(below.toReversed()),
            says.join(' ') || 'none',
          ),
        ]
      : [],
    problem: problems(gone(ground, directory), list.ok ? null : unread(path, list)),
    leadsTo: directory,
  })
}

/** The names of places, as one text; null where one of them is unknown. */
export const idsOf = (places: readonly StackPlace[]): string | null =>
  places.some(({ id }) => id === '') ? null : places.map(({ id }) => id).join(' ') || 'none'

/** Docker's first overlay driver: an image's whole tree in `root`, a container's changes in `upper` over one `root`. */
function wholeDirectory(ground: Ground, place: StackPlace, below: readonly StackPlace[]): AssemblyStep {
  const directory = directoryOf(ground.store, place)
  if (!place.isWritable)
    return plainDirectory(
      ground,
      place,
      'root holds the whole tree; files that did not change are hard links to those of the layer below.',
    )
  const path = `${directory}/lower-id`
  const lower = ground.source.text(path)
  const image = below.findLast((each) => !each.isWritable)
  return step({
    title: titleOf(place),
    sentence: 'upper takes what is written; lower-id names the one tree below.',
    files: lower.ok ? [path] : [],
    says: lower.ok ? facts(['lower-id', lower.value.trim()]) : [],
    checks:
      lower.ok && image !== undefined
        ? [check(`lower-id is the directory of ${named(image)}`, image.id, lower.value.trim())]
        : [],
    problem: problems(gone(ground, directory), lower.ok ? null : unread(path, lower)),
    leadsTo: `${directory}/upper`,
  })
}

function plainDirectory(ground: Ground, place: StackPlace, sentence: string): AssemblyStep {
  const directory = directoryOf(ground.store, place)
  return step({
    title: titleOf(place),
    sentence,
    says: facts(['directory', directory]),
    problem: gone(ground, directory),
    leadsTo: directory,
  })
}

/** A thin device has a number in the pool; its files cannot be seen while it is not activated. */
function thinDevice({ source }: Ground, place: StackPlace): AssemblyStep {
  const path = `devicemapper/metadata/${place.id}`
  const content = source.json(path)
  return step({
    title: `The thin device of ${named(place)}`,
    sentence: 'The files are blocks of a pool. This record names the device; only the kernel can open it.',
    files: content.ok ? [path] : [],
    says: content.ok
      ? facts(...Object.entries(content.value).map(([key, value]) => [key, String(value)] as const))
      : [],
    problem: content.ok ? null : unread(path, content),
    leadsTo: place.id,
  })
}
