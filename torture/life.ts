import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))

/** What a worker tells: see worker.ts. */
export interface WorkerLine {
  readonly type: 'ready' | 'run' | 'failed' | 'trouble' | 'end'
  readonly [field: string]: unknown
}

/** One process, from its start to its end. */
export class Life {
  readonly name: string
  readonly lines: WorkerLine[] = []
  readonly child: ChildProcess
  readonly ended: Promise<number | NodeJS.Signals>
  isOver = false
  isReady = false

  constructor(name: string, args: readonly string[], through: readonly string[] = []) {
    this.name = name
    const [command = '', ...rest] = [...through, process.execPath, program, ...args]
    // Detached: a Ctrl-C is for this program alone.
    this.child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      this.child.once('close', (code, signal) => {
        this.isOver = true
        living.delete(this)
        resolve(signal ?? code ?? 0)
      })
    })
    living.add(this)
    createInterface(this.child.stdout!).on('line', (line) => {
      const told = JSON.parse(line) as WorkerLine
      this.lines.push(told)
      if (told.type === 'ready') this.isReady = true
    })
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }
}

const living = new Set<Life>()

/** Ends what is left of this program's processes. */
export function killAll(): void {
  for (const { child } of living) child.kill('SIGKILL')
}
