import { text } from '../../formats/fields.ts'
import type { AssemblyStep } from '../../model/assembly.ts'
import { isPlainName, parseDigest } from '../../model/ids.ts'
import { containerConfigStep } from './container-config.ts'
import { directorySteps } from './directories.ts'
import { imageStack, layerStack } from './layerdb.ts'
import { mountStep } from './mount.ts'
import type { StackPlace } from './places.ts'
import { check, facts, type Ground, problems, step, trimmed, unread } from './steps.ts'

/** A container: its config, its image's chain, its own two directories on top, the mount. */
export function layerdbContainer(ground: Ground, id: string): AssemblyStep[] {
  const { step: config, json } = containerConfigStep(ground, id, 'config.v2.json')
  const image = parseDigest(text(json, 'Image'))
  const mount = readMount(ground, id)
  const isImageThere =
    image !== null &&
    !ground.source.isMissing(`${ground.store.path}/imagedb/content/sha256/${image.slice(7)}`)
  const below = isImageThere
    ? imageStack(ground, image)
    : mount.parent === null
      ? { steps: [], stack: [], top: null }
      : { ...layerStack(ground, mount.parent), top: null }
  const stack = [...below.stack, ...mount.places]
  return [
    config,
    ...below.steps,
    mountRecordStep(ground, id, mount, { top: below.top, image, isImageThere }),
    ...directorySteps(ground, stack).slice(below.stack.length),
    ...mountStep(ground, stack),
  ]
}

interface MountFiles {
  readonly mountId: string | null
  readonly initId: string | null
  readonly parent: string | null
  readonly places: readonly StackPlace[]
}

const recordOf = ({ store }: Ground, id: string): string => `${store.path}/layerdb/mounts/${id}`

function readMount(ground: Ground, id: string): MountFiles {
  const directory = recordOf(ground, id)
  const mountId = trimmed(ground.source, `${directory}/mount-id`)
  const initId = trimmed(ground.source, `${directory}/init-id`)
  const places: StackPlace[] = []
  if (initId !== null && isPlainName(initId))
    places.push({ id: initId, what: 'init layer', isWritable: true })
  if (mountId !== null && isPlainName(mountId))
    places.push({ id: mountId, what: 'writable layer', isWritable: true })
  return { mountId, initId, parent: parseDigest(trimmed(ground.source, `${directory}/parent`) ?? ''), places }
}

function mountRecordStep(
  ground: Ground,
  id: string,
  { mountId, initId, parent }: MountFiles,
  at: { top: string | null; image: string | null; isImageThere: boolean },
): AssemblyStep {
  const directory = recordOf(ground, id)
  const mountFile = ground.source.text(`${directory}/mount-id`)
  return step({
    title: 'From the container to its writable layer',
    sentence:
      'The layer database keeps a record for each container: which directory takes what it writes, which one lies below with its mount points, and on which layer they stand.',
    files: ['mount-id', 'init-id', 'parent'].map((file) => `${directory}/${file}`),
    says: facts(['mount-id', mountId], ['init-id', initId], ['parent', parent]),
    checks: [
      ...(at.top === null
        ? []
        : [check("parent is the chain ID of the image's top layer", at.top, parent ?? 'none')]),
      ...(initId === null || mountId === null
        ? []
        : [check('init-id is mount-id and -init', `${mountId}-init`, initId)]),
    ],
    problem: problems(
      mountFile.ok ? null : unread(`${directory}/mount-id`, mountFile),
      mountFile.ok && !isPlainName(mountFile.value.trim())
        ? `${directory}/mount-id holds no plain name: the engine does not list this container.`
        : null,
      at.image !== null && !at.isImageThere
        ? `The image ${at.image} is gone; its layers stay as long as this container.`
        : null,
    ),
    leadsTo: mountId,
  })
}
