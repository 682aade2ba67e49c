import { SameTexts } from '../../formats/same-texts.ts'
import { readRepositories } from '../../layouts/docker/references.ts'
import { nextChainId } from '../../layouts/layerdb/chains.ts'
import { readDiffIds, readHistorySteps } from '../../layouts/oci-config.ts'
import { parseObject } from '../../layouts/source.ts'
import type { AssemblyStep } from '../../model/assembly.ts'
import { hexOf, isHex64, isPlainName, parseDigest } from '../../model/ids.ts'
import { directorySteps } from './directories.ts'
import { mountStep } from './mount.ts'
import type { StackPlace } from './places.ts'
import { check, facts, type Ground, hashCheck, problems, step, trimmed, unread } from './steps.ts'

/** A layer of a chain as far as it is known before its record is read. */
interface Link {
  readonly chainId: string
  /** The diff ID that an image's config lists; null where the chain comes from the records themselves. */
  readonly diffId: string | null
  readonly madeBy: string
}

/** An image: from its names through its config and its chain to the mounted tree. */
export function layerdbImage(ground: Ground, id: string): AssemblyStep[] {
  const { steps, stack } = imageStack(ground, id)
  return [tagStep(ground, id), ...steps, ...mountStep(ground, stack)]
}

/** A layer: the records from its base up to it, and their directories. */
export function layerdbLayer(ground: Ground, id: string): AssemblyStep[] {
  const { steps, stack } = layersStack(ground, chainDownFrom(ground, id))
  return [...steps, ...mountStep(ground, stack)]
}

/** An image's steps without those for its names and its mount, and the directories of its layers. */
export function imageStack(
  ground: Ground,
  id: string,
): { steps: AssemblyStep[]; stack: StackPlace[]; top: string | null } {
  const { step: config, chain } = configStep(ground, id)
  const { steps, stack } = layersStack(ground, chain)
  return { steps: [config, ...steps], stack, top: chain.at(-1)?.chainId ?? null }
}

/** The steps of a chain that the records alone give, base first. */
export function layerStack(ground: Ground, top: string): { steps: AssemblyStep[]; stack: StackPlace[] } {
  return layersStack(ground, chainDownFrom(ground, top))
}

const NAMES_SHOWN = 12

function tagStep({ source, store }: Ground, id: string): AssemblyStep {
  const path = `${store.path}/repositories.json`
  const content = source.json(path)
  const names = content.ok ? readRepositories(source, path, 'references').byImage?.get(id) : undefined
  const references = [...(names?.tags ?? []), ...(names?.digests ?? [])]
  return step({
    title: 'From a name to the image ID',
    sentence: !content.ok
      ? 'All names stand in one file.'
      : references.length === 0
        ? 'All names stand in one file, and none of them leads to this image.'
        : 'All names stand in one file: each leads to an image ID.',
    files: [path],
    says: facts(...references.slice(0, NAMES_SHOWN).map((name) => [name, id] as const)),
    problem: content.ok ? null : unread(path, content),
    leadsTo: id,
  })
}

function configStep(ground: Ground, id: string): { step: AssemblyStep; chain: Link[] } {
  const { source, store } = ground
  const digest = parseDigest(id)
  const name = digest === null ? id : hexOf(digest)
  const path = `${store.path}/imagedb/content/sha256/${name}`
  const title = 'From the image ID to the config and its diff IDs'
  const sentence =
    'The image ID is the hash of the config, byte for byte: it cannot be changed without another ID. Its diff IDs, base first, are the hashes of the layers as tar archives.'
  const content = source.bytes(path)
  if (!content.ok)
    return {
      step: step({ title, sentence, files: [path], problem: unread(path, content) }),
      chain: [],
    }
  const parsed = parseObject(content.value.toString('utf8'))
  const diffIds = parsed.ok ? readDiffIds(parsed.value) : []
  const wellFormed = diffIds.every((diffId) => parseDigest(diffId) !== null)
  const chain = wellFormed ? chainOf(diffIds) : []
  const made = parsed.ok ? readHistorySteps(parsed.value, chain, new SameTexts()) : []
  const parentFile = `${store.path}/imagedb/metadata/sha256/${name}/parent`
  const parent = trimmed(source, parentFile)
  return {
    step: step({
      title,
      sentence,
      files: [path, ...(parent === null ? [] : [parentFile])],
      says: facts(
        ...diffIds.map((diffId, index) => [`rootfs.diff_ids[${index}]`, diffId] as const),
        ['history', made.length === 0 ? null : historyText(made)],
        ['made from image', parent],
      ),
      checks: [hashCheck(path, content.value, id)],
      problem: problems(
        parsed.ok ? null : unread(path, parsed),
        wellFormed ? null : 'Not all of its diff IDs are digests.',
      ),
      leadsTo: diffIds[0] ?? null,
    }),
    chain: chain.map((chainId, index) => ({
      chainId,
      diffId: diffIds[index] ?? null,
      madeBy: made.find(({ layer }) => layer === chainId)?.createdBy ?? '',
    })),
  }
}

