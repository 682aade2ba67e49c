import { isObject, type JsonObject, list, text, textMap, texts } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import { bigDataFile, placesOf } from '../../layouts/containers-storage/places.ts'
import { readDiffIds } from '../../layouts/oci-config.ts'
import { parseObject, type Read } from '../../layouts/source.ts'
import type { AssemblyCheck, AssemblyStep } from '../../model/assembly.ts'
import { digestFromHex, isPlainName } from '../../model/ids.ts'
import { directorySteps } from './directories.ts'
import { mountStep } from './mount.ts'
import type { StackPlace } from './places.ts'
import { check, facts, type Ground, hashCheck, problems, sha256Of, step, unread } from './steps.ts'

/** An image of podman, buildah or CRI-O: record, config, layers, directories, mount. */
export function storageImage(ground: Ground, id: string): AssemblyStep[] {
  const { steps, stack } = imageStack(ground, id)
  return [...steps, ...mountStep(ground, stack)]
}

/** A layer, from its base up. */
export function storageLayer(ground: Ground, id: string): AssemblyStep[] {
  const { steps, stack } = layerStack(ground, id, [])
  return [...steps, ...mountStep(ground, stack)]
}

/** A container: its record, its image, its own layer on top. */
export function storageContainer(ground: Ground, id: string): AssemblyStep[] {
  const { source, store } = ground
  const [found, path] = findRecord(ground, placesOf(store.driver).containers, 'containers', id)
  const json = found ?? {}
  const own = text(json, 'layer')
  const image = text(json, 'image')
  const below = isPlainName(image) ? imageStack(ground, image) : { steps: [], stack: [], top: null }
  const [layer, layersPath] = findRecord(ground, placesOf(store.driver).layers, 'layers', own)
  const place: StackPlace = { id: own, what: 'writable layer', isWritable: true }
  const stack = isPlainName(own) ? [...below.stack, place] : below.stack
  const configured = step({
    title: 'From the container to its image and its layer',
    sentence: 'A record leads from the container to the image and to the layer that takes what it writes.',
    files: [path],
    says: facts(
      ...texts(json, 'names').map((name) => ['name', name] as const),
      ['image', image],
      ['layer', own],
    ),
    problem: found === null ? recordProblem(source.text(path), path, id) : null,
    leadsTo: own || null,
  })
  const joined = step({
    title: 'The writable layer',
    sentence: 'Its id was drawn by lot. Its parent is the top layer of the image.',
    files: [layersPath],
    says: facts(['id', own], ['parent', text(layer ?? {}, 'parent')]),
    checks:
      layer === null || below.top === null
        ? []
        : [check("parent is the image's top layer", below.top, text(layer, 'parent') || 'none')],
    problem: layer === null ? recordProblem(source.text(layersPath), layersPath, own) : null,
    leadsTo: own || null,
  })
  return [
    configured,
    ...below.steps,
    joined,
    ...directorySteps(ground, stack).slice(below.stack.length),
    ...mountStep(ground, stack),
  ]
}

function imageStack(
  ground: Ground,
  id: string,
): { steps: AssemblyStep[]; stack: StackPlace[]; top: string | null } {
  const { source, store } = ground
  const [found, path] = findRecord(ground, placesOf(store.driver).images, 'images', id)
  const json = found ?? {}
  const names = texts(json, 'names')
  const layer = text(json, 'layer')
  const named = step({
    title: 'From a name to the image ID',
    sentence:
      names.length === 0
        ? 'All images stand in one file. This one has no name.'
        : 'All images stand in one file, each with its names, its ID and its top layer.',
    files: [path],
    says: facts(...names.map((name) => ['name', name] as const), ['id', text(json, 'id')], ['layer', layer]),
    problem: found === null ? recordProblem(source.text(path), path, id) : null,
    leadsTo: id,
  })
  const { step: config, diffIds } = configStep(ground, id, json)
  const { steps, stack } = layer === '' ? { steps: [], stack: [] } : layerStack(ground, layer, diffIds)
  return { steps: [named, ...(found === null ? [] : [config]), ...steps], stack, top: layer || null }
}

const recordProblem = (file: Read<string>, path: string, id: string): string =>
  file.ok ? `${path} lists no ${id || 'such id'}.` : unread(path, file)

