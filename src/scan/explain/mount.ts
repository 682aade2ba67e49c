import type { AssemblyStep } from '../../model/assembly.ts'
import { isPlainName } from '../../model/ids.ts'
import { idsOf } from './directories.ts'
import { directoryOf, filesOf, homeOf, mountingOf, type StackPlace } from './places.ts'
import { check, facts, type Ground, step, trimmed } from './steps.ts'

/** The kernel takes one page of options. */
const PAGE_BYTES = 4096

/** The last step: the call with which the engine makes one tree of the stack (base first). */
export function mountStep(ground: Ground, stack: readonly StackPlace[]): AssemblyStep[] {
  const top = stack.at(-1)
  if (top === undefined || top.id === '') return []
  switch (mountingOf(ground.store)) {
    case 'links':
      return [stack.length === 1 && !top.isWritable ? alone(ground, top) : overlayLinks(ground, stack, top)]
    case 'snapshots':
      return [
        stack.length === 1 && !top.isWritable ? alone(ground, top) : overlaySnapshots(ground, stack, top),
      ]
    case 'aufs':
      return [aufsBranches(ground, stack, top)]
    case 'whole-below-upper':
      return [top.isWritable ? overlayWhole(ground, stack, top) : alone(ground, top)]
    case 'copies':
      return [ground.store.layout === 'containerd' ? mountedTree(ground, top) : alone(ground, top)]
    case 'thin-devices':
      return [
        step({
          title: 'The mount',
          sentence: 'The engine activates the thin device and mounts it; nothing is stacked.',
          says: facts(['mounted at', `devicemapper/mnt/${top.id}/rootfs`]),
        }),
      ]
    case 'hidden':
      return []
  }
}

const absolute = (ground: Ground, path: string): string => `${ground.source.root}/${path}`

/** No mount is needed for a single directory. */
const alone = (ground: Ground, top: StackPlace): AssemblyStep =>
  step({
    title: 'No mount at all',
    sentence: 'One directory is the whole tree: the engine uses it as it is.',
    says: facts(['tree', absolute(ground, filesOf(ground.store, top))]),
    leadsTo: filesOf(ground.store, top),
  })

/** containerd mounts a tree where the container's root is to be: a subvolume by its number, a copy as a bind mount. */
function mountedTree({ source, store }: Ground, top: StackPlace): AssemblyStep {
  const tree = filesOf(store, top)
  const path = `${source.root}/${tree}`
  const call =
    store.driver === 'btrfs'
      ? `mount -t btrfs -o subvolid=$(btrfs inspect-internal rootid ${path}) DEVICE ROOTFS`
      : `mount --bind ${path} ROOTFS`
  return step({
    title: 'The mount',
    sentence: 'One directory is the whole tree: nothing is stacked.',
    says: facts(['tree', path], ['mount', call]),
    leadsTo: tree,
  })
}

const NEXT =
  'A container that is made from it gets two directories of its own on top: one for mount points (init) and one that takes what it writes.'

/**
 * overlay2 of moby and overlay of containers/storage: the `lower` file goes into the line as it stands, behind the home
 * directory; a committed layer is itself the first of the lower ones (overlay2.go, Get).
 */
function overlayLinks(ground: Ground, stack: readonly StackPlace[], top: StackPlace): AssemblyStep {
  const { source, store } = ground
  const home = homeOf(store)
  const lower = trimmed(source, `${home}/${top.id}/lower`)
  const names = lower === null || lower === '' ? [] : lower.split(':')
  const below = stack.slice(0, -1).reverse()
  const places = names.map((name) => targetOf(ground, name))
  const full = names.map((name) => absolute(ground, `${home}/${name}`))
  const own = absolute(ground, `${home}/${top.id}`)
  const options = (base: string, lowers: readonly string[]): string =>
    top.isWritable
      ? `lowerdir=${lowers.join(':')},upperdir=${base}/diff,workdir=${base}/work`
      : `lowerdir=${[`${base}/diff`, ...lowers].join(':')}`
  const isLong = Buffer.byteLength(options(own, full)) >= PAGE_BYTES
  const [given, target] = isLong
    ? [options(top.id, names), `${top.id}/merged`]
    : [options(own, full), `${own}/merged`]
  return step({
    title: 'The mount',
    sentence: [
      isLong
        ? `The line would not fit into one page (${PAGE_BYTES} bytes), so the engine goes to ${absolute(ground, home)} first and names everything from there.`
        : 'The short names go into the line as lower lists them, nearest first.',
      top.isWritable
        ? 'Reading finds the first directory that has a file; writing goes to upperdir alone.'
        : NEXT,
    ].join(' '),
    files: [`${home}/${top.id}/lower`],
    says: facts(
      ...names.map(
        (name, index) =>
          [name, places[index] === null ? 'leads nowhere' : whatOf(stack, places[index])] as const,
      ),
      ['mount', `mount -t overlay overlay -o ${given} ${target}`],
    ),
    checks: [
      check(
        'these are the directories of the stack, nearest first',
        idsOf(below),
        places.map((id) => id ?? 'nothing').join(' '),
      ),
    ],
    problem:
      lower === null ? `${home}/${top.id}/lower cannot be read: the engine mounts nothing below it.` : null,
    leadsTo: target,
  })
}

