import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { onTestFinished } from 'vitest'

const program = new URL('./worker.test-kit.ts', import.meta.url)

/** A process of its own. */
export interface Worker {
  readonly child: ChildProcess
  /** What it has told so far. */
  readonly lines: readonly string[]
  /** Resolves when it has told this, or anything. */
  line(text?: string): Promise<void>
  kill(): Promise<void>
}

/** Starts one, which is gone after the test. */
export function start(work: string, path: string, runId = '', user: { readonly uid?: number } = {}): Worker {
  const child = spawn(process.execPath, [fileURLToPath(program), work, path, runId], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...user,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(line))
  return {
    child,
    lines,
    async line(text) {
      while (!(text === undefined ? lines.length > 0 : lines.includes(text))) {
        if (child.exitCode !== null) throw new Error(`The worker ended with ${child.exitCode}: ${lines.join(' ')}`)
        await sleep(5)
      }
    },
    async kill() {
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    },
  }
}
