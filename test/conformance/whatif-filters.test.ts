import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DockerEngine, whyNoDocker } from '../engines/docker-engine.ts'
import { observe } from './whatif-engine/observe.ts'
import { Random } from './whatif-engine/random.ts'
import { importBase } from './whatif-engine/random-state.ts'
import { playRound } from './whatif-engine/round.ts'

const BUILDS = 14

/** Filters of the build cache; {} stands for the id of a record, another one each time. */
const FILTERS = [
  ...[
    'id={}',
    'id=^{}$',
    'id={}$',
    'id={}|{}',
    'id=^({}|{})$',
    'id=/^{}.*/',
    'id=|{}|',
    'id=.*{}',
    'id={},x',
  ],
  ...['id={},type==regular', 'id={},type=regular', 'id={},mutable', 'id={},immutable', 'id={},private'],
  ...['id={},shared', 'id=(?i){}', 'id=\\A{}', 'id=/\\d/', 'id="a', "id='{}'", 'id=(?={})', 'id=(', 'id='],
  ...[
    'id=[[:digit:]]{5}',
    'id=(?P<x>[0-9]{4})',
    'id=[]a]{2}',
    'id=\\pN{4}',
    'id=a{1',
    'id=[b-a]',
    'id=\\Q9\\E7',
  ],
  ...['type=', 'type=a b', 'type="source.local"', 'type=source.local,inuse', 'type=none'],
  ...[
    'inuse=true',
    'shared=true',
    'private=true',
    'parent={}',
    'description=',
    'description~=.',
    'mutable=1',
  ],
  ...['until=1h2', 'until=5q', 'unused-for=', 'label=x', 'name=x'],
]

const reason = whyNoDocker()

describe.skipIf(reason !== null)(
  `filters of the build cache beside a real engine${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    let engine: DockerEngine
    let ids: readonly string[]
    beforeAll(async () => {
      engine = await DockerEngine.create()
      await engine.start()
      importBase(engine, new Random(1), 'base:1')
      for (let build = 0; build < BUILDS; build++) buildStep(engine, build)
      // Half of the steps are no image's any more.
      engine.must(['rmi', '-f', 'gone:1'])
      ids = [...(await observe(engine)).cacheRecords].sort()
    }, 300_000)
    afterAll(async () => engine.dispose())

    it('are understood as docker understands them', { timeout: 300_000 }, async () => {
      const unused = [...ids]
      for (const filter of FILTERS) {
        const text = filter.replaceAll('{}', () => unused.pop() ?? 'none')
        const round = await playRound(engine, ['builder', 'prune', '-af', `--filter=${text}`], {
          atRest: false,
        })
        expect.soft(round.differences, text).toEqual([])
      }
      expect(unused.length).toBeLessThan(ids.length)
    })
  },
)

function buildStep(engine: DockerEngine, build: number): void {
  const context = join(engine.home, 'context')
  mkdirSync(context)
  writeFileSync(join(context, 'file'), `of build ${build}`)
  writeFileSync(
    join(context, 'Dockerfile'),
    `FROM base:1\nCOPY file /file${build}\nRUN echo ${build} >/said\n`,
  )
  const name = build % 2 === 0 ? 'gone:1' : `kept:${build}`
  engine.must(['build', '-q', '-t', name, '--network', 'none', context], { buildkit: true })
  rmSync(context, { recursive: true })
}
