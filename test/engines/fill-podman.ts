import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../conformance/whatif-engine/random.ts'
import { baseArchive, oddArchive } from './base-image.ts'
import { deepArchive } from './image-archive.ts'
import type { PodmanEngine } from './podman-engine.ts'

/** Fills a store with one of everything that podman keeps; the seed draws sizes. */
export function fillPodman(engine: PodmanEngine, random: Random, { layers }: { layers: number }): void {
  const written = (most: number): string => `head -c ${1 + random.below(most)} /dev/zero`
  const build = (files: Readonly<Record<string, string | Buffer>>, ...words: string[]): void => {
    const context = join(engine.home, 'context')
    mkdirSync(context)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(context, name), content)
    engine.must(['build', '-q', '--network', 'none', ...words, context])
    rmSync(context, { recursive: true })
  }
  engine.must(['import', '-q', '-c', 'CMD ["sleep","100000"]', '-', 'localhost/base:1'], baseArchive(random))
  engine.must(['tag', 'localhost/base:1', 'localhost:5000/team/base:1'])
  const stages = `FROM localhost/base:1 AS build
RUN mkdir /out; ${written(30_000)} >/out/program
FROM localhost/base:1
COPY --from=build /out /opt
COPY main /opt/main
RUN ln /opt/main /opt/hard; ln -s main /opt/soft; mkfifo /opt/pipe; mkdir -p /srv/d1; ${written(9_000)} >/srv/d1/old
RUN rm -rf /srv/d1 && mkdir /srv/d1 && echo new >/srv/d1/new; rm /opt/program
LABEL stage=app empty=""
VOLUME /kept
`
  build({ Containerfile: stages, main: 'one' }, '-t', 'localhost/app:1', '--layers')
  build({ Containerfile: stages, main: 'two' }, '-t', 'localhost/app:1', '--layers')
  build({ Containerfile: stages, main: 'three' }, '-t', 'localhost/flat:1', '--layers=false')
  build(
    {
      Containerfile: 'FROM localhost/base:1\nADD odd.tar /\nRUN rm -r /odd/-rf "/odd/with space"\n',
      'odd.tar': oddArchive(),
    },
    ...['-t', 'localhost/odd:1', '--layers'],
  )
  engine.must(['load', '-q'], deepArchive('localhost/deep:1', layers, random))
  engine.must(['manifest', 'create', 'localhost/list:1'])
  engine.must(['manifest', 'add', 'localhost/list:1', 'containers-storage:localhost/app:1'])

  engine.must(['volume', 'create', '--label', 'tier=db', 'data'])
  engine.must(['volume', 'create', '-o', 'type=tmpfs', '-o', 'device=tmpfs', 'in-memory'])
  engine.must(['volume', 'create'])
  const limits = ['--network', 'none', '--ulimit', 'nofile=256:256', '--ulimit', 'nproc=256:256']
  const run = (name: string, options: readonly string[], image: string, script: string): void => {
    engine.podman(['run', ...limits, '--name', name, ...options, image, 'sh', '-c', script])
  }
  engine.must(['create', '--name', 'created', '-v', 'data:/data', '-v', '/anonymous', 'localhost/app:1'])
  run('finished', ['--label', 'kind=job'], 'localhost/base:1', 'echo done')
  run('failed', [], 'localhost/app:1', 'exit 42')
  run(
    'writer',
    ['-v', 'data:/data'],
    'localhost/odd:1',
    `${written(60_000)} >/data/numbers; ${written(60_000)} >/own; rm -rf /odd; mkdir /odd`,
  )
  run('cannot-start', [], 'localhost/deep:1', 'echo')
  run(
    'running',
    ['-d', '-v', '/scratch'],
    'localhost/app:1',
    `${written(30_000)} >/scratch/s; ${written(9_000)} >/own; sleep 100000`,
  )
  run('in-pause', ['-d'], 'localhost/base:1', 'sleep 100000')
  engine.must(['pause', 'in-pause'])
  engine.must(['commit', '-q', 'writer', 'localhost/committed:snap'])
  engine.must(['commit', '-q', 'finished'])
  engine.must(['rename', 'failed', 'renamed'])
}
