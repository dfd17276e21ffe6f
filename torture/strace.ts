// What is done to a process at one of its system calls, by strace's injection.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Fault {
  /** One call, under the names that it has here and there. */
  readonly calls: string
  readonly what: 'signal=SIGKILL' | 'error=ENOSPC' | 'error=EIO'
  /** So it stays for as long as the process lives, as when a disk is full. */
  readonly stays?: true
}

const WRITTEN = ['', '-wal', '-shm', '-journal']

/** Why there can be no sweep here; `undefined` when there can. */
export function whyNoSweep(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has strace'
  const { status } = spawnSync('strace', ['-f', '-qq', '-y', '--seccomp-bpf', '-o', '/dev/null', 'true'])
  return status === 0 ? undefined : 'strace is not installed, or may not trace'
}

/** The command line that notes these calls. */
export function noting(calls: string, folder: string, trace: string): readonly string[] {
  // A lock file that is removed has no name that could be told beforehand.
  const isAnyFile = calls === 'unlink'
  const paths = isAnyFile ? [] : WRITTEN.flatMap((suffix) => ['-P', `${folder}/runs.db${suffix}`])
  return ['strace', '-f', '-qq', '-y', '-s', '0', ...paths, '-o', trace, '-e', `trace=${calls}`]
}

/** The command line that does it at the call of this number, from 1 on. */
export function injecting({ calls, what, stays }: Fault, at: number, folder: string, trace: string): readonly string[] {
  // The filter makes it faster, and swallows signals (strace 6.1).
  const faster = what.startsWith('signal') ? [] : ['--seccomp-bpf']
  return [
    ...noting(calls, folder, trace),
    ...faster,
    '-e',
    `inject=${calls}:${what}:when=${at}${stays === true ? '+' : ''}`,
  ]
}

/** The calls of a trace, without the ends of those that were interrupted by another thread's line. */
export function callsIn(trace: string): readonly string[] {
  return linesOf(trace).filter((line) => /^\d+ +\w+\(/.test(line))
}

/** The file at whose call the fault came: `db`, `wal`, `shm`, `journal` or `lock`; `undefined` when it did not come. */
export function metIn({ what }: Fault, at: number, trace: string): string | undefined {
  const isKill = what.startsWith('signal')
  if (isKill && !linesOf(trace).some((line) => line.endsWith('+++ killed by SIGKILL +++'))) return undefined
  const calls = callsIn(trace)
  const line = isKill ? calls[at - 1] : calls.find((call) => call.includes('(INJECTED)'))
  if (line === undefined) return undefined
  return line.includes('.lock') ? 'lock' : /runs\.db-?(\w*)/.exec(line)?.[1] || 'db'
}

function linesOf(trace: string): readonly string[] {
  return readFileSync(trace, 'utf8').split('\n')
}
