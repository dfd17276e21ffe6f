import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))

/** Where Node.js itself would keep compiled modules: a worker is there in half the time. */
const NODE_COMPILE_CACHE = `${tmpdir()}/node-compile-cache`

/** What a worker tells: see worker.ts. */
export interface WorkerLine {
  readonly type: 'ready' | 'run' | 'failed' | 'trouble' | 'end'
  readonly [field: string]: unknown
}

/** One process, from its start to its end; given strace's command line, that one and the process below it. */
export class Life {
  readonly name: string
  readonly lines: WorkerLine[] = []
  readonly child: ChildProcess
  readonly ended: Promise<number | NodeJS.Signals>
  isOver = false
  isReady = false
  readonly #isGroup: boolean

  constructor(name: string, args: readonly string[], strace: readonly string[] = []) {
    this.name = name
    this.#isGroup = strace.length > 0
    const [command = '', ...rest] = [...strace, process.execPath, program, ...args]
    // Detached: a Ctrl-C is for this program alone.
    this.child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
      env: { ...process.env, NODE_COMPILE_CACHE },
    })
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
    this.killNow()
    await this.ended
  }

  /** strace by itself would only let go of the process below it. */
  killNow(): void {
    const { pid } = this.child
    if (this.isOver || pid === undefined) return
    try {
      if (this.#isGroup) process.kill(-pid, 'SIGKILL')
      else this.child.kill('SIGKILL')
    } catch {
      // It has just ended.
    }
  }
}

const living = new Set<Life>()

/** Ends what is left of this program's processes. */
export function killAll(): void {
  for (const life of living) life.killNow()
}
