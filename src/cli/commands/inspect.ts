import { escapeText } from '../../report/escape.ts'
import { inspectObject } from '../../report/inspect.ts'
import type { CommonOptions } from '../options.ts'
import { renderJson, requireFormat } from '../render.ts'
import type { Session } from '../session.ts'
import { requireObject } from './find.ts'

/** `inspect`: everything known of one object, with the files that say so. */
export function inspect({ report }: Session, options: CommonOptions, query: string): string {
  requireFormat(options, ['table', 'json', 'ndjson'])
  const found = requireObject(report, query)
  const known = inspectObject(report, found)
  if (options.format === 'ndjson') return JSON.stringify(known)
  return options.format === 'table' ? outline(known, '').join('\n') : renderJson(known)
}

/** A nested object as indented lines; empty members are left out. */
function outline(value: object, indent: string): string[] {
  return Object.entries(value).flatMap(([key, member]: [string, unknown]): string[] => {
    if (member === null || member === '') return [`${indent}${key}: -`]
    if (Array.isArray(member)) {
      if (member.length === 0) return []
      return [`${indent}${key}:`, ...member.flatMap((item: unknown) => listItem(item, `${indent}  `))]
    }
    if (typeof member === 'object')
      return Object.keys(member).length === 0 ? [] : [`${indent}${key}:`, ...outline(member, `${indent}  `)]
    return [`${indent}${escapeText(key)}: ${escapeText(String(member))}`]
  })
}

function listItem(item: unknown, indent: string): string[] {
  if (typeof item !== 'object' || item === null) return [`${indent}- ${escapeText(String(item))}`]
  const [first = '', ...rest] = outline(item, `${indent}  `)
  return [`${indent}- ${first.trimStart()}`, ...rest]
}
