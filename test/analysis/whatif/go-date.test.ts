import { describe, expect, it } from 'vitest'
import { parseUntil } from '../../../src/analysis/whatif/durations.ts'

/** What docker 20.10.24 and 28.5.2 answered to `image prune -f --filter until=`; one answer where both gave the same. */
const ANSWERS: readonly (readonly [text: string, old: string, young?: string])[] = [
  [
    '2020-01-01t00:00:00z',
    'parsing time "2020-01-01t00:00:00z" as "2006-01-02Z07:00": cannot parse ":00z" as "Z07:00"',
    'parsing time "2020-01-01t00:00:00z" as "2006-01-02Z07:00": cannot parse "t00:00:00z" as "Z07:00"',
  ],
  ['99999999999h', 'failed to parse value as time or duration: "99999999999h"'],
  ['2020-02-30', 'parsing time "2020-02-30": day out of range'],
  ['2020-13-01', 'parsing time "2020-13-01": month out of range'],
  ['2020-01-01T24:00:00', 'parsing time "2020-01-01T24:00:00": hour out of range'],
  ['2020-1-1', 'parsing time "2020-1-1" as "2006-01-02": cannot parse "1-1" as "01"'],
  ['-100', 'parsing time "-100" as "2006-01-02": cannot parse "-100" as "2006"'],
  ['2020-01-01T10:60:00', 'parsing time "2020-01-01T10:60:00": minute out of range'],
  ['2020-00-10', 'parsing time "2020-00-10": month out of range'],
  ['2020-01-00', 'parsing time "2020-01-00": day out of range'],
  ['2020-02-30T10:00', 'parsing time "2020-02-30T10:00": day out of range'],
  ['2020-02-30T10:00:00Z', 'parsing time "2020-02-30T10:00:00Z": day out of range'],
  ['2020-02-30Z', 'parsing time "2020-02-30Z": day out of range'],
  ['2020-01-01T25', 'parsing time "2020-01-01T25": hour out of range'],
  ['2020', 'ok'],
  ['0', 'ok'],
  ['100', 'ok'],
  ['2020-01-01T1:00', 'ok'],
  ['2020-01-01T10:00:00.5', 'ok'],
  [
    '2020-01-01T10:00:00+25:00',
    'ok',
    'parsing time "2020-01-01T10:00:00+25:00": time zone offset hour out of range',
  ],
  [
    '2020-01-01T10:00:00+02',
    'parsing time "2020-01-01T10:00:00+02" as "2006-01-02T15:04Z07:00": cannot parse ":00+02" as "Z07:00"',
  ],
  ['abc', 'failed to parse value as time or duration: "abc"'],
  ['-1h', 'ok'],
  ['1e3', 'failed to parse value as time or duration: "1e3"'],
  ['9223372036854775808', 'failed to parse value as time or duration: "9223372036854775808"'],
  ['1.2.3', 'failed to parse value as time or duration: "1.2.3"'],
  ['1.', 'failed to parse value as time or duration: "1."'],
  ['.5', 'failed to parse value as time or duration: ".5"'],
  ['2562047h', 'ok'],
  ['2562048h', 'failed to parse value as time or duration: "2562048h"'],
  ['-2562048h', 'parsing time "-2562048h" as "2006-01-02": cannot parse "-2562048h" as "2006"'],
  ['9223372036854775808ns', 'failed to parse value as time or duration: "9223372036854775808ns"'],
  ['2020-01-01 10:00', 'parsing time "2020-01-01 10:00": extra text: " 10:00"'],
  [
    '01-01-2020',
    'parsing time "01-01-2020" as "2006-01-02": cannot parse "1-2020" as "2006"',
    'parsing time "01-01-2020" as "2006-01-02": cannot parse "01-01-2020" as "2006"',
  ],
  ['2020-01-01T10:00:61Z', 'parsing time "2020-01-01T10:00:61Z": second out of range'],
  ['2020/01/01', 'failed to parse value as time or duration: "2020/01/01"'],
  ['-', 'parsing time "-" as "2006-01-02": cannot parse "-" as "2006"'],
  ['a-b', 'parsing time "a-b" as "2006-01-02": cannot parse "a-b" as "2006"'],
  ['2020-01-01T', 'parsing time "2020-01-01T" as "2006-01-02T15": cannot parse "" as "15"'],
  ['2020-01-01T10:', 'parsing time "2020-01-01T10:" as "2006-01-02T15:04": cannot parse "" as "04"'],
  ['+100', 'ok'],
  [
    '2020-01-01T10:00:00-0700',
    'parsing time "2020-01-01T10:00:00-0700" as "2006-01-02T15:04Z07:00": cannot parse ":00-0700" as "Z07:00"',
  ],
  ['10000-01-01', 'parsing time "10000-01-01" as "2006-01-02": cannot parse "0-01-01" as "-"'],
]

const answer = (text: string, since120: boolean): string => {
  const moment = parseUntil(text, 0, { since120 })
  return 'why' in moment ? moment.why : 'ok'
}

describe('until is read, or refused in the words of the engine', () => {
  it.each(ANSWERS.map(([text, old, young = old]) => [text, old, young] as const))(
    '%s',
    (text, old, young) => {
      expect(answer(text, false)).toBe(old)
      expect(answer(text, true)).toBe(young)
    },
  )

  it('quotes all of an offset that is none from Go 1.20 on', () => {
    expect(answer('2020-01-01T00:00:00z', true)).toContain('cannot parse "z" as "Z07:00"')
  })
})
