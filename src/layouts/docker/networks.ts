import { flag, isObject, type JsonObject, list, text, textMap, textOrNull } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import type { Endpoint, Network } from '../../model/model.ts'
import { readDatabase } from '../database.ts'
import type { Source } from '../source.ts'

const PATH = 'network/files/local-kv.db'
const KEY = /^docker\/network\/v1\.0\/(network|endpoint|sandbox)\/(.+?)\/?$/

/** What the database holds of one kind, by the rest of the key. */
type Rows = Map<string, JsonObject>

/** Reads the host's networks from libnetwork's own database; an old engine or a swarm keeps others elsewhere. */
export function readNetworks(source: Source): Network[] {
  const database = readDatabase(source, PATH, 'the networks are')
  if (database === null) return []
  const rows = { network: new Map(), endpoint: new Map(), sandbox: new Map() } satisfies Record<string, Rows>
  for (const { key, value } of database.file.root.bucket('libnetwork')?.entries() ?? []) {
    const [, kind, id] = KEY.exec(key.toString('utf8')) ?? []
    const row = value === null ? null : decodeValue(value)
    if (row === null || id === undefined) continue
    if (kind === 'network' || kind === 'endpoint' || kind === 'sandbox') rows[kind].set(id, row)
  }
  database.reportDamage()
  const endpoints = endpointsByNetwork(rows.endpoint, containersOfEndpoints(rows.sandbox))
  return [...rows.network].map(([id, row]) => ({
    root: source.root,
    id,
    name: text(row, 'name'),
    driver: text(row, 'networkType'),
    internal: flag(row, 'internal'),
    configOnly: flag(row, 'configOnly'),
    created: textOrNull(row, 'created'),
    labels: textMap(row, 'labels'),
    endpoints: endpoints.get(id) ?? [],
  }))
}

/** A value is an index of 8 bytes, then JSON. */
function decodeValue(value: Buffer): JsonObject | null {
  const parsed = parseJsonBounded(value.subarray(8).toString('utf8'))
  return parsed.ok && isObject(parsed.value) ? parsed.value : null
}

/** A sandbox is the network side of one container and lists its endpoints. */
function containersOfEndpoints(sandboxes: Rows): Map<string, string> {
  const containers = new Map<string, string>()
  for (const sandbox of sandboxes.values())
    for (const endpoint of list(sandbox, 'Eps'))
      if (isObject(endpoint)) containers.set(text(endpoint, 'Eid'), text(sandbox, 'Cid'))
  return containers
}

/** The key of an endpoint is `<network id>/<endpoint id>`. */
function endpointsByNetwork(rows: Rows, containers: ReadonlyMap<string, string>): Map<string, Endpoint[]> {
  const byNetwork = new Map<string, Endpoint[]>()
  for (const [key, row] of rows) {
    const [network = '', id = ''] = key.split('/')
    const endpoint = { id, name: text(row, 'name'), container: containers.get(id) || null }
    byNetwork.set(network, [...(byNetwork.get(network) ?? []), endpoint])
  }
  return byNetwork
}