/** The directory that a short name of `lower` leads to. */
function targetOf({ source, store }: Ground, name: string): string | null {
  if (!/^l\/[A-Z2-7]{26}$/.test(name)) return null
  const target = source.readlink(`${homeOf(store)}/${name}`)
  return target.ok ? (/^\.\.\/([^/]+)\/diff$/.exec(target.value)?.[1] ?? null) : null
}

const whatOf = (stack: readonly StackPlace[], id: string | null | undefined): string =>
  stack.find((place) => place.id === id)?.what ?? `${id}, which is not of this stack`

/** containerd's overlayfs gives the numbered directories themselves. */
function overlaySnapshots(ground: Ground, stack: readonly StackPlace[], top: StackPlace): AssemblyStep {
  const { store } = ground
  const path = (place: StackPlace): string => absolute(ground, filesOf(store, place))
  const own = absolute(ground, directoryOf(store, top))
  const below = stack.slice(0, -1).reverse()
  const options = top.isWritable
    ? `lowerdir=${below.map(path).join(':')},upperdir=${own}/fs,workdir=${own}/work`
    : `lowerdir=${[top, ...below].map(path).join(':')}`
  return step({
    title: 'The mount',
    sentence: top.isWritable
      ? 'Reading finds the first directory that has a file; writing goes to upperdir alone.'
      : 'Without an upper directory the tree is read-only. A container gets a snapshot of its own on top.',
    says: facts(...[top, ...below].map((place) => [`snapshots/${place.id}`, place.what] as const), [
      'mount',
      `mount -t overlay overlay -o ${options} ROOTFS`,
    ]),
  })
}

/** aufs takes its branches as `br:first=rw:next=ro+wh:…`, in the order of the file `layers` (aufs.go, aufsMount). */
function aufsBranches(ground: Ground, stack: readonly StackPlace[], top: StackPlace): AssemblyStep {
  const { source, store } = ground
  const isOld = store.driver === 'graph'
  const list = isOld ? null : trimmed(source, `aufs/layers/${top.id}`)
  const known = stack.slice(0, -1).reverse()
  const below: readonly StackPlace[] =
    list === null
      ? known.filter(({ id }) => id !== '')
      : list
          .split('\n')
          .filter((id) => isPlainName(id))
          .map(
            (id) =>
              known.find((place) => place.id === id) ?? { id, what: 'not of this stack', isWritable: false },
          )
  if (below.length === 0 && !top.isWritable) return alone(ground, top)
  const path = (place: StackPlace): string => absolute(ground, filesOf(store, place))
  const branches = [`br:${path(top)}=rw`, ...below.map((place) => `${path(place)}=ro+wh`)].join(':')
  const target = isOld ? `containers/${top.id}/rootfs` : `aufs/mnt/${top.id}`
  return step({
    title: 'The mount',
    sentence: `The branches lie over each other in this order; ro+wh means read-only, with .wh. files hiding what is below.${top.isWritable ? ' Writing goes to the first branch.' : ` ${NEXT}`}`,
    files: list === null ? [] : [`aufs/layers/${top.id}`],
    says: facts(...[top, ...below].map((place) => [place.what, filesOf(store, place)] as const), [
      'mount',
      `mount -t aufs none -o ${branches},xino=/dev/shm/aufs.xino ${absolute(ground, target)}`,
    ]),
    leadsTo: target,
  })
}

function overlayWhole(ground: Ground, stack: readonly StackPlace[], top: StackPlace): AssemblyStep {
  const { store } = ground
  const image = stack.findLast((place) => !place.isWritable)
  const own = absolute(ground, directoryOf(store, top))
  const lower = image === undefined ? '' : absolute(ground, filesOf(store, image))
  return step({
    title: 'The mount',
    sentence: 'One whole tree below, one directory that takes what is written.',
    says: facts([
      'mount',
      `mount -t overlay overlay -o lowerdir=${lower},upperdir=${own}/upper,workdir=${own}/work ${own}/merged`,
    ]),
    leadsTo: `${directoryOf(store, top)}/merged`,
  })
}
