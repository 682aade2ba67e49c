import { describe, expect, it } from 'vitest'
import { NO_LIMITS } from '../../../src/analysis/whatif/command.ts'
import { CommandLineError } from '../../../src/analysis/whatif/flags.ts'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { PRUNE_RULES, ruleOfVersion } from '../../../src/analysis/whatif/rules.ts'
import type { EngineRule } from '../../../src/model/model.ts'

const parse = (text: string, rule: EngineRule = '20.10') =>
  parseDockerCommand(text.split(' ').filter(Boolean), PRUNE_RULES[rule])

const filters = (entries: Record<string, string[]>) =>
  new Map(Object.entries(entries).map(([name, values]) => [name, new Set(values)]))

describe('a docker command line', () => {
  it.each([
    'docker system prune -a --volumes',
    'system prune --volumes --all',
    'docker system prune -af --volumes=true --force',
    'system prune --volumes -fa',
  ])('%s', (text) => {
    expect(parse(text)).toEqual({ kind: 'system-prune', all: true, volumes: true, filters: new Map() })
  })

  it('takes filters in both forms, several values of one name, and all after the first = as the value', () => {
    expect(
      parse('image prune --filter until=24h --filter=label=a=b --filter label!=c --filter label=d'),
    ).toEqual({
      kind: 'image-prune',
      all: false,
      filters: filters({ until: ['24h'], label: ['a=b', 'd'], 'label!': ['c'] }),
    })
  })

  it('lets a later value of a flag win', () => {
    expect(parse('image prune -a --all=false')).toMatchObject({ all: false })
    expect(parse('rm -f=0 x')).toMatchObject({ force: false })
  })

  it('takes names and flags in any order, and -- for names that look like flags', () => {
    expect(parse('rmi a -f b --no-prune -- -c')).toEqual({
      kind: 'rmi',
      names: ['a', 'b', '-c'],
      force: true,
      noPrune: true,
    })
    expect(parse('container rm -fv x')).toEqual({ kind: 'rm', names: ['x'], force: true, volumes: true })
  })

  it('counts sizes as docker does, in 1024', () => {
    expect(parse('builder prune --keep-storage 5MB')).toEqual({
      kind: 'cache-prune',
      all: false,
      filters: new Map(),
      limits: { ...NO_LIMITS, reservedBytes: 5 * 1024 * 1024 },
    })
    expect(parse('buildx prune --max-used-space 2g --min-free-space=10', '28')).toMatchObject({
      limits: { maxUsedBytes: 2 * 1024 ** 3, minFreeBytes: 10 },
    })
  })

  it.each([
    ['1', 1],
    ['1.25kib', 1280],
    ['2K', 2048],
    ['0.5Gb', 512 * 1024 ** 2],
    ['3iB', 3],
  ])('keeps %s, which is %i bytes', (text, reservedBytes) => {
    expect(parse(`builder prune --keep-storage ${text}`)).toMatchObject({
      limits: { reservedBytes },
    })
  })

  it.each(['x', 'x5MB', '5MBx', '-1', '1.kB', '1.xkB', '5xB', ''])('keeps no %j', (text) => {
    expect(() => parse(`builder prune --keep-storage=${text}`)).toThrow(
      `invalid argument "${text}" for "--keep-storage" flag: invalid size: '${text}'`,
    )
  })

  it.each([
    ['.5GB', 512 * 1024 ** 2],
    ['5.GB', 5 * 1024 ** 3],
    ['1e3', 1000],
    ['1_000', 1000],
    ['+5', 5],
    ['5b', 5],
    ['5KiB', 5120],
    ['2g', 2 * 1024 ** 3],
  ])('keeps %s from 28 on, which is %i bytes', (text, reservedBytes) => {
    expect(parse(`builder prune --keep-storage ${text}`, '28')).toMatchObject({ limits: { reservedBytes } })
  })

  it.each([
    ['-5', "invalid size: '-5'"],
    ['', "invalid size: ''"],
    ['inf', "invalid size: 'inf'"],
    ['1.5.5', 'strconv.ParseFloat: parsing "1.5.5": invalid syntax'],
    ['0x10', 'strconv.ParseFloat: parsing "0x10": invalid syntax'],
    ['1,000', 'strconv.ParseFloat: parsing "1,000": invalid syntax'],
    ['5ib', "invalid suffix: 'ib'"],
    ['1e', "invalid suffix: 'e'"],
    ['5EB', "invalid suffix: 'eb'"],
    ['5bb', "invalid suffix: 'bb'"],
    ['5kxxx', "invalid suffix: 'kxxx'"],
  ])('keeps no %j from 28 on', (text, why) => {
    expect(() => parse(`builder prune --keep-storage=${text}`, '28')).toThrow(
      `invalid argument "${text}" for "--keep-storage" flag: ${why}`,
    )
  })

  it('keeps nothing before 28 that Go reads as no number', () => {
    expect(() => parse('builder prune --keep-storage 1.5.5', '26')).toThrow(
      'strconv.ParseFloat: parsing "1.5.5": invalid syntax',
    )
  })

  it.each([
    '-D',
    '-l debug',
    '--log-level=debug',
    '--tls=false',
    '--config /tmp',
    '-c default',
    '--context default',
    '-H unix:///x',
    '-Dl debug --tlsverify',
  ])('may have %s before it', (flags) => {
    expect(parse(`docker ${flags} rm x`)).toMatchObject({ kind: 'rm', names: ['x'] })
  })

  it('is told to the plugin buildx where only that knows it', () => {
    expect(parse('buildx prune --verbose --builder x')).toMatchObject({ kind: 'cache-prune', buildx: true })
    expect(parse('builder prune --max-used-space 5', '28')).toMatchObject({ buildx: true })
    expect(parse('builder prune --keep-storage 5', '28')).not.toHaveProperty('buildx')
  })

  it.each(['container', 'network', 'volume'])('of %s prune has a filter', (kind) => {
    expect(parse(`${kind} prune -f --filter label=x`)).toMatchObject({
      kind: `${kind}-prune`,
      filters: filters({ label: ['x'] }),
    })
  })

  it('of volumes has names', () => {
    const expected = { kind: 'volume-rm', names: ['a', 'b'], force: true }
    expect(parse('volume rm -f a b')).toEqual(expected)
    expect(parse('volume remove a --force b')).toEqual(expected)
  })

  it.each<[string, EngineRule, string]>([
    ['volume prune -af', '20.10', "unknown shorthand flag: 'a' in -af"],
    ['volume prune --all', '20.10', 'unknown flag: --all'],
    ['image prune --filter', '20.10', 'flag needs an argument: --filter'],
    [
      'image prune --filter x',
      '20.10',
      'invalid argument "x" for "--filter" flag: bad format of filter (expected name=value)',
    ],
    ['image prune now', '20.10', '"docker image prune" accepts no arguments.'],
    ['rmi', '20.10', '"docker rmi" requires at least 1 argument.'],
    ['rm -f', '23', '"docker rm" requires at least 1 argument.'],
    ['rm', '28', "docker: 'docker rm' requires at least 1 argument"],
    ['image prune now', '28', "docker: 'docker image prune' accepts no arguments"],
    ['builder prune --verbose', '20.10', 'unknown flag: --verbose'],
    ['--xx rm a', '20.10', 'unknown flag: --xx'],
    ['--tls=zz rm a', '20.10', 'invalid argument "zz" for "--tls" flag'],
    ['container remove a', '20.10', 'has no container remove'],
    ['rmi --platform x a', '26', 'unknown flag: --platform'],
    ['rmi --platform x a', '28', 'is not simulated'],
    ['rm --link a/b', '28', 'is not simulated'],
    ['builder prune --max-used-space 1g', '20.10', 'unknown flag: --max-used-space'],
    ['system prune -a', 'legacy', "docker: 'system' is not a docker command."],
    ['ps -a', '20.10', '"docker ps -a" is not simulated here.'],
    ['docker', '20.10', 'No docker command was given.'],
  ])('%s on %s is refused', (text, rule, message) => {
    expect(() => parse(text, rule)).toThrow(CommandLineError)
    expect(() => parse(text, rule)).toThrow(message)
  })

  it('knows -a of volume prune from 23 on', () => {
    expect(parse('volume prune -a', '23')).toEqual({ kind: 'volume-prune', all: true, filters: new Map() })
  })
})

describe('the rule set of a version', () => {
  it.each([
    ['20.10', '20.10'],
    ['19.03.1', '20.10'],
    ['1.9.1', 'legacy'],
    ['24', '23'],
    ['27.3', '26'],
    ['28.5.2', '28'],
    ['29.6', '29'],
    ['30', null],
    ['new', null],
  ])('%s is %s', (version, rule) => {
    expect(ruleOfVersion(version)).toBe(rule)
  })
})
