/** Options of layerscope that take a value, as far as they can stand before a docker command. */
export const WITH_VALUE = ['--root', '--format', '--filter', '--sort', '--engine', '--assume-running']

/**
 * Puts `--` before the docker command of `whatif`, so that its options are left to it: layerscope's own stand before
 * it. Any other command line stays as it is. `argv` is that of the process.
 */
export function protectDockerCommand(argv: readonly string[]): readonly string[] {
  const command = nextWord(argv, 2)
  if (argv[command] !== 'whatif') return argv
  const docker = nextWord(argv, command + 1)
  if (docker >= argv.length || argv[docker] === '--') return argv
  return [...argv.slice(0, docker), '--', ...argv.slice(docker)]
}

/** Where the first word stands that is neither an option nor the value of one. */
function nextWord(argv: readonly string[], from: number): number {
  let at = from
  for (let word = argv[at]; word?.startsWith('-') && word !== '--'; word = argv[at])
    at += WITH_VALUE.includes(word) ? 2 : 1
  return at
}
