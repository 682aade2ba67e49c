import { comparePairs, median } from '../pairs.mjs'
import { emptyStartMs, InterfaceRun, loadPty } from '../terminal.mjs'

const LINE_AIM = 1.5
const FRAME_AIM = 3
const KEY_AIM_BYTES = 350
const KEYS = 60
const LAYERS_VIEW = '3'
const OTHER_VIEW = '2'

/** How soon the terminal UI shows something, and what it writes to move by one line. */
export async function measureInterface({ root, pairs }) {
  const pty = await loadPty()
  if (pty === null) return unavailable('@lydell/node-pty has no binary for this host')
  const first = await startOf(pty, root)
  if (first === null) return unavailable('the program shows no screen')
  return [...(await startRows(pty, root, pairs)), await keyRow(pty, root)]
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
  what: 'one j in Layers, 80x24',
  against: 'drawing the view',
  unit: 'bytes',
  aim: `< ${KEY_AIM_BYTES} B`,
}

const unavailable = (note) => [
  { ...LINE, ratio: null, note },
  { ...FRAME, ratio: null, note },
  { ...KEY, ratio: null, note },
]
