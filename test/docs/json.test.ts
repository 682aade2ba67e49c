import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { compare } from '../../src/cli/commands/compare.ts'
import { df } from '../../src/cli/commands/df.ts'
import { explain } from '../../src/cli/commands/explain.ts'
import { files } from '../../src/cli/commands/files.ts'
import { free } from '../../src/cli/commands/free.ts'
import { history } from '../../src/cli/commands/history.ts'
import { inspect } from '../../src/cli/commands/inspect.ts'
import { cache, containers, images, layers, volumes } from '../../src/cli/commands/lists.ts'
import { orphans } from '../../src/cli/commands/orphans.ts'
import { tree } from '../../src/cli/commands/tree.ts'
import { verify } from '../../src/cli/commands/verify.ts'
import { whatif } from '../../src/cli/commands/whatif.ts'
import { why } from '../../src/cli/commands/why.ts'
import type { CommonOptions } from '../../src/cli/options.ts'
import { type Session, sessionOf } from '../../src/cli/session.ts'
import { scan } from '../../src/scan/scan.ts'
import { fixtureRoot } from '../support/fixtures.ts'
import { scratch } from '../tree/scratch.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const written = readFileSync(join(project, 'docs/json.md'), 'utf8')

const OPTIONS: CommonOptions = {
  root: [],
  measure: true,
  bytes: false,
  binary: false,
  trunc: false,
  filter: [],
  color: false,
  ascii: false,
  sample: false,
  plain: false,
  format: 'json',
}

const sessionAt = (roots: readonly string[], measure: boolean): Session =>
  sessionOf(scan(roots, { measure, ...(measure ? { verify: 'deep' } : {}) }), false)

/** A docker's root with something of everything, damaged too. */
function brokenRoot(): string {
  const root = join(scratch(), 'root')
  execFileSync('cp', ['-a', fixtureRoot('overlay2-buildkit'), root])
  mkdirSync(join(root, 'overlay2', 'f'.repeat(64)))
  mkdirSync(join(root, 'volumes/lonely/_data'), { recursive: true })
  const [config = ''] = execFileSync('find', [join(root, 'containers'), '-name', 'config.v2.json'], {
    encoding: 'utf8',
  }).split('\n')
  writeFileSync(config, '{')
  const [record = ''] = execFileSync(
    'find',
    [join(root, 'image/overlay2/layerdb/sha256'), '-name', 'cache-id'],
    {
      encoding: 'utf8',
    },
  ).split('\n')
  writeFileSync(record, 'gone')
  return root
}

/** What each command prints, with the type that the documentation gives it. */
function answersOf(session: Session): [type: string, json: string][] {
  const { report } = session
  const some = <T>(list: readonly T[]): T[] => [...list.slice(0, 2), ...list.slice(-1)]
  const ids = (list: readonly { readonly id: string }[]): string[] => some(list).map(({ id }) => id)
  const pictures = some(report.images.filter((image) => image.layers.length > 0)).map(({ id }) => id)
  const objects = [
    ...pictures,
    ...ids(report.layers),
    ...ids(report.containers),
    ...ids(report.cacheRecords),
    ...some(report.volumes).map(({ name }) => name),
  ]
  const isLegacy = report.stores.some(({ layout }) => layout === 'graph')
  const prune = 'docker system prune -a --volumes -f'.split(' ')
  const command = isLegacy ? ['docker', 'rmi', ...ids(report.images)] : prune
  const hasDocker = report.engineView?.engine === 'docker' && report.images.length > 0
  return [
    ['Report', JSON.stringify(report)],
    ['Df', df(session, OPTIONS, { verbose: false })],
    ['Image[]', images(session, OPTIONS, { all: true })],
    ['Layer[]', layers(session, OPTIONS)],
    ['Container[]', containers(session, OPTIONS)],
    ['Volume[]', volumes(session, OPTIONS)],
    ['CacheRecord[]', cache(session, OPTIONS)],
    ['Orphan[]', orphans(session, OPTIONS)],
    ['Tree[]', tree(session, OPTIONS)],
    ['Verify', verify(session, OPTIONS)],
    ...pictures.map((id): [string, string] => ['Step[]', history(session, OPTIONS, id)]),
    ...objects.map((id): [string, string] => ['Inspect', inspect(session, OPTIONS, id)]),
    ...objects.map((id): [string, string] => ['Why', why(session, OPTIONS, id)]),
    ...[...pictures, ...ids(report.containers)].flatMap((id): [string, string][] => [
      ['Files', files(session, OPTIONS, id, { limit: null, depth: null })],
      ['Explain', String(explain(session, OPTIONS, id))],
    ]),
    ...(hasDocker
      ? ([
          ['Whatif', whatif(session, OPTIONS, command, {}).text],
          ...(report.ledger.measured ? [['Free', free(session, OPTIONS, '1GB', { volumes: true })]] : []),
        ] as [string, string][])
      : []),
  ]
}

it('prints what docs/json.md says, all of it and nothing beside', { timeout: 120_000 }, () => {
  const directory = scratch()
  const sessions = [
    ...(['overlay2-buildkit', 'legacy-aufs', 'podman-vfs', 'docker-containerd'] as const).map((name) =>
      sessionAt([fixtureRoot(name)], true),
    ),
    sessionAt([brokenRoot()], true),
    sessionAt([fixtureRoot('overlay-layerdb')], false),
  ]
  const answers = sessions.flatMap(answersOf)
  const reports = sessions.map(({ report }, index) => {
    const file = join(directory, `${index}.json`)
    writeFileSync(file, JSON.stringify(report))
    return file
  })
  for (const [before = '', after = ''] of [
    [reports[0], reports[1]],
    [reports[0], reports[4]],
    [reports[5], reports[0]],
  ])
    answers.push(['Compare', compare(OPTIONS, before, after, 0)])

  const types = [...written.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block)
  const documented = new Set([...written.matchAll(/^type (\w+)/gm)].map(([, name]) => name))
  for (const [type] of answers) expect([...documented]).toContain(type.replace('[]', ''))
  // A list that is empty everywhere would show nothing of its members.
  for (const list of new Set(answers.map(([type]) => type)))
    expect(
      answers.filter(([type, json]) => type === list && json.trim() !== '[]'),
      list,
    ).not.toEqual([])

  const program = [
    ...types,
    // Written out in place, so that a member that no type names is an error.
    ...answers.map(([type, json], index) => `export const answer${index}: ${type} = ${json.trim()}`),
  ].join('\n')
  writeFileSync(join(directory, 'answers.ts'), program)
  expect(check(directory)).toBe('')
})

/** What the compiler has to say. */
function check(directory: string): string {
  const compiler = join(project, 'node_modules/typescript/bin/tsc')
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--target',
    'es2023',
    '--types',
    '',
    '--pretty',
    'false',
  ]
  try {
    execFileSync(process.execPath, [compiler, ...options, 'answers.ts'], { cwd: directory, encoding: 'utf8' })
    return ''
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}
