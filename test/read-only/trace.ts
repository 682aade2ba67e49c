import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Why system calls cannot be seen here; null where they can. */
export function whyNoTrace(): string | null {
  const probe = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
  if (probe.error !== undefined) return 'strace is not installed'
  return probe.status === 0 ? null : `strace may not trace here: ${probe.stderr.trim()}`
}

/** What stands before a command whose every system call, of every thread, goes to a file. */
export const traced = (log: string): string[] => ['strace', '-f', '-qq', '-y', '-s', '512', '-o', log]

export interface Place {
  readonly root: string
  /** Where the program itself lies. */
  readonly program: string
  /** Files that the user named to be read. */
  readonly named?: readonly string[]
  /** The one file that the user asked to have written. */
  readonly output?: string
}

/** What a traced run did that no run may do, and how much was seen. */
export interface Verdict {
  readonly wrong: readonly string[]
  readonly calls: number
  /** Files and directories below the root that were opened. */
  readonly openedBelowRoot: number
  /** How often the file that the user asked for was opened to be written. */
  readonly openedOutput: number
}

/** Calls that change nothing outside the process, whatever their arguments. */
const HARMLESS = new Set(
  `access arch_prctl brk capget clock_gettime clock_nanosleep clone clone3 close dup dup2 dup3 epoll_create1 epoll_ctl
  epoll_pwait epoll_wait eventfd2 exit exit_group faccessat faccessat2 fstat fstatfs futex get_mempolicy getcwd getdents64
  getegid geteuid getgid getpgrp getpid getppid getrandom getrlimit getrusage gettid gettimeofday getuid lseek lstat madvise
  membarrier mprotect mremap munmap nanosleep newfstatat pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl
  pread64 prlimit64 read readlink readlinkat readv restart_syscall rseq rt_sigaction rt_sigprocmask rt_sigreturn
  rt_sigtimedwait sched_getaffinity sched_setscheduler sched_yield set_robust_list set_tid_address setpriority
  sigaltstack stat statfs statx sysinfo tgkill times uname wait4`.split(/\s+/),
)

const ON_TERMINALS =
  /^(TCGETS|TCSETS[WF]?|TIOCGWINSZ|TIOCGPGRP|TIOCGPTN|FIONBIO|FIONREAD|FIOCLEX|SNDCTL_TMR.*)/
const WRITABLE = /<(pipe:\[\d+\]|anon_inode:\[eventfd\]|\/dev\/(pts\/\d+|tty|null))>$/
const DESCRIPTOR_FLAGS = /^F_(GETFD|SETFD|GETFL|SETFL|DUPFD|DUPFD_CLOEXEC|GETPIPE_SZ)$/
const READING = /^(O_RDONLY|O_CLOEXEC|O_NOFOLLOW|O_NONBLOCK|O_DIRECTORY|O_LARGEFILE|O_NOATIME|O_PATH|\|)+$/
const TERMINALS = /^\/dev\/(tty|null|pts\/\d+)$/

/** Files of the system and the kernel that Node and its libraries read by themselves, and those that tell of the host. */
const OF_THE_SYSTEM =
  /^\/(lib|lib64|usr\/lib|usr\/lib64|usr\/share|usr\/local\/lib|etc\/ld\.so|etc\/ssl\/|etc\/localtime|etc\/pki\/|proc(\/|$)|sys\/(fs\/cgroup|devices|kernel\/mm)|dev\/urandom)/

/** Goes through a log of strace. */
export function judgeTrace(log: string, place: Place): Verdict {
  const wrong: string[] = []
  let [calls, openedBelowRoot, openedOutput, started] = [0, 0, 0, 0]
  for (const line of readFileSync(log, 'latin1').split('\n')) {
    // The rest of a call that was begun in an earlier line, a signal, or the end of a thread.
    const call = /^(?:\d+ +)?(\w+)\((.*)$/.exec(line)
    if (call === null) continue
    const [, name = '', args = ''] = call
    calls++
    if (name === 'open' || name === 'openat') {
      const opening = judgeOpen(args, place)
      if (opening === 'below-root') openedBelowRoot++
      else if (opening === 'output') openedOutput++
      else if (opening === 'wrong') wrong.push(line)
    } else if (name === 'execve') {
      if (++started > 1) wrong.push(line)
    } else if (!isHarmless(name, args, place)) wrong.push(line)
  }
  return { wrong, calls, openedBelowRoot, openedOutput }
}

function isHarmless(name: string, args: string, { output }: Place): boolean {
  const first = args.split(', ')[0] ?? ''
  const second = /^[^,]+, ([A-Z_0-9]+)/.exec(args)?.[1] ?? ''
  switch (name) {
    case 'write':
    case 'writev':
      return WRITABLE.test(first) || (output !== undefined && first.endsWith(`<${output}>`))
    case 'fcntl':
      return DESCRIPTOR_FLAGS.test(second)
    case 'ioctl':
      return ON_TERMINALS.test(second)
    case 'mmap':
      // A mapping that is shared and writable would write to its file.
      return !(/MAP_SHARED/.test(args) && /PROT_WRITE/.test(args) && !/MAP_ANONYMOUS/.test(args))
    case 'kill':
      return false
    default:
      return HARMLESS.has(name)
  }
}

function judgeOpen(
  args: string,
  { root, program, named = [], output }: Place,
): 'below-root' | 'output' | 'allowed' | 'wrong' {
  const [, path = '', flags = ''] = /"((?:[^"\\]|\\.)*)"(?:\.\.\.)?, ([A-Z_|0-9a-z]+)/.exec(args) ?? []
  if (TERMINALS.test(path)) return 'allowed'
  if (path === output && flags === 'O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC') return 'output'
  if (!READING.test(flags)) return 'wrong'
  if (named.includes(path)) return 'allowed'
  if (path === root || path.startsWith(`${root}/`)) {
    // What is opened to read it is a directory that is listed, or a file that is no link.
    return /O_DIRECTORY|O_NOFOLLOW/.test(flags) ? 'below-root' : 'wrong'
  }
  if (/= -1 ENOENT/.test(args) || OF_THE_SYSTEM.test(path)) return 'allowed'
  const own = path === process.execPath || path.startsWith(`${program}/`) || dirname(program) === path
  return own ? 'allowed' : 'wrong'
}
