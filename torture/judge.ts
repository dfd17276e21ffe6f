// What must hold of a round, whatever was done to its processes.
import { isDeepStrictEqual } from 'node:util'

import type { JournalEntry, ToolOutcome } from '@executus/core'

import type { EffectLine } from './effect-log.ts'
import type { KeptRun } from './journals.ts'

export interface Violation {
  readonly runId: string
  readonly what: string
}

/** What was seen at one moment: these calls had their results, and the log was so long. */
export interface Sight {
  readonly done: ReadonlySet<string>
  readonly lines: number
}

/** How a run went, without what may differ: times, attempts, and the order in which calls of one reply ended. */
export interface Transcript {
  readonly said: readonly unknown[]
  readonly results: ReadonlyMap<string, unknown>
  readonly outcome: unknown
}

const UNKNOWN = 'its outcome is unknown'

/** No call begins that has its result, nor one of class `once` a second time, nor one that another life is at. */
export function judgeEffects(lines: readonly EffectLine[], sights: readonly Sight[]): readonly Violation[] {
  const violations: Violation[] = []
  const gone = new Set<string>() // lives that were killed or taken for dead
  const deceived = new Set<string>() // these may do once more what they were at
  const starts = new Map<string, string[]>()
  const calls = new Map<string, string>()
  const keys = new Map<string, string>()
  let done: ReadonlySet<string> = new Set()
  let next = 0
  for (const [index, line] of lines.entries()) {
    for (; next < sights.length && sights[next]!.lines <= index; next += 1) ({ done } = sights[next]!)
    if (line.at === 'kill' || line.at === 'dead') {
      gone.add(line.life)
      if (line.at === 'dead') deceived.add(line.life)
    }
    if (line.at !== 'start') continue
    const { runId, callId, key, life } = line
    const add = (what: string) => violations.push({ runId, what: `${what}: ${key} (${line.class}), in life ${life}` })
    const before = starts.get(key) ?? []
    starts.set(key, [...before, life])
    const call = `${runId} ${callId}`
    if ((calls.get(call) ?? key) !== key || (keys.get(key) ?? call) !== call) add('a call and its key are not one')
    calls.set(call, key)
    keys.set(key, call)
    if (line.class === 'once' && before.length > 0) add('a `once` call began twice')
    if (deceived.has(life)) continue
    if (done.has(key)) add('a call began that had its result')
    if (before.includes(life)) add('a call began twice in one life')
    for (const other of before) if (other !== life && !gone.has(other)) add(`a call began that life ${other} was at`)
  }
  return violations
}

/** Each run is settled, with one result a call, and came to what it comes to in peace. */
export function judgeJournals(
  journals: ReadonlyMap<string, KeptRun>,
  runIds: readonly string[],
  inPeace: ReadonlyMap<string, Transcript>,
): { readonly violations: readonly Violation[]; readonly inDoubt: number } {
  const violations: Violation[] = []
  let inDoubt = 0
  for (const runId of runIds) {
    if (!journals.has(runId)) violations.push({ runId, what: 'it is lost' })
    const family = [...journals.keys()].filter((id) => id === runId || id.startsWith(`${runId}/`))
    const expected = [...inPeace.keys()].filter((id) => kindOf(id) === kindOf(runId))
    if (!isDeepStrictEqual(family.map(nameless).toSorted(), expected.toSorted()))
      violations.push({ runId, what: `its runs are ${family.join(', ')}` })
  }
  for (const [runId, kept] of journals) {
    const add = (what: string) => violations.push({ runId, what })
    const { status, outcome } = kept.summary
    if (status !== 'settled' || outcome?.status !== 'ok') add(`it is ${status}, and ended as ${outcome?.status}`)
    const results = kept.entries.flatMap((entry) => (entry.type === 'result' ? [entry.key] : []))
    if (new Set(results).size < results.length) add('a call has two results')
    const mine = transcriptOf(runId, kept)
    const doubts = new Set([...mine.results].flatMap(([id, each]) => (isInDoubt(each) ? [id] : [])))
    inDoubt += doubts.size
    const peace = inPeace.get(nameless(runId))
    if (peace !== undefined) for (const what of differences(peace, mine, doubts)) add(what)
  }
  return { violations, inDoubt }
}

/** The transcripts of runs that were left alone, by their ids without their numbers. */
export function transcriptsOf(journals: ReadonlyMap<string, KeptRun>): ReadonlyMap<string, Transcript> {
  return new Map([...journals].map(([runId, kept]) => [nameless(runId), transcriptOf(runId, kept)]))
}

function differences(peace: Transcript, mine: Transcript, doubts: ReadonlySet<string>): readonly string[] {
  const found: string[] = []
  if (!isDeepStrictEqual(mine.outcome, peace.outcome)) found.push('its outcome is another')
  // An answer in doubt is shorter than the real one: what is summarised, and when, may change.
  if (doubts.size === 0 && !isDeepStrictEqual(mine.said, peace.said)) found.push('its transcript is another')
  if (!isDeepStrictEqual([...mine.results.keys()].toSorted(), [...peace.results.keys()].toSorted()))
    found.push('its calls are others')
  for (const [id, result] of peace.results)
    if (!doubts.has(id) && !isDeepStrictEqual(mine.results.get(id), result))
      found.push(`the result of ${id} is another`)
  return found
}

function transcriptOf(runId: string, { summary, entries }: KeptRun): Transcript {
  const results = new Map<string, unknown>()
  const said: unknown[] = []
  for (const entry of entries) {
    if (entry.type === 'result' && (entry.kind === 'tool' || entry.kind === 'child'))
      results.set(entry.key.slice('tool:'.length), (entry.value as ToolOutcome).result)
    else if (entry.type === 'tool-results') for (const result of entry.results) results.set(result.callId, result)
    else if (isSaid(entry)) said.push({ ...entry, atMs: 0 })
  }
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value ?? {}).replaceAll(numberOf(runId), 'r')) as unknown
  return {
    said: said.map(plain),
    results: new Map([...results].map(([id, result]) => [id, plain(result)])),
    outcome: plain(summary.outcome),
  }
}

function isSaid({ type }: JournalEntry): boolean {
  return type === 'result' || type === 'message' || type === 'compaction' || type === 'phase-end'
}

const isInDoubt = (result: unknown): boolean => JSON.stringify(result).includes(UNKNOWN)
const numberOf = (runId: string): string => /^r\d+/.exec(runId)?.[0] ?? runId
const nameless = (runId: string): string => runId.replace(/^r\d+/, 'r')
const kindOf = (runId: string): string => nameless(runId).split('/')[0] ?? ''
