import { existsSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { fileName } from '../formats/byte-name.ts'
import { asciiOnly, escapeJson, escapeLines, escapeText } from '../report/escape.ts'
import { paintText, type StyledLine } from '../report/styled-text.ts'
import { RootError } from '../scan/root-error.ts'
import type { ScanOptions } from '../scan/scan-events.ts'
import { withBytes } from './byte-arguments.ts'
import { compare } from './commands/compare.ts'
import { df } from './commands/df.ts'
import { explain as explainAssembly } from './commands/explain.ts'
import { type FilesOptions, files } from './commands/files.ts'
import { free, targetBytes } from './commands/free.ts'
import { history } from './commands/history.ts'
import { inspect } from './commands/inspect.ts'
import { cache, containers, images, layers, volumes } from './commands/lists.ts'
import { orphans } from './commands/orphans.ts'
import { report } from './commands/report.ts'
import { tree } from './commands/tree.ts'
import { openInterface, openTour } from './commands/ui.ts'
import { verification, verify } from './commands/verify.ts'
import { checkDockerCommand, type SimulationOptions, whatif } from './commands/whatif.ts'
import { why } from './commands/why.ts'
import { protectDockerCommand } from './docker-words.ts'
import { EXIT, UserError } from './exit.ts'
import { warnIncomplete } from './findings.ts'
import {
  addCommonOptions,
  addSimulationOptions,
  type CommonOptions,
  commonOptions,
  wholeNumber,
} from './options.ts'
import { print } from './output.ts'
import { openSession, type Session } from './session.ts'
import { VERSION } from './version.ts'

const EXAMPLES = `
Examples:
  layerscope                               open the terminal UI on this host's data roots
  layerscope df --root /mnt/var-lib-docker  where the space of a mounted disk went
  layerscope images --sort freed            which image gives back the most
  layerscope tree app:1                     the layers of an image, with their directories
  layerscope explain app:1                  how it is put together, from its tag to the mount
  layerscope report --json | jq .ledger     one exact report for scripts
  layerscope tour                           learn how layers work, on the bundled sample
  layerscope demo                           look around in the bundled sample

Exit codes: 0 complete; 1 the request could not be served; 2 served, but something could not be read;
3 verify found damage.
It only reads: nothing below a data root is written, locked, mounted or deleted.`

const PLAIN = 'the terminal UI as text that is read from top to bottom, for screen readers and dumb terminals'

/** Runs the program on a command line, and tells the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.complete
  const program = new Command('layerscope')
    .description(
      'Reads container image storage straight from disk, with no daemon, and says where the space went.',
    )
    .version(VERSION, '-V, --version')
    .helpCommand('help [command]', 'how to use a command')
    .exitOverride()
    .configureOutput({ writeOut: (text) => print(text) })
    .addHelpText('after', EXAMPLES)
    .argument('[root...]', 'data roots to open (default: those of this host)')
  addCommonOptions(program).option('--plain', PLAIN)

  const run = async (
    needs: ScanOptions,
    command: Command,
    serve: (session: Session, options: CommonOptions) => string | readonly StyledLine[] | undefined,
  ): Promise<void> => {
    const options = commonOptions(command)
    const session = await openSession(options, needs)
    print(fitForOutput(serve(session, options) ?? '', options))
    warnIncomplete(session)
    if (!session.complete && exitCode === EXIT.complete) exitCode = EXIT.incomplete
  }
  const measured = { measure: true }
  const recorded = { measure: false }
  const add = (usage: string, description: string): Command =>
    addCommonOptions(program.command(usage).description(description))

  program.action(async (roots: string[]) => {
    const unknown = roots.find((root) => !root.includes('/') && !existsSync(fileName(root)))
    if (unknown !== undefined)
      throw new UserError(
        `${JSON.stringify(unknown)} is neither a command nor a directory.`,
        'layerscope --help lists the commands.',
      )
    const options = commonOptions(program)
    exitCode = await openInterface({ ...options, root: [...options.root, ...roots] })
  })
  add('df', 'space by category: what docker (or podman) system df prints beside what the disk says')
    .option('-v, --verbose', 'every image, container, volume and cache record')
    .option('--engine <version>', 'the summary of this docker version instead of the one that the root shows')
    .action(({ verbose = false, ...own }: { verbose?: boolean; engine?: string }, command: Command) =>
      run(measured, command, (session, options) => df(session, options, { verbose, ...own })),
    )
  add('images', 'the images, as docker images lists them, with shared, unique and disk bytes')
    .option('-a, --all', 'the steps of builds as well')
    .action(({ all = false }: { all?: boolean }, command: Command) =>
      run(measured, command, (session, options) => images(session, options, { all })),
    )
  add('layers', 'the layers, with their users and directories').action((_own: object, command: Command) =>
    run(measured, command, layers),
  )
  add('containers', 'the containers, with writable layers and logs').action(
    (_own: object, command: Command) => run(measured, command, containers),
  )
  add('volumes', 'the volumes, with their users').action((_own: object, command: Command) =>
    run(measured, command, volumes),
  )
  add('cache', "BuildKit's cache records").action((_own: object, command: Command) =>
    run(measured, command, cache),
  )
  add(
    'tree [image]',
    'the layer forest: shared chains merged, with the images that end at each layer',
  ).action((image: string | undefined, _own: object, command: Command) =>
    run(measured, command, (session, options) => tree(session, options, image)),
  )
  add('history <image>', 'every step of an image, with its layer, size and directory').action(
    (image: string, _own: object, command: Command) =>
      run(recorded, command, (session, options) => history(session, options, image)),
  )
  add('inspect <object>', 'everything known of one image, layer, container, volume or cache record').action(
    (object: string, _own: object, command: Command) =>
      run(measured, command, (session, options) => inspect(session, options, object)),
  )
  add('why <path-or-id>', 'who owns a directory, file, id or link, and the chain of evidence').action(
    (query: string, _own: object, command: Command) =>
      run(recorded, command, (session, options) => why(session, options, query)),
  )
  add('explain <object-or-path>', 'how it is put together, step by step, from the files of this disk').action(
    (query: string, _own: object, command: Command) =>
      run(recorded, command, (session, options) => explainAssembly(session, options, query)),
  )
  add('orphans', 'what nobody owns, and what interrupted work left behind, with the places searched').action(
    (_own: object, command: Command) => run(measured, command, orphans),
  )
  add('files <image|layer|container>', 'what every layer adds, changes and removes, and what is wasted below')
    .option('--limit <rows>', 'rows of each table (default: what fits the screen)', wholeNumber)
    .option('--depth <n>', 'sum up what lies deeper than n directories', wholeNumber)
    .action((query: string, own: Partial<FilesOptions>, command: Command) =>
      run(recorded, command, (session, options) =>
        files(session, options, query, { limit: own.limit ?? null, depth: own.depth ?? null }),
      ),
    )
  add('verify', 'hashes, chain IDs, parents, links, missing data; exit code 3 where something is damaged')
    .option('--deep', 'read every layer and hash it again')
    .action(({ deep = false }: { deep?: boolean }, command: Command) =>
      run({ measure: false, verify: deep ? 'deep' : 'lists' }, command, (session, options) => {
        if (!verification(session).intact) exitCode = EXIT.damaged
        return verify(session, options)
      }),
    )
  addSimulationOptions(
    add('whatif <docker-command...>', 'what a docker command would remove, and what the disk would get back'),
  ).action((words: string[], own: SimulationOptions, command: Command) => {
    checkDockerCommand(words, own)
    return run(measured, command, (session, options) => {
      const { text, didNothing } = whatif(session, options, words, own)
      if (didNothing) exitCode = EXIT.failed
      return text
    })
  })
  addSimulationOptions(
    add('free <size>', 'the cheapest way to get that much back, as commands with what each gives and costs'),
  )
    .option('--volumes', 'volumes too: their data is lost for good')
    .action(
      (
        size: string,
        { volumes = false, ...own }: SimulationOptions & { volumes?: boolean },
        command: Command,
      ) => {
        targetBytes(size)
        return run(measured, command, (session, options) => free(session, options, size, { volumes, ...own }))
      },
    )
  add('report', 'the JSON report: everything, in one object')
    .option('-o, --output <file>', 'write it to a file instead of stdout')
    .action((own: { output?: string }, command: Command) =>
      run(measured, command, (session, options) => report(session, options, own)),
    )
  add('compare <before> <after>', 'what grew, appeared and went between two JSON reports; - is stdin').action(
    (before: string, after: string, _own: object, command: Command) => {
      const options = commonOptions(command)
      print(fitForOutput(compare(options, before, after, Date.now()), options))
    },
  )
  add('demo', 'the bundled sample: small real data roots of the old and the new layout')
    .option('--plain', PLAIN)
    .action(async (_own: object, command: Command) => {
      exitCode = await openInterface({ ...commonOptions(command), sample: true })
    })

  add(
    'tour',
    'a guided walk through the bundled sample: layers, tags, chains, deletes, and where the space goes',
  )
    .option('--plain', PLAIN)
    .action(async (_own: object, command: Command) => {
      exitCode = await openTour(commonOptions(command))
    })

  try {
    await program.parseAsync([...protectDockerCommand(argv)])
    return exitCode
  } catch (error) {
    return explain(error)
  }
}

/** What leaves the program: no control or hidden character of a name from disk, whichever the format. */
function fitForOutput(text: string | readonly StyledLine[], { format, ascii, color }: CommonOptions): string {
  if (typeof text !== 'string') return paintText(text, { color: color && process.stdout.isTTY, ascii })
  if (format === 'json' || format === 'ndjson') return escapeJson(text)
  if (format === 'csv') return escapeLines(text)
  return ascii ? asciiOnly(escapeLines(text)) : escapeLines(text)
}

/** Turns what was thrown into a sentence and an exit code; only what nobody foresaw gets a stack. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.excessArguments')
      process.stderr.write('Data roots are named with --root DIR, before or after the command.\n')
    return error.exitCode === 0 ? EXIT.complete : EXIT.failed
  }
  if (error instanceof UserError || error instanceof RootError) {
    const hint = error.hint === null ? '' : `\n${escapeText(error.hint)}`
    process.stderr.write(`layerscope: ${escapeText(error.message)}${hint}\n`)
    return EXIT.failed
  }
  process.stderr.write(
    `layerscope: this should not happen; please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return EXIT.failed
}

process.exitCode = await main(withBytes(process.argv))
