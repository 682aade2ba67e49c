import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from '../conformance/whatif-engine/random.ts'
import { baseArchive, oddArchive } from './base-image.ts'
import type { DockerEngine } from './docker-engine.ts'
import { deepArchive } from './image-archive.ts'

/**
 * Fills a root with one of everything that a layer, an image, a container, a volume and a build can be; the seed draws
 * sizes and how often. In brief: fewer of the same.
 */
export function fillWithEverything(engine: DockerEngine, random: Random, { brief = false } = {}): void {
  importBase(engine, random)
  buildImages(engine, random, brief)
  engine.must(['load', '-q'], { input: deepArchive('deep:1', brief ? 20 : 120, random) })
  makeVolumes(engine)
  runContainers(engine, random)
  commitAndForget(engine, random)
}

const written = (random: Random, most: number): string => `head -c ${1 + random.below(most)} /dev/zero`

function importBase(engine: DockerEngine, random: Random): void {
  engine.must(['import', '-m', 'from a tar file', '-c', 'CMD ["sleep","100000"]', '-', 'all/base:1'], {
    input: baseArchive(random),
  })
  engine.must(['tag', 'all/base:1', 'registry.example.com:5000/team/base:2.1'])
}

/** A build context as a directory that is removed again. */
function build(
  engine: DockerEngine,
  files: Readonly<Record<string, string | Buffer>>,
  words: readonly string[],
  buildkit: boolean,
): void {
  const context = join(engine.home, 'context')
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(context, name)), { recursive: true })
    writeFileSync(join(context, name), content)
  }
  engine.must(['build', '--network', 'none', ...words, context], { buildkit })
  rmSync(context, { recursive: true })
}

function buildImages(engine: DockerEngine, random: Random, brief: boolean): void {
  const size = (most: number): string => 'x'.repeat(1 + random.below(most))
  for (const buildkit of [false, true]) {
    const name = buildkit ? 'bk' : 'classic'
    const stages = `FROM all/base:1 AS build
COPY lib /src/lib
RUN ${buildkit ? '--mount=type=cache,target=/cache ' : ''}mkdir -p /cache /out; ${written(random, 50_000)} >/cache/objects; ${written(random, 30_000)} >/out/program
COPY main /src/main
FROM all/base:1
COPY --from=build /out /opt
COPY --from=build /src/main /opt/main
RUN ln /opt/main /opt/hard; ln -s main /opt/soft; mkfifo /opt/pipe; mkdir -p /srv/d1/deep; ${written(random, 9_000)} >/srv/d1/old; echo keep >/srv/keep
RUN rm -rf /srv/d1 && mkdir /srv/d1 && echo new >/srv/d1/new; rm /opt/program; chmod 4755 /opt/hard
RUN ${buildkit ? '--mount=type=bind,target=/ctx ' : ''}rm -r /srv; touch /opt/empty
ENV ROLE=app
LABEL role=${name} empty=""
VOLUME /kept
EXPOSE 80/tcp
CMD ["sleep","100000"]
`
    const files = { Dockerfile: stages, lib: size(9_000), main: 'one' }
    build(engine, files, ['-t', `${name}/app:1`, '-t', `${name}/app:latest`], buildkit)
    // The same name for something else: the first is dangling then.
    build(engine, { ...files, main: 'two' }, ['-t', `${name}/app:latest`], buildkit)
    if (!brief) {
      build(engine, { ...files, main: 'three' }, ['-t', `${name}/app:1`], buildkit)
      build(engine, { ...files, main: 'four' }, ['--target', 'build'], buildkit)
    }
    build(
      engine,
      {
        Dockerfile:
          'FROM all/base:1\nMAINTAINER Žofia Müller <z@example.org>\nADD odd.tar /\nRUN rm -r /odd/-rf "/odd/with space"\n',
        'odd.tar': oddArchive(),
      },
      ['-t', `${name}/odd:1`],
      buildkit,
    )
    build(
      engine,
      { Dockerfile: 'FROM scratch\nCOPY a/b /a/b\n', 'a/b': size(5_000) },
      ['-t', `${name}/scratch:1`],
      buildkit,
    )
    build(
      engine,
      { Dockerfile: 'FROM scratch\nLABEL none="no layer at all"\nENV ONLY=env\n' },
      ['-t', `${name}/bare:1`],
      buildkit,
    )
  }
  engine.must(['tag', 'bk/app:1', 'again/app:1'])
}

