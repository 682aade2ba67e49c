/** The command of a build step as its author wrote it, without what the builder put around it. */
export function commandText(createdBy: string): string {
  const text = createdBy.trim()
  if (text === '') return ''
  const instruction = /^(?:\/bin\/sh -c|cmd \/S \/C) #\(nop\)\s+(.*)$/s.exec(text)?.[1]
  if (instruction !== undefined) return instruction.trim()
  const shell = /^\/bin\/sh -c (.*)$/s.exec(text)?.[1]
  if (shell !== undefined) return `RUN ${shell.trim()}`
  const buildkit = /^(.*?)\s*# buildkit$/s.exec(text)?.[1]
  if (buildkit !== undefined) return buildkit.replace(/^RUN \/bin\/sh -c /, 'RUN ')
  return text
}