const historyText = (made: readonly { readonly emptyLayer: boolean }[]): string => {
  const empty = made.filter(({ emptyLayer }) => emptyLayer).length
  return `${made.length} ${made.length === 1 ? 'step' : 'steps'}, ${empty} of them without a layer`
}

function chainOf(diffIds: readonly string[]): string[] {
  const chain: string[] = []
  for (const diffId of diffIds) chain.push(nextChainId(chain.at(-1) ?? null, diffId))
  return chain
}

/** No chain of a real engine is longer; a circle has no end. */
const CHAIN_LIMIT = 1000

function chainDownFrom({ source, store }: Ground, top: string): Link[] {
  const chain = new Set<string>()
  for (let id: string | null = top; id !== null && !chain.has(id) && chain.size < CHAIN_LIMIT; ) {
    chain.add(id)
    id = parseDigest(trimmed(source, `${recordOf(store.path, id)}/parent`) ?? '')
  }
  return [...chain].reverse().map((chainId) => ({ chainId, diffId: null, madeBy: '' }))
}

const recordOf = (store: string, chainId: string): string =>
  `${store}/layerdb/sha256/${chainId.replace(/^sha256:/, '')}`

function layersStack(ground: Ground, chain: readonly Link[]): { steps: AssemblyStep[]; stack: StackPlace[] } {
  const records = chain.map((link, index) => recordStep(ground, chain, link, index))
  const stack = records.map(
    ({ cacheId }, index): StackPlace => ({
      id: cacheId ?? '',
      what: `layer ${index + 1}`,
      isWritable: false,
    }),
  )
  return { steps: [...records.map((record) => record.step), ...directorySteps(ground, stack)], stack }
}

/** One chain ID: how it follows, and what its record in the layer database says. */
function recordStep(
  { source, store }: Ground,
  chain: readonly Link[],
  { chainId, diffId: wanted, madeBy }: Link,
  index: number,
): { step: AssemblyStep; cacheId: string | null } {
  const directory = recordOf(store.path, chainId)
  const title = `Layer ${index + 1} of ${chain.length}: chain ID and record`
  const below = chain[index - 1]?.chainId ?? null
  const isThere = isHex64(chainId.slice(7)) && !source.isMissing(directory)
  const diff = trimmed(source, `${directory}/diff`)
  const parent = trimmed(source, `${directory}/parent`)
  const size = source.text(`${directory}/size`)
  const cacheFile = source.text(`${directory}/cache-id`)
  const cacheId = cacheFile.ok ? cacheFile.value.trim() : null
  const isPlain = cacheId !== null && isPlainName(cacheId) && !/^\0+$/.test(cacheId)
  const parts = [...(below === null ? [] : [wanted === null ? parent : below]), wanted ?? diff]
  return {
    cacheId: isPlain ? cacheId : null,
    step: step({
      title,
      sentence:
        below === null
          ? 'The chain ID of a base is its diff ID. It names the record in the layer database.'
          : 'A chain ID is the hash of the chain ID below and the diff ID, with a blank between them: it stands for the layer and all below it.',
      files: ['diff', ...(parent === null ? [] : ['parent']), 'cache-id', 'size'].map(
        (file) => `${directory}/${file}`,
      ),
      says: facts(
        ['made by', madeBy],
        ['diff', diff],
        ['parent', parent],
        ['size', size.ok ? size.value.trim() : null],
        ['cache-id', cacheId],
      ),
      checks: [
        check(
          parts.length === 1 ? 'the chain ID of a base is its diff ID' : `sha256("${parts.join(' ')}")`,
          parts.every((part) => part !== null) ? chained(parts) : null,
          isThere ? chainId : 'no such record',
        ),
        ...(wanted === null || diff === null
          ? []
          : [check(`diff is rootfs.diff_ids[${index}]`, wanted, diff)]),
        ...(below === null && parent === null
          ? []
          : [check('parent is the chain ID below', below ?? 'none', parent ?? 'none')]),
      ],
      problem: problems(
        isThere ? null : `${directory} does not exist: the engine does not know this layer.`,
        !isThere || diff !== null ? null : `${directory}/diff cannot be read.`,
        !isThere || cacheFile.ok ? null : unread(`${directory}/cache-id`, cacheFile),
        cacheId === null || isPlain
          ? null
          : `${directory}/cache-id holds no plain name, and is not followed.`,
      ),
      leadsTo: isPlain ? cacheId : null,
    }),
  }
}

const chained = ([first, second]: readonly (string | null)[]): string | null =>
  first === null || first === undefined
    ? null
    : second === null || second === undefined
      ? first
      : nextChainId(first, second)
