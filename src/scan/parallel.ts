import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Claim } from '../model/places.ts'
import type { MeasureEvents, MeasureProblem, Pending, Walk } from './walk.ts'

/** What a helper thread is given. The arrays run over the units: directories that are walked as a whole. */
export interface HelperTask {
  readonly location: string
  readonly claims: readonly string[]
  readonly mounts: ReadonlySet<string> | null
  readonly units: readonly string[]
  readonly unitClaims: readonly number[]
  readonly unitDevices: readonly number[]
  readonly shared: SharedArrayBuffer
}

/** What a helper thread gives back: three figures for each claim, one after the other. */
export interface HelperResult {
  readonly tallies: Float64Array
  readonly linked: readonly {
    readonly key: string
    readonly sizeBytes: number
    readonly diskBytes: number
    readonly holders: readonly number[]
  }[]
  readonly problems: readonly MeasureProblem[]
}

/** The cells that both threads see. */
export const CELL = { nextUnit: 0, stop: 1, state: 2, inodes: 3 } as const
export const STATE = { starting: 0, walking: 1, done: 2, failed: 3 } as const
export const CELLS_BYTES = 4 * 4

// A helper takes some 30 ms to start: it is worth it for as many directories as take longer than that to walk.
const UNITS_WANTED = 1024
const UNITS_WORTH_A_HELPER = 400

/**
 * Walks the directories and all below them, together with a second thread where there is enough to do. The threads
 * take directories off one list; the sums do not depend on who took which.
 */
export function drainWithHelper(
  walk: Walk,
  location: string,
  directories: Pending[],
  about: { claims: readonly Claim[]; mounts: ReadonlySet<string> | null; events: MeasureEvents },
): void {
  const units = splitUp(walk, directories)
  const file = helperFile()
  const shareable = units.filter((unit) => typeof unit.path === 'string')
  if (file === null || shareable.length < UNITS_WORTH_A_HELPER) {
    for (const unit of units) walk.drain(unit)
    return
  }
  for (const unit of units) if (typeof unit.path !== 'string') walk.drain(unit)
  drainShared(walk, location, shareable, file, about)
}

/** Enters directories level by level until there are enough of them to share. */
function splitUp(walk: Walk, directories: Pending[]): Pending[] {
  let level = directories
  while (level.length > 0 && level.length < UNITS_WANTED && !walk.stopped) {
    const below: Pending[] = []
    for (const directory of level) walk.enter(directory, below)
    level = below
  }
  return level
}

/** The bundle of the helper beside this one; none where the program runs from its sources. */
function helperFile(): string | null {
  if (!import.meta.url.endsWith('.js')) return null
  const file = fileURLToPath(new URL('./measure-worker.js', import.meta.url))
  return existsSync(file) ? file : null
}

function drainShared(
  walk: Walk,
  location: string,
  units: readonly Pending[],
  file: string,
  about: { claims: readonly Claim[]; mounts: ReadonlySet<string> | null; events: MeasureEvents },
): void {
  const shared = new SharedArrayBuffer(CELLS_BYTES + units.length)
  const cells = new Int32Array(shared, 0, CELLS_BYTES / 4)
  const takenByHelper = new Uint8Array(shared, CELLS_BYTES)
  const { port1, port2 } = new MessageChannel()
  const task: HelperTask = {
    location,
    claims: about.claims.map((claim) => claim.path),
    mounts: about.mounts,
    units: units.map((unit) => String(unit.path)),
    unitClaims: units.map((unit) => unit.claim),
    unitDevices: units.map((unit) => unit.device),
    shared,
  }
  const helper = new Worker(file, { workerData: { task, port: port2 }, transferList: [port2] })
  // Its state says what became of it; an error event would only be heard after this function.
  helper.on('error', () => {})
  helper.unref()

  for (let unit = take(cells, units); unit !== undefined; unit = take(cells, units)) {
    walk.drain(unit)
    if (walk.stopped) Atomics.store(cells, CELL.stop, 1)
  }
  const result = awaitHelper(cells, about.events) ? receiveMessageOnPort(port1) : undefined
  if (result !== undefined) merge(walk, result.message as HelperResult)
  else for (const [index, unit] of units.entries()) if (takenByHelper[index] === 1) walk.drain(unit)
  port1.close()
  void helper.terminate()
}

const take = (cells: Int32Array, units: readonly Pending[]): Pending | undefined =>
  units[Atomics.add(cells, CELL.nextUnit, 1)]

/** Waits for the helper to end what it took; false where it never began or failed. */
function awaitHelper(cells: Int32Array, events: MeasureEvents): boolean {
  for (;;) {
    const state = Atomics.load(cells, CELL.state)
    if (state === STATE.done) return true
    if (state === STATE.failed) return false
    // One that is only starting finds no unit left; nothing was taken, and nothing is lost without it.
    if (
      state === STATE.starting &&
      Atomics.compareExchange(cells, CELL.state, STATE.starting, STATE.failed) === STATE.starting
    )
      return false
    Atomics.wait(cells, CELL.state, STATE.walking, 100)
    if (!events.onProgress(Atomics.load(cells, CELL.inodes), 0)) Atomics.store(cells, CELL.stop, 1)
  }
}

function merge(walk: Walk, { tallies, linked, problems }: HelperResult): void {
  for (const [index, tally] of walk.tallies.entries()) {
    tally.contentBytes += tallies[3 * index] ?? 0
    tally.diskBytes += tallies[3 * index + 1] ?? 0
    tally.files += tallies[3 * index + 2] ?? 0
  }
  for (const { key, sizeBytes, diskBytes, holders } of linked) {
    const known = walk.linked.get(key)
    if (known === undefined) walk.linked.set(key, { sizeBytes, diskBytes, holders: new Set(holders) })
    else for (const holder of holders) known.holders.add(holder)
  }
  walk.problems.push(...problems)
}
