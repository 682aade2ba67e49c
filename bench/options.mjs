import { parseArgs } from 'node:util'
import { DEFAULT_PARAMETERS } from './root/generate.mjs'

export const USAGE = `npm run bench -- [options]

  --quick        200 images instead of ${DEFAULT_PARAMETERS.images}
  --scale        also 100, 1,000 and 10,000 images, and how the times grow between them
  --only NAME    only the measures whose name contains NAME (repeatable): scan, whatif, walk, memory, start,
                 interface, keys, containerd, growth
  --pairs N      how many times each is measured against its baseline (default 7, at least 5)
  --save         keep the ratios in bench/baseline.json, on a quiet host
  --check        end with 1 where a ratio is worse by more than a quarter than the one that is kept for such a root;
                 what seems so is measured once more, and the better of the two counts
  --json         the figures as JSON
  --clean        remove the generated roots, and end
  --help         this text

  --images N, --layers-per-image N, --files-per-layer N, --containers N, --volumes N, --seed TEXT
                 what the generated root holds (defaults: ${DEFAULT_PARAMETERS.images}, ${DEFAULT_PARAMETERS.layersPerImage}, ${DEFAULT_PARAMETERS.filesPerLayer}, ${DEFAULT_PARAMETERS.containers}, ${DEFAULT_PARAMETERS.volumes})

Every figure is a ratio to a baseline of the same run, the two measured in turn; seconds differ from host to host.`

const QUICK = { images: 200, containers: 20, volumes: 10 }
const FEWEST_PAIRS = 5

const NUMBERS = {
  images: 'images',
  'layers-per-image': 'layersPerImage',
  'files-per-layer': 'filesPerLayer',
  containers: 'containers',
  volumes: 'volumes',
}

/** Reads the command line. Throws where it is not understood. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      scale: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      pairs: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      clean: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      seed: { type: 'string', default: DEFAULT_PARAMETERS.seed },
      ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, { type: 'string' }])),
    },
  })
  const parameters = { ...DEFAULT_PARAMETERS, ...(values.quick ? QUICK : {}), seed: values.seed }
  for (const [option, name] of Object.entries(NUMBERS))
    if (values[option] !== undefined) parameters[name] = wholeNumber(option, values[option])
  return {
    parameters,
    scale: values.scale,
    only: values.only,
    pairs: Math.max(FEWEST_PAIRS, wholeNumber('pairs', values.pairs)),
    json: values.json,
    save: values.save,
    check: values.check,
    clean: values.clean,
    help: values.help,
  }
}

function wholeNumber(option, text) {
  if (!/^\d{1,7}$/.test(text))
    throw new Error(`--${option} takes a whole number, not ${JSON.stringify(text)}`)
  return Number(text)
}