function makeVolumes(engine: DockerEngine): void {
  for (const words of [
    ['data'],
    ['--label', 'purpose=backup', '--label', 'empty=', 'labelled'],
    ['-o', 'type=tmpfs', '-o', 'device=tmpfs', '-o', 'o=size=1m', 'in-memory'],
    ['-o', 'type=none', '-o', `device=${join(engine.home, 'bound')}`, '-o', 'o=bind', 'elsewhere'],
    [],
  ])
    engine.must(['volume', 'create', ...words])
  mkdirSync(join(engine.home, 'bound'))
}

function runContainers(engine: DockerEngine, random: Random): void {
  const logs = (options: string): string[] => options.split(' ').flatMap((option) => ['--log-opt', option])
  const small = logs('max-size=2k max-file=3')
  const says = (times: number): string => `seq ${times} ${times + 150 + random.below(300)}`
  const run = (name: string, options: readonly string[], image: string, script: string): void => {
    engine.docker([
      'run',
      '--network',
      'none',
      '--stop-signal',
      'SIGKILL',
      '--name',
      name,
      ...options,
      image,
      'sh',
      '-c',
      script,
    ])
  }
  // Through FUSE the engine sees the names of one file as so many files, and counts them all.
  const linked = engine.driver === 'fuse-overlayfs' ? 'true' : 'ln /odd/new /hard'
  engine.must(['create', '--network', 'none', '--name', 'created', '-v', '/anonymous', 'classic/app:1'])
  engine.must(['create', '--network', 'none', '--name', 'layerless', 'classic/bare:1', '/nothing'])
  run('finished', ['--label', 'kind=job'], 'all/base:1', 'echo done')
  run('failed', [], 'bk/app:1', 'echo about to fail; exit 42')
  run('chatty', small, 'all/base:1', says(1000))
  run('squeezed', [...small, ...logs('compress=true')], 'all/base:1', says(2000))
  run('local-logs', ['--log-driver', 'local', ...logs('max-size=2k max-file=3')], 'all/base:1', says(3000))
  run('no-logs', ['--log-driver', 'none'], 'all/base:1', says(4000))
  run(
    'filler',
    ['-v', 'data:/data', '-v', 'labelled:/backup:ro', '-v', 'in-memory:/memory', '-v', 'elsewhere:/else'],
    'classic/app:latest',
    `${written(random, 60_000)} >/data/numbers; ln /data/numbers /data/same; ln -s numbers /data/link; echo x >/else/x`,
  )
  run('reader', ['--volumes-from', 'filler:ro'], 'all/base:1', 'cat /data/numbers >/copy')
  run(
    'bound',
    ['-v', '/usr/share/misc:/misc:ro', '--tmpfs', '/tmp', '--rm=false'],
    'all/base:1',
    'echo bound >/tmp/x',
  )
  run(
    'changes',
    [],
    'bk/odd:1',
    `rm -rf /odd; mkdir /odd; ${written(random, 20_000)} >/odd/new; mkfifo /pipe; ${linked}`,
  )
  run(
    'running',
    ['-d', '-v', 'data:/data', '-v', '/scratch'],
    'bk/app:1',
    `${written(random, 30_000)} >/scratch/s; ${written(random, 30_000)} >/own; sleep 100000`,
  )
  run('cannot-start', ['-d', '-v', '/made-for-nothing'], 'deep:1', '')
  run(
    'in-pause',
    ['-d', '-v', 'in-memory:/memory', '--restart', 'on-failure:3'],
    'all/base:1',
    'echo paused; sleep 100000',
  )
  run('stopped', ['-d', '--restart', 'unless-stopped'], 'again/app:1', 'sleep 100000')
  run('on-the-odd', ['-d', '--log-driver', 'local'], 'classic/odd:1', 'echo local; sleep 100000')
  engine.must(['pause', 'in-pause'])
  engine.must(['stop', 'stopped'])
}

function commitAndForget(engine: DockerEngine, random: Random): void {
  engine.must(['commit', '-a', 'A. Uthor', '-m', 'what it left', 'changes', 'committed:snap'])
  engine.must(['commit', 'running'])
  engine.must(['commit', '-c', 'ENV LATER=1', 'in-pause', 'committed:paused'])
  build(
    engine,
    { Dockerfile: `FROM all/base:1\nRUN ${written(random, 40_000)} >/gone\n` },
    ['-t', 'soon-gone'],
    false,
  )
  engine.must(['create', '--network', 'none', '--name', 'orphaned', 'soon-gone'])
  engine.must(['rmi', '-f', 'soon-gone'])
  engine.must(['rename', 'failed', 'renamed'])
}
