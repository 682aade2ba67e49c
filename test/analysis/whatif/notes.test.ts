import { describe, expect, it } from 'vitest'
import { notSimulated } from '../../../src/analysis/whatif/notes.ts'
import type { EngineRule } from '../../../src/model/model.ts'
import { cacheRecord } from '../build-model.ts'
import { simulatorOn } from './play-on.ts'

const notes = (engine: EngineRule, parts: Parameters<typeof simulatorOn>[0] = {}): string =>
  notSimulated(simulatorOn(parts, { engine })).join('\n')

describe('what a simulation leaves out', () => {
  it('is that its rules were held against no engine, where they were not', () => {
    for (const engine of ['20.10', '26', '28', 'legacy'] as const)
      expect(notes(engine)).not.toContain('follow its source')
    for (const engine of ['23', '29'] as const)
      expect(notes(engine)).toContain(`The rules of ${engine} follow its source`)
  })

  it('is the growth of the databases, where there is build cache', () => {
    expect(notes('28')).not.toContain('BuildKit')
    expect(notes('28', { cacheRecords: [cacheRecord('r')] })).toContain("BuildKit's databases never shrink")
  })

  it('is what the disk gets back, where nothing was measured', () => {
    expect(notes('28')).toContain('what the disk gets back is not known')
  })

  it('is that of 1.8 and 1.9 for all old engines', () => {
    expect(notes('legacy')).toContain('Docker 1.8 and 1.9')
    expect(notes('20.10')).not.toContain('Docker 1.8')
  })
})
