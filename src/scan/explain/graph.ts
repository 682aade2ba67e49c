import { foldCase, type JsonObject, text } from '../../formats/fields.ts'
import { readContainerConfigCommand } from '../../layouts/docker/image-config.ts'
import { readRepositories } from '../../layouts/docker/references.ts'
import type { AssemblyStep } from '../../model/assembly.ts'
import { isPlainName } from '../../model/ids.ts'
import type { Store } from '../../model/model.ts'
import { containerConfigStep } from './container-config.ts'
import { directorySteps } from './directories.ts'
import { mountStep } from './mount.ts'
import type { StackPlace } from './places.ts'
import { check, facts, type Ground, problems, step, trimmed, unread } from './steps.ts'

/** An image of Docker 0.1 to 1.9: from its names from parent to parent down to the base, then up the directories. */
export function graphImage(ground: Ground, id: string): AssemblyStep[] {
  const { steps, stack } = graphStack(ground, id)
  return [tagStep(ground, id), ...steps, ...directorySteps(ground, stack), ...mountStep(ground, stack)]
}

/** A layer of these versions is an image. */
export function graphLayer(ground: Ground, id: string): AssemblyStep[] {
  return graphImage(ground, id)
}

/** A container: its directories are named by its own id. */
export function graphContainer(ground: Ground, id: string): AssemblyStep[] {
  const { step: config, json } = containerConfigStep(ground, id, 'config.json')
  const image = text(json, 'Image')
  const below = isPlainName(image) ? graphStack(ground, image) : { steps: [], stack: [] }
  const hasInit = ground.store.driver !== 'graph'
  const own: StackPlace[] = [
    ...(hasInit ? [{ id: `${id}-init`, what: 'init layer', isWritable: true }] : []),
    { id, what: 'writable layer', isWritable: true },
  ]
  const stack = [...below.stack, ...own]
  return [config, ...below.steps, ...directorySteps(ground, stack), ...mountStep(ground, stack)]
}

const tagFile = (store: Store): string =>
  store.driver === 'graph' ? 'repositories' : `repositories-${store.driver}`

const NAMES_SHOWN = 12

function tagStep({ source, store }: Ground, id: string): AssemblyStep {
  const path = tagFile(store)
  const content = source.json(path)
  const names = content.ok ? readRepositories(source, path, 'tags').byImage?.get(id) : undefined
  const references = [...(names?.tags ?? []), ...(names?.digests ?? [])]
  return step({
    title: 'From a name to the image ID',
    sentence: !content.ok
      ? 'All names stand in one file for each storage driver.'
      : references.length === 0
        ? 'All names stand in one file, and none of them leads to this image.'
        : 'All names stand in one file: each leads to an image ID, which was drawn by lot and says nothing of the content.',
    files: [path],
    says: facts(...references.slice(0, NAMES_SHOWN).map((name) => [name, id] as const)),
    problem: content.ok ? null : unread(path, content),
    leadsTo: id,
  })
}

/** No chain of a real engine is longer; a circle has no end. */
const CHAIN_LIMIT = 1000

interface GraphRecord {
  readonly id: string
  readonly json: JsonObject
  readonly sizeText: string | null
  readonly parent: string | null
  readonly step: AssemblyStep
}

function graphStack(ground: Ground, top: string): { steps: AssemblyStep[]; stack: StackPlace[] } {
  const records: GraphRecord[] = []
  const seen = new Set<string>()
  for (let id: string | null = top; id !== null && records.length < CHAIN_LIMIT; ) {
    if (seen.has(id)) {
      records.push(circle(id))
      break
    }
    seen.add(id)
    const record = readRecord(ground, id, records.length)
    records.push(record)
    id = record.parent
  }
  const chain = records.filter(({ json }) => Object.keys(json).length > 0).reverse()
  // Where the way down ends early, what lies at the bottom is unknown.
  const bottom: StackPlace[] =
    chain.length === records.length ? [] : [{ id: '', what: 'missing layers', isWritable: false }]
  const stack = [
    ...bottom,
    ...chain.map(({ id }, index) => ({ id, what: `layer ${index + 1}`, isWritable: false })),
  ]
  return { steps: [...records.map((record) => record.step), sizeStep(chain)], stack }
}

