import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DockerEngine } from '../../engines/docker-engine.ts'
import { pause } from '../../engines/enclosure.ts'
import { observe } from './observe.ts'
import type { Random } from './random.ts'

const TAGS = [
  'app:1',
  'app:2',
  'app:latest',
  'team/web:1',
  'team/web:2',
  'localhost:5000/x:t',
  'r.example.com/y:1',
  'zz',
]
const REGISTRY = fileURLToPath(new URL('../../engines/registry.mjs', import.meta.url))
const REGISTRY_PORT = '5000'
/** Docker takes a registry of this machine without encryption. */
const PUSHED = [1, 2, 3].map((number) => `127.0.0.1:${REGISTRY_PORT}/pushed:${number}`)
const VOLUMES = ['data', 'logs', 'cache-v', 'spare']
const LABELS = ['keep=yes', 'keep=no', 'stage=build', 'empty']
const NETWORKS = 3
const POLICIES = ['no', 'no', 'always', 'unless-stopped', 'on-failure']

/** Fills an engine's root with images, containers, volumes, networks and build cache, as the seed has it. */
export async function fillAtRandom(engine: DockerEngine, random: Random, steps: number): Promise<void> {
  await startRegistry(engine)
  importBase(engine, random, 'base:1')
  for (let network = 0; network < NETWORKS - 1; network++) makeNetwork(engine, random, network)
  let files = 0
  const content = (): string => `${files++}-${'x'.repeat(random.below(20_000))}`
  const actions: readonly (readonly [weight: number, act: () => Promise<void>])[] = [
    [1, async () => importBase(engine, random, random.pick(['base:1', 'base:2']))],
    [3, async () => tag(engine, random)],
    [2, async () => push(engine, random)],
    [6, async () => build(engine, random, content, false)],
    [6, async () => build(engine, random, content, true)],
    [2, async () => commit(engine, random)],
    [5, async () => runContainer(engine, random)],
    [3, async () => create(engine, random)],
    [2, async () => changeContainer(engine, random)],
    [2, async () => makeVolume(engine, random)],
    [1, async () => makeNetwork(engine, random)],
    [1, async () => forceRemoveImage(engine, random)],
  ]
  const bag = actions.flatMap(([weight, act]) => Array.from({ length: weight }, () => act))
  for (let step = 0; step < steps; step++) await random.pick(bag)()
}

/** A root file system of one static program, different each time. */
export function importBase(engine: DockerEngine, random: Random, name: string): void {
  const tree = join(engine.home, 'tree')
  mkdirSync(join(tree, 'bin'), { recursive: true })
  mkdirSync(join(tree, 'tmp'))
  copyFileSync('/usr/bin/busybox', join(tree, 'bin/busybox'))
  for (const applet of ['sh', 'sleep', 'true', 'false', 'head', 'rm', 'mkdir', 'ln'])
    symlinkSync('busybox', join(tree, 'bin', applet))
  writeFileSync(join(tree, 'id'), String(random.next()))
  const input = execFileSync('tar', ['-cC', tree, '.'], { maxBuffer: 64 * 1024 * 1024 })
  rmSync(tree, { recursive: true })
  engine.docker(['import', '-c', 'CMD ["sleep","100000"]', '-', name], { input })
}

async function anyImage(
  engine: DockerEngine,
  random: Random,
  options: { tagged?: boolean } = {},
): Promise<string> {
  const { images, references } = await observe(engine)
  const tags = [...references].sort()
  const pool = options.tagged === true || random.chance(0.7) ? tags : [...images].sort()
  if (pool.length > 0) return random.pick(pool)
  importBase(engine, random, 'base:1')
  return 'base:1'
}

const maybeTag = (random: Random): string[] => (random.chance(0.75) ? ['-t', random.pick(TAGS)] : [])

const labels = (random: Random, flag: string): string[] =>
  random.some(LABELS, random.below(3)).flatMap((label) => [flag, label])

async function tag(engine: DockerEngine, random: Random): Promise<void> {
  engine.docker(['tag', await anyImage(engine, random), random.pick(TAGS)])
}

async function startRegistry(engine: DockerEngine): Promise<void> {
  engine.enclosure.start([process.execPath, REGISTRY, REGISTRY_PORT], 'registry.log')
  const probe = ['bash', '-c', `: </dev/tcp/127.0.0.1/${REGISTRY_PORT}`]
  for (let attempt = 0; attempt < 600; attempt++) {
    if (engine.enclosure.run(probe).status === 0) return
    await pause(100)
  }
  throw new Error('the registry did not start')
}

/** Gives an image a digest beside its tag, or the digest alone, or the one beside the tag of another image. */
async function push(engine: DockerEngine, random: Random): Promise<void> {
  const name = random.pick(PUSHED)
  engine.docker(['tag', await anyImage(engine, random), name])
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(engine.must(['push', name]))?.[1]
  if (digest === undefined) throw new Error(`${name} was pushed without a digest`)
  if (random.chance(0.3)) {
    engine.docker(['rmi', name])
    if (random.chance(0.7)) engine.must(['pull', name.replace(/:\d+$/, `@${digest}`)])
  }
}

