import type { ToolCallPart, ToolResultPart } from '@executus/llm'

import { RunError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import type { Ending } from '../result.ts'

// A loop that is longer than this many different calls is one for the step limit.
const REMEMBERED_CALLS = 64
// One that asks again and gets something new may be waiting for it: it has this many times the patience.
const CHANGING_RESULTS = 2

/** What a call gave when it was made last, how often in a row, and how often it was made. */
interface Seen {
  readonly answer: string
  readonly same: number
  readonly all: number
}

/** Notices a run that gets nowhere. */
export class Guards {
  #seen: Map<string, Seen> | undefined
  #failedSteps = 0
  #repeated: string | undefined

  /** Takes note of a step's calls; gives their results, with a word to a model that repeats itself. */
  note(
    calls: readonly ToolCallPart[],
    results: readonly ToolResultPart[],
    { maxRepeatedCalls }: Required<Limits>,
  ): readonly ToolResultPart[] {
    this.#failedSteps = results.every((result) => result.isError) ? this.#failedSteps + 1 : 0
    const most = maxRepeatedCalls * CHANGING_RESULTS
    return results.map((result, index) => {
      const { same, all } = this.#countOf(calls[index]!, result)
      const isSame = same >= maxRepeatedCalls
      if (all === 1 || (!isSame && all < most)) return result
      if (same > maxRepeatedCalls) this.#repeated = `${result.name} was called ${same} times with one result`
      else if (all > most) this.#repeated = `${result.name} was called ${all} times with the same arguments`
      const what = isSame ? `the same call with the same result, ${same} times now` : `the same call, ${all} times now`
      const text = `[note: this is ${what}. Use what you have, or do something else.]`
      return { ...result, content: [...result.content, { type: 'text', text }] }
    })
  }

  /** Why the run should stop, if so. */
  verdict({ maxToolErrors }: Required<Limits>): Ending | undefined {
    if (this.#repeated !== undefined) return stuck('repeated-call', this.#repeated)
    if (this.#failedSteps >= maxToolErrors)
      return stuck('tool-errors', `every tool call failed in ${this.#failedSteps} steps in a row`)
    return undefined
  }

  /** How often this very call was made, and in how many of the last of them it gave one result. */
  #countOf(call: ToolCallPart, result: ToolResultPart): { readonly same: number; readonly all: number } {
    const seen = (this.#seen ??= new Map<string, Seen>())
    const key = `${call.name} ${canonical(call.argumentsText)}`
    const answer = answerOf(result)
    const before = seen.get(key)
    const same = before?.answer === answer ? before.same + 1 : 1
    const all = (before?.all ?? 0) + 1
    seen.delete(key)
    seen.set(key, { answer, same, all })
    if (seen.size > REMEMBERED_CALLS) seen.delete(seen.keys().next().value!)
    return { same, all }
  }
}

function stuck(stopReason: 'repeated-call' | 'tool-errors', what: string): Ending {
  return { status: 'error', stopReason, error: new RunError(stopReason, `The run got nowhere: ${what}`) }
}

/** What stays the same when a model writes the same arguments in another order or with other spaces. */
function canonical(argumentsText: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(argumentsText)))
  } catch {
    return argumentsText
  }
}

/** A value with the keys of its objects in order. Not as a replacer of JSON.stringify: that costs five times as much. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value)
  if (entries.length < 2) return entries.length === 0 ? value : { [entries[0]![0]]: sorted(entries[0]![1]) }
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** The text is compared as it is, and most results are one text: no copy is made of those. */
function answerOf({ content }: ToolResultPart): string {
  const [first] = content
  return content.length === 1 && first?.type === 'text' ? first.text : JSON.stringify(content)
}