const circle = (id: string): GraphRecord => ({
  id,
  json: {},
  sizeText: null,
  parent: null,
  step: step({
    title: 'The parents run in a circle',
    sentence: 'The way down comes back to an image that it passed.',
    problem: `${id} was met before: the engine never ends when it follows these parents.`,
  }),
})

const KEYS = ['id', 'parent', 'parent_id', 'created', 'container_config']

function readRecord({ source }: Ground, id: string, depth: number): GraphRecord {
  const directory = `graph/${id}`
  const content = source.json(`${directory}/json`)
  const json = content.ok ? foldCase(content.value, KEYS) : {}
  const parentFile = trimmed(source, `${directory}/parent`)
  const named = [parentFile ?? '', text(json, 'parent'), text(json, 'parent_id')].find((name) => name !== '')
  const parent = named?.replace(/^sha256:/, '') ?? null
  const followed = parent !== null && isPlainName(parent) ? parent : null
  const size = source.text(`${directory}/layersize`)
  const recordedId = text(json, 'id')
  const title =
    depth === 0
      ? 'From the image ID to its record'
      : `Parent ${depth}: ${followed === null ? 'the base' : 'one further down'}`
  return {
    id,
    json: content.ok ? content.value : {},
    sizeText: size.ok ? size.value.trim() : null,
    parent: content.ok ? followed : null,
    step: step({
      title,
      sentence:
        followed === null
          ? 'An image and its layer are one: json describes it, layersize counts its own files. This one names no parent: it is the base.'
          : 'An image and its layer are one: json describes it and names the image that it stands on, layersize counts its own files.',
      files: [
        `${directory}/json`,
        ...(parentFile === null ? [] : [`${directory}/parent`]),
        ...(size.ok ? [`${directory}/layersize`] : []),
      ],
      says: facts(
        ['id', recordedId],
        [parentFile ? 'parent (file)' : 'parent', parent],
        ['created', text(json, 'created')],
        ['made by', readContainerConfigCommand(json)],
        ['layersize', size.ok ? size.value.trim() : null],
      ),
      checks: [
        ...(recordedId === '' ? [] : [check('id is the name of the directory', recordedId, id)]),
        ...(followed === null
          ? []
          : [
              check(
                'parent is in the graph',
                followed,
                source.isMissing(`graph/${followed}`) ? 'nothing' : followed,
              ),
            ]),
      ],
      problem: problems(
        content.ok ? null : unread(`${directory}/json`, content),
        size.ok || size.code === 'missing' ? null : unread(`${directory}/layersize`, size),
        parent === null || followed !== null
          ? null
          : 'The parent that it names is no id, and is not followed.',
      ),
      leadsTo: followed,
    }),
  }
}

/** docker images adds up the layersize of the whole chain, and calls the sum VIRTUAL SIZE. */
function sizeStep(chain: readonly GraphRecord[]): AssemblyStep {
  const sizes = chain.map(({ sizeText }) =>
    sizeText !== null && /^\d{1,15}$/.test(sizeText) ? Number(sizeText) : null,
  )
  const known = sizes.filter((size) => size !== null)
  return step({
    title: 'The sizes added up',
    sentence:
      'Docker adds the layersize of every image down to the base, and calls the sum the virtual size.',
    checks: [
      {
        expression: known.join(' + ') || '0',
        computed: `${known.reduce((sum, size) => sum + size, 0)} bytes`,
        expected: null,
        ok: null,
      },
    ],
    problem:
      known.length === sizes.length
        ? null
        : `${sizes.length - known.length} of them have no size: the sum is too small.`,
  })
}
