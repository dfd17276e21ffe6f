import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'

import type { ReplayClass } from '@executus/core'

/** What a tool tells of itself, and what is done to the processes: a line each, in the order in which it happened. */
export type EffectLine =
  | {
      readonly at: 'start' | 'done'
      readonly life: string
      readonly runId: string
      readonly callId: string
      /** The call's idempotency key. */
      readonly key: string
      readonly class: ReplayClass
    }
  /** `kill`: from here on others may do what this life was at. `dead`: it lives, and others are made to think otherwise. */
  | { readonly at: 'kill' | 'dead'; readonly life: string }

/** A file that outlives every process: a line is one write to the end of it, so that lines of two never mix. */
export class EffectLog {
  readonly path: string

  constructor(folder: string) {
    this.path = `${folder}/effects.log`
  }

  append(line: EffectLine): void {
    const file = openSync(this.path, 'a')
    writeSync(file, `${JSON.stringify(line)}\n`)
    closeSync(file)
  }

  read(): readonly EffectLine[] {
    if (!existsSync(this.path)) return []
    const lines = readFileSync(this.path, 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as EffectLine)
  }
}
