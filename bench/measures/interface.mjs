import { comparePairs } from '../pairs.mjs'
import { emptyStartMs, InterfaceRun, loadPty } from '../terminal.mjs'

const LINE_AIM = 1.5
const FRAME_AIM = 3
const KEYS = 60
/** What stands in every row: a letter that leaves fewer rows costs their drawing besides. */
const FILTER = 'years'
const IDLE_MS = 1000
const LAYERS_VIEW = '3'
const OTHER_VIEW = '2'

/** How soon the terminal UI shows something, and what it writes. */
export async function measureInterface({ root, pairs }) {
  const pty = await loadPty()
  if (pty === null) return unavailable('@lydell/node-pty has no binary for this host')
  const first = await startOf(pty, root)
  if (first === null) return unavailable('the program shows no screen')
  return [...(await startRows(pty, root, pairs)), ...(await byteRows(pty, root))]
}

/** When the first line and the first whole frame of one run were on the screen; null where they never were. */
async function startOf(pty, root) {
  const run = new InterfaceRun(pty, root)
  const frameMs = await run.firstFrameMs()
  const { firstLineMs: lineMs } = run
  await run.end()
  return frameMs === null ? null : { lineMs, frameMs }
}

async function startRows(pty, root, pairs) {
  const secondsOf = (what) => async () => ((await startOf(pty, root))?.[what] ?? Number.NaN) / 1000
  const empty = async () => (await emptyStartMs(pty)) / 1000
  const line = await comparePairs(pairs, secondsOf('lineMs'), empty)
  const frame = await comparePairs(pairs, secondsOf('frameMs'), empty)
  return [
    { ...LINE, ...line, met: line.ratio <= LINE_AIM },
    { ...FRAME, ...frame, met: frame.ratio <= FRAME_AIM },
  ]
}

/** What one run writes for a step down, for a letter of a filter, and while nobody does anything; against drawing a view. */
async function byteRows(pty, root) {
  const run = new InterfaceRun(pty, root)
  try {
    if ((await run.firstFrameMs()) === null || !(await run.settle(2000)))
      return BYTES.map((row) => ({ ...row, ratio: null, note: 'the screen never came to rest' }))
    await run.type(OTHER_VIEW, 500)
    const viewBytes = await run.type(LAYERS_VIEW, 500)
    const idleBytes = await bytesOfIdle(run)
    const steps = []
    for (let key = 0; key < KEYS; key++) steps.push(await run.type('j', 60))
    await run.type(OTHER_VIEW, 200)
    await run.type('/', 200)
    const letters = []
    for (const letter of FILTER) letters.push(await run.type(letter, 100))
    return [
      byteRow(KEY, mean(steps), viewBytes, Math.max(...steps)),
      byteRow(LETTER, mean(letters), viewBytes, Math.max(...letters)),
      byteRow(IDLE, idleBytes, viewBytes, idleBytes),
    ]
  } finally {
    await run.end()
  }
}

async function bytesOfIdle(run) {
  const before = run.bytes
  await sleep(IDLE_MS)
  return run.bytes - before
}

const byteRow = ({ most, ...row }, ours, baseline, largest) => ({
  ...row,
  ratio: ours / baseline,
  ours,
  baseline,
  met: ours <= most,
  note: `at most ${largest} B`,
})

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const LINE = {
  what: "the UI's first line",
  against: 'node -e 0',
  unit: 's',
  aim: `<= ${LINE_AIM}`,
}

const FRAME = {
  what: "the UI's first whole frame",
  against: 'node -e 0',
  unit: 's',
  aim: `<= ${FRAME_AIM}`,
}

const KEY = {
  what: 'one j in Layers, 80x24 (mean)',
  against: 'drawing the view',
  unit: 'bytes',
  aim: '<= 350 B',
  most: 350,
}

const LETTER = {
  what: 'a letter of a filter, 80x24 (mean)',
  against: 'drawing the view',
  unit: 'bytes',
  aim: '<= 60 B',
  most: 60,
}

const IDLE = {
  what: 'a second without a key',
  against: 'drawing the view',
  unit: 'bytes',
  aim: '0 B',
  most: 0,
}

const BYTES = [KEY, LETTER, IDLE]

const unavailable = (note) => [LINE, FRAME, ...BYTES].map((row) => ({ ...row, ratio: null, note }))
