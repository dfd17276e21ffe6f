import { ensureError } from '@executus/llm'

import { serialise } from './serialise.ts'
import { truncate } from './tool-output.ts'

// An error message is for orientation; a tool that has more to say returns it.
const LONGEST = 2_000
// What went wrong below: `fetch failed` alone tells nobody that the name could not be resolved.
const MOST_CAUSES = 5

/** What was thrown, in words for a model, with what caused it. Strangers throw anything; this never does. */
export function describeThrown(thrown: unknown): string {
  const seen = new Set<unknown>()
  return truncate(wordsOf(thrown, seen) + causesOf(thrown, seen), LONGEST)
}

function wordsOf(thrown: unknown, seen: Set<unknown>): string {
  seen.add(thrown)
  try {
    return spelledOut(thrown)
  } catch {
    return 'a value that cannot be described'
  }
}

function spelledOut(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown === '' ? NOTHING_SAID : thrown
  if (typeof thrown !== 'object' || thrown === null) return `it threw ${String(thrown)}`
  if (!('message' in thrown)) return `it threw ${serialise(thrown, LONGEST).text}`
  const { message } = ensureError(thrown)
  if (message !== '') return message.slice(0, LONGEST)
  const { name } = thrown as { readonly name?: unknown }
  return typeof name === 'string' && name !== 'Error' ? name : NOTHING_SAID
}

const NOTHING_SAID = 'no reason given'

/** Each cause and inner error once, and not those that their error quotes. */
function causesOf(thrown: unknown, seen: Set<unknown>): string {
  let words = ''
  const left = innerOf(thrown)
  while (left.length > 0 && seen.size <= MOST_CAUSES) {
    const inner = left.shift()
    if (!seen.has(inner)) {
      const inWords = wordsOf(inner, seen)
      if (!words.includes(inWords)) words += ` (${inWords})`
      left.push(...innerOf(inner))
    }
  }
  return words
}

function innerOf(thrown: unknown): unknown[] {
  if (typeof thrown !== 'object' || thrown === null) return []
  try {
    const { cause, errors } = thrown as { readonly cause?: unknown; readonly errors?: unknown }
    const all: unknown[] = Array.isArray(errors) ? errors.slice(0, MOST_CAUSES) : []
    return cause === undefined ? all : [cause, ...all]
  } catch {
    return [] // a proxy or a getter
  }
}
