import { comparePairs, median } from '../pairs.mjs'
import { emptyStartMs, InterfaceRun, loadPty } from '../terminal.mjs'

const FRAME_AIM = 3
const KEY_AIM_BYTES = 500
const KEYS = 60
const LAYERS_VIEW = '3'
const OTHER_VIEW = '2'

/** How soon the terminal UI shows something, and what it writes to move by one line. */
export async function measureInterface({ root, pairs }) {
  const pty = await loadPty()
  if (pty === null) return unavailable('@lydell/node-pty has no binary for this host')
  const first = await frameMs(pty, root)
  if (first === null) return unavailable('the program shows no screen')
  return [await frameRow(pty, root, pairs), await keyRow(pty, root)]
}

async function frameMs(pty, root) {
  const run = new InterfaceRun(pty, root)
  const ms = await run.firstFrameMs()
  await run.end()
  return ms
}

async function frameRow(pty, root, pairs) {
  const result = await comparePairs(
    pairs,
    async () => ((await frameMs(pty, root)) ?? Number.NaN) / 1000,
    async () => (await emptyStartMs(pty)) / 1000,
  )
  return { ...FRAME, ...result, met: result.ratio <= FRAME_AIM }
}

/** Runs the cursor down the Layers view; the baseline is what drawing that view anew takes. */
async function keyRow(pty, root) {
  const run = new InterfaceRun(pty, root)
  try {
    if ((await run.firstFrameMs()) === null || !(await run.settle(2000)))
      return { ...KEY, ratio: null, note: 'the screen never came to rest' }
    await run.type(OTHER_VIEW, 500)
    const viewBytes = await run.type(LAYERS_VIEW, 500)
    const keyBytes = []
    for (let key = 0; key < KEYS; key++) keyBytes.push(await run.type('j', 60))
    const ours = median(keyBytes)
    if (ours === 0 || viewBytes === 0) return { ...KEY, ratio: null, note: 'the keys changed nothing' }
    const largest = Math.max(...keyBytes)
    return {
      ...KEY,
      ratio: ours / viewBytes,
      lowest: Math.min(...keyBytes) / viewBytes,
      highest: largest / viewBytes,
      ours,
      baseline: viewBytes,
      met: ours < KEY_AIM_BYTES,
      note: `at most ${largest} B`,
    }
  } finally {
    await run.end()
  }
}

const FRAME = {
  what: "the UI's first frame",
  against: 'node -e 0',
  unit: 's',
  aim: `<= ${FRAME_AIM}`,
}

const KEY = {
  what: 'one j in Layers, 80x24',
  against: 'drawing the view',
  unit: 'bytes',
  aim: `< ${KEY_AIM_BYTES} B`,
}

const unavailable = (note) => [
  { ...FRAME, ratio: null, note },
  { ...KEY, ratio: null, note },
]