async function build(
  engine: DockerEngine,
  random: Random,
  content: () => string,
  buildkit: boolean,
): Promise<void> {
  const context = join(engine.home, 'context')
  mkdirSync(context)
  const from = await anyImage(engine, random, { tagged: true })
  const lines = [`FROM ${from}`]
  for (let step = 1 + random.below(4); step > 0; step--) {
    const file = `f${step}`
    switch (random.below(buildkit ? 6 : 5)) {
      case 0:
        lines.push(`LABEL ${random.pick(['keep=yes', 'keep=no', 'stage=build'])}`)
        break
      case 1:
        lines.push(`ENV N${step}=${random.below(3)}`)
        break
      case 2:
      case 3:
        writeFileSync(join(context, file), random.chance(0.5) ? content() : `same${random.below(3)}`)
        lines.push(`COPY ${file} /tmp/${random.chance(0.5) ? file : 'one'}`)
        break
      case 4:
        lines.push(
          `RUN echo ${random.below(4)} >/run${random.below(3)}; ln -s /a/long/way/to/nowhere /link${random.below(2)} || true`,
        )
        break
      default:
        lines.push(
          `RUN --mount=type=cache,target=/c${random.below(2)} head -c ${random.below(9000)} /dev/zero >/c${random.below(2)}/z || true`,
        )
    }
  }
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`)
  const answer = engine.docker(
    ['build', '--network', 'none', ...maybeTag(random), ...labels(random, '--label'), context],
    {
      buildkit,
    },
  )
  rmSync(context, { recursive: true })
  if (answer.status !== 0)
    throw new Error(`the build failed: ${answer.stderr}${answer.stdout}\n${lines.join('\n')}`)
}

async function anyContainer(engine: DockerEngine, random: Random): Promise<string | null> {
  const { containers } = await observe(engine)
  return containers.size === 0 ? null : random.pick([...containers.keys()].sort())
}

async function commit(engine: DockerEngine, random: Random): Promise<void> {
  const container = await anyContainer(engine, random)
  if (container === null) return
  engine.docker(['commit', container, ...(random.chance(0.5) ? [random.pick(TAGS)] : [])])
}

function containerOptions(random: Random, others: readonly string[]): string[] {
  const network = random.chance(0.25) ? `net${random.below(NETWORKS)}` : 'none'
  return [
    ...['--network', network, '--stop-signal', 'SIGKILL', '--restart', random.pick(POLICIES)],
    ...labels(random, '--label'),
    ...(random.chance(0.3) ? ['-v', `${random.pick(VOLUMES)}:/v`] : []),
    ...(random.chance(0.3) ? ['-v', '/anon'] : []),
    ...(random.chance(0.15) && others.length > 0 ? ['--volumes-from', random.pick(others)] : []),
    ...(random.chance(0.1) ? ['--log-driver', random.pick(['local', 'none'])] : []),
  ]
}

const COMMANDS: readonly (readonly string[])[] = [
  ['sleep', '100000'],
  ['sleep', '100000'],
  ['sh', '-c', 'head -c 30000 /dev/zero >/written; echo said; mkdir -p /d/e; sleep 100000'],
  [
    'sh',
    '-c',
    'head -c 50000 /dev/zero >/anon/f 2>/dev/null; head -c 7000 /dev/zero >/v/g 2>/dev/null; sleep 100000',
  ],
]

async function runContainer(engine: DockerEngine, random: Random): Promise<void> {
  const { containers } = await observe(engine)
  const options = containerOptions(random, [...containers.keys()].sort())
  const image = await anyImage(engine, random)
  engine.docker(['run', '-d', ...options, image, ...random.pick(COMMANDS)])
}

/** One that never ran, or ran to its end. */
async function create(engine: DockerEngine, random: Random): Promise<void> {
  const { containers } = await observe(engine)
  const options = containerOptions(random, [...containers.keys()].sort()).filter((word, index, all) => {
    return word !== '--restart' && all[index - 1] !== '--restart'
  })
  const image = await anyImage(engine, random)
  if (random.chance(0.4)) engine.docker(['create', ...options, image])
  else
    engine.docker([
      'run',
      ...options,
      image,
      ...[
        'sh',
        '-c',
        `echo out; head -c ${random.below(60_000)} /dev/zero >/o; rm -f /id; exit ${random.below(3)}`,
      ],
    ])
}

async function changeContainer(engine: DockerEngine, random: Random): Promise<void> {
  const container = await anyContainer(engine, random)
  if (container === null) return
  engine.docker([random.pick(['stop', 'kill', 'pause', 'restart', 'start']), container])
}

async function makeVolume(engine: DockerEngine, random: Random): Promise<void> {
  const options = random.chance(0.15) ? ['-o', 'type=tmpfs', '-o', 'device=tmpfs'] : []
  const name = random.chance(0.7) ? [random.pick(VOLUMES)] : []
  engine.docker(['volume', 'create', ...labels(random, '--label'), ...options, ...name])
}

function makeNetwork(engine: DockerEngine, random: Random, number = random.below(NETWORKS)): void {
  engine.docker(['network', 'create', '--internal', ...labels(random, '--label'), `net${number}`])
}

/** Leaves containers without their image, and build steps without what was built on them. */
async function forceRemoveImage(engine: DockerEngine, random: Random): Promise<void> {
  engine.docker(['rmi', '-f', ...(random.chance(0.5) ? ['--no-prune'] : []), await anyImage(engine, random)])
}
