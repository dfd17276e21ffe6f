import type { ToolCallPart, ToolResultPart } from '@executus/llm'

import { RunError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import type { Ending } from '../result.ts'

/** Notices a run that gets nowhere. */
export interface Guards {
  /** Takes note of a step's calls; gives their results, with a word to a model that repeats itself. */
  note(
    calls: readonly ToolCallPart[],
    results: readonly ToolResultPart[],
    limits: Required<Limits>,
  ): readonly ToolResultPart[]
  /** Why the run should stop, if so. */
  verdict(limits: Required<Limits>): Ending | undefined
}

// A loop that is longer than this many different calls is one for the step limit.
const REMEMBERED_CALLS = 64
// One that asks again and gets something new may be waiting for it: it has this many times the patience.
const CHANGING_RESULTS = 2

export function createGuards(): Guards {
  const seen = new Map<string, { readonly answer: string; readonly same: number; readonly all: number }>()
  let failedSteps = 0
  let repeated: string | undefined

  return {
    note(calls, results, { maxRepeatedCalls }) {
      failedSteps = results.every((result) => result.isError) ? failedSteps + 1 : 0
      return results.map((result, index) => {
        const { same, all } = countOf(calls[index]!, result)
        const most = maxRepeatedCalls * CHANGING_RESULTS
        if (same < maxRepeatedCalls && all < most) return result
        const isSame = same >= maxRepeatedCalls
        if (same > maxRepeatedCalls) repeated = `${result.name} was called ${same} times with one result`
        else if (all > most) repeated = `${result.name} was called ${all} times with the same arguments`
        const text = `[note: this is the same call${isSame ? ' with the same result' : ''} for the ${isSame ? same : all}th time. Use what you have, or do something else.]`
        return { ...result, content: [...result.content, { type: 'text', text }] }
      })
    },
    verdict({ maxToolErrors }) {
      if (repeated !== undefined) return stuck('repeated-call', repeated)
      if (failedSteps >= maxToolErrors)
        return stuck('tool-errors', `every tool call failed in ${failedSteps} steps in a row`)
      return undefined
    },
  }

  /** How often this very call was made, and in how many of the last of them it gave one result. */
  function countOf(call: ToolCallPart, result: ToolResultPart): { readonly same: number; readonly all: number } {
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
    const value: unknown = JSON.parse(argumentsText)
    return isSorted(value) ? JSON.stringify(value) : JSON.stringify(value, sortKeys)
  } catch {
    return argumentsText
  }
}

/** Most models keep to one order, and a replacer costs several times what it replaces. */
function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isSorted)
  let before = ''
  for (const [key, inner] of Object.entries(value)) {
    if (key < before || !isSorted(inner)) return false
    before = key
  }
  return true
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The text is compared as it is, and most results are one text: no copy is made of those. */
function answerOf({ content }: ToolResultPart): string {
  const [first] = content
  return content.length === 1 && first?.type === 'text' ? first.text : JSON.stringify(content)
}