/** The config and the manifests lie beside the record, as files named by their keys. */
function configStep(
  { source, store }: Ground,
  id: string,
  json: JsonObject,
): { step: AssemblyStep; diffIds: readonly string[] } {
  const digests = textMap(json, 'big-data-digests')
  const files = texts(json, 'big-data-names').flatMap((key) => {
    const file = bigDataFile(key)
    return file === null || !isPlainName(id) ? [] : [{ key, path: `${store.path}/${id}/${file}` }]
  })
  const configFile =
    files.find(({ key }) => key === `sha256:${id}`) ?? files.find(({ key }) => key.startsWith('sha256:'))
  const checks: AssemblyCheck[] = []
  const unreadable: string[] = []
  let diffIds: readonly string[] = []
  for (const { key, path } of files) {
    const content = source.bytes(path)
    if (!content.ok) {
      unreadable.push(unread(path, content))
      continue
    }
    const digest = key.startsWith('sha256:') ? key : digests.get(key)
    if (digest !== undefined) checks.push(hashCheck(path, content.value, digest))
    const parsed = path === configFile?.path ? parseObject(content.value.toString('utf8')) : null
    if (parsed?.ok) diffIds = readDiffIds(parsed.value)
    else if (parsed !== null) unreadable.push(unread(path, parsed))
  }
  return {
    diffIds,
    step: step({
      title: 'From the image ID to the config and its diff IDs',
      sentence:
        'The image ID is the hash of the config, which lies under that name in base64. Its diff IDs, base first, are the hashes of the layers as tar archives.',
      files: [
        ...(configFile === undefined ? [] : [configFile.path]),
        ...files.map(({ path }) => path),
      ].filter((path, index, all) => all.indexOf(path) === index),
      says: facts(...diffIds.map((diffId, index) => [`rootfs.diff_ids[${index}]`, diffId] as const)),
      checks,
      problem: problems(...unreadable, configFile === undefined ? 'It has no config.' : null),
      leadsTo: text(json, 'layer') || null,
    }),
  }
}

/** The layers from the base up, as their parents say. */
function layerStack(
  ground: Ground,
  top: string,
  diffIds: readonly string[],
): { steps: AssemblyStep[]; stack: StackPlace[] } {
  const home = placesOf(ground.store.driver).layers
  const chain = new Map<string, { json: JsonObject | null; path: string }>()
  for (let id = top; id !== '' && !chain.has(id); ) {
    const [json, path] = findRecord(ground, home, 'layers', id)
    chain.set(id, { json, path })
    id = json === null ? '' : text(json, 'parent')
  }
  const layers = [...chain].reverse()
  const stack = layers.flatMap(([id], index): StackPlace[] =>
    isPlainName(id) ? [{ id, what: `layer ${index + 1}`, isWritable: false }] : [],
  )
  const steps = layers.map(([id, { json, path }], index) => {
    const diffId = text(json ?? {}, 'diff-digest')
    const parent = layers[index - 1]?.[0] ?? null
    const wanted = diffIds.length === layers.length ? diffIds[index] : undefined
    return step({
      title: `Layer ${index + 1} of ${layers.length}: record`,
      sentence:
        parent === null
          ? 'The id of a base is its diff ID.'
          : 'The id of a layer is the hash of its parent and its diff ID with a plus sign between them, where it was not chosen otherwise.',
      files: [path],
      says: facts(
        ['id', id],
        ['parent', text(json ?? {}, 'parent')],
        ['diff-digest', diffId],
        ['diff-size', json === null ? null : String(json['diff-size'] ?? '')],
      ),
      checks: [
        ...idCheck(id, parent, diffId),
        ...(wanted === undefined
          ? []
          : [check(`diff-digest is rootfs.diff_ids[${index}]`, wanted, diffId || 'none')]),
      ],
      problem: json === null ? recordProblem(ground.source.text(path), path, id) : null,
      leadsTo: id,
    })
  })
  return { steps: [...steps, ...directorySteps(ground, stack)], stack }
}

/** Other ids are legal: of layers of containers, of second copies, of pulls in parts. They say nothing. */
function idCheck(id: string, parent: string | null, diffId: string): AssemblyCheck[] {
  const hex = diffId.replace(/^sha256:/, '')
  if (digestFromHex(hex) === null) return []
  const computed = parent === null ? hex : sha256Of(`${parent}+${hex}`).slice(7)
  const expression = parent === null ? 'the id of a base is its diff ID' : `sha256("${parent}+${hex}")`
  return [{ ...check(expression, computed, id), ok: computed === id ? true : null }]
}

/** A record of one of the lists; those of containers that do not outlive a start have a list of their own. */
function findRecord(
  { source }: Ground,
  home: string,
  what: 'images' | 'layers' | 'containers',
  id: string,
): [JsonObject | null, string] {
  for (const path of [`${home}/${what}.json`, `${home}/volatile-${what}.json`]) {
    const content = source.text(path)
    const parsed = content.ok ? parseJsonBounded(content.value) : null
    const rows =
      parsed?.ok && Array.isArray(parsed.value) ? list({ rows: parsed.value }, 'rows').filter(isObject) : []
    const found = rows.find((row) => text(row, 'id') === id)
    if (found !== undefined) return [found, path]
  }
  return [null, `${home}/${what}.json`]
}
