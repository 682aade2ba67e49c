// Presses keys in the terminal UI on a report with many rows, and prints as JSON what each kind of key takes.
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Report } from '../../src/report/schema.ts'
import { type Cost, type Interface, openInterface } from './interface.ts'
import { withManyRows } from './many-rows.ts'

const [reportPath = '', rows = ''] = process.argv.slice(2)
const base: Report = JSON.parse(readFileSync(reportPath, 'utf8'))
const costs = new Map<string, Cost[]>()

const MANY_KEYS = 5000

await pressWhatIsNew()
await pressWhatIsKnown()
console.log(
  JSON.stringify({ costs: [...costs].map(([what, all]) => summary(what, all)), heap: await heap() }),
)

/** What is made when a list is looked at for the first time, in a report of its own each round. */
async function pressWhatIsNew(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const at = await openInterface(withManyRows(base, Number(rows)))
    await press(at, 'opening Layers the first time', ['3'])
    await press(at, 'opening Images the first time', ['2'])
    at.close()
  }
}

async function pressWhatIsKnown(): Promise<void> {
  const at = await openInterface(withManyRows(base, Number(rows)))
  await at.press('3')
  await at.rest()
  // The first keys compile what all later ones run.
  for (let key = 0; key < 200; key++) await at.press('j')
  await press(at, 'j in Layers', repeated(300, 'j'))
  for (let round = 0; round < 5; round++) {
    await at.press('/')
    await press(at, 'a letter of a filter', [...'app-399'])
    await at.press('esc')
    for (const key of '/size>') await at.press(key)
    await press(at, 'a letter of a comparison', ['1', '0', 'M'])
    await at.press('esc')
    await at.press(':')
    await press(at, 'a letter in the palette', [...'app-399'])
    await at.press('esc')
  }
  await at.rest()
  await press(at, 'the next order', repeated(14, 's'))
  await press(at, 'the order turned round', repeated(6, 'S'))
  await press(at, 'another view and back', repeated(10, '2', '3'))
  await press(at, 'other units', repeated(6, 'u'))
  at.close()
}

async function press(at: Interface, what: string, keys: readonly string[]): Promise<void> {
  const known = costs.get(what) ?? []
  for (const key of keys) known.push(await at.press(key))
  costs.set(what, known)
}

function repeated(count: number, ...keys: string[]): string[] {
  return Array.from({ length: count }, () => keys).flat()
}

function summary(what: string, all: readonly Cost[]) {
  const sorted = all.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b)
  return { what, p95Seconds: (sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0) / 1000 }
}

/** The heap before and after thousands of keys, in MB. */
async function heap(): Promise<{ before: number; after: number }> {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  const used = (): number => {
    if (typeof collect === 'function') collect()
    return process.memoryUsage().heapUsed / 1e6
  }
  const at = await openInterface(withManyRows(base, Number(rows)))
  const round = ['3', 'j', 'enter', 'esc', 'left', 'right', 's', '2', '/', 'a', 'esc', 'space', 'U', 'u']
  const pressed = async (count: number): Promise<void> => {
    for (let key = 0; key < count; key++) await at.press(round[key % round.length] ?? 'j')
  }
  await pressed(round.length * 20)
  const before = used()
  await pressed(MANY_KEYS)
  const after = used()
  at.close()
  return { before, after }
}
