import type { RunEvent, RunEventOf } from '@executus/core'

import { digest, digestOfCall, digestOfResult } from './digest.ts'
import type { PatternCause, PatternOptions } from './pattern-options.ts'

/** A call as often as it was made in one step: once. */
interface Action {
  readonly tool: string
  readonly result: string
  readonly isError: boolean
}

/** In how many steps in a row a call was made with one result, and in how many it failed. */
interface Streak {
  readonly result: string
  readonly same: number
  readonly errors: number
}

/** Two steps are the same when their calls and results are. */
interface StepDigest {
  readonly digest: string
  readonly tools: readonly string[]
}

/** Notices a run that does the same over and over. Core's own guards stop what is the same to the letter. */
export class Patterns {
  readonly #most: Required<PatternOptions>
  /** Of the present step, by call id. */
  readonly #results = new Map<string, Omit<Action, 'tool'>>()
  #streaks = new Map<string, Streak>()
  #last: StepDigest | undefined
  #lastButOne: StepDigest | undefined
  #alternating = 0
  #spoken = 0

  constructor(most: Required<PatternOptions>) {
    this.#most = most
  }

  /** Gives what the run does over and over, once; it is noticed again when it has done so as often again. */
  note(event: RunEvent): PatternCause | undefined {
    if (event.type === 'phase-start') this.#reset()
    else if (event.type === 'steer-delivered') this.#spoken = 0
    else if (event.type === 'tool-call-end') {
      const { result, callId } = event
      this.#results.set(callId, { result: digestOfResult(result), isError: result.isError })
    } else if (event.type === 'step-end') {
      const cause = this.#noteStep(event)
      this.#results.clear()
      if (cause !== undefined) this.#reset()
      return cause
    }
    return undefined
  }

  #noteStep({ message }: RunEventOf<'step-end'>): PatternCause | undefined {
    const actions = new Map<string, Action>()
    for (const part of message.content) {
      if (part.type !== 'tool-call') continue
      const result = this.#results.get(part.id) ?? NO_RESULT
      actions.set(digestOfCall(part.name, part.argumentsText), { tool: part.name, ...result })
    }
    return this.#monologue(actions) ?? this.#repetition(actions) ?? this.#pingPong(actions)
  }

  #monologue({ size }: ReadonlyMap<string, Action>): PatternCause | undefined {
    this.#spoken = size === 0 ? this.#spoken + 1 : 0
    return this.#spoken >= this.#most.monologue ? { type: 'monologue', times: this.#spoken } : undefined
  }

  #repetition(actions: ReadonlyMap<string, Action>): PatternCause | undefined {
    const streaks = new Map<string, Streak>()
    let found: PatternCause | undefined
    for (const [call, { tool, result, isError }] of actions) {
      const before = this.#streaks.get(call)
      const same = before?.result === result ? before.same + 1 : 1
      const errors = isError ? (before?.errors ?? 0) + 1 : 0
      streaks.set(call, { result, same, errors })
      if (errors >= this.#most.repeatedError) found ??= { type: 'repeated-error', tool, times: errors }
      else if (same >= this.#most.repeatedAction) found ??= { type: 'repeated-action', tool, times: same }
    }
    this.#streaks = streaks
    return found
  }

  #pingPong(actions: ReadonlyMap<string, Action>): PatternCause | undefined {
    const step = stepDigest(actions)
    const before = this.#last
    const isBack = step !== undefined && before !== undefined && step.digest !== before.digest
    const isAgain = isBack && this.#lastButOne?.digest === step.digest
    this.#alternating = isAgain ? this.#alternating + 1 : Number(isBack) + 1
    this.#lastButOne = before
    this.#last = step
    if (!isAgain || this.#alternating < this.#most.pingPong) return undefined
    const tools = [...new Set([...before.tools, ...step.tools])]
    return { type: 'ping-pong', tools, times: this.#alternating }
  }

  #reset(): void {
    this.#streaks.clear()
    this.#last = undefined
    this.#lastButOne = undefined
    this.#alternating = 0
    this.#spoken = 0
  }
}

const NO_RESULT = { result: '', isError: false }

function stepDigest(actions: ReadonlyMap<string, Action>): StepDigest | undefined {
  if (actions.size === 0) return undefined
  const parts = [...actions].map(([call, { result }]) => `${call} ${result}`).toSorted()
  return { digest: digest(parts.join('\n')), tools: [...actions.values()].map(({ tool }) => tool) }
}
