import type { JournalEntry } from '@executus/core'

import type { RunSummary } from '../packages/checkpoint/src/index.ts'
import { sqliteJournalStore } from '../packages/store-sqlite/src/index.ts'
import { fastClock } from './folder.ts'

/** What is kept of one run. */
export interface KeptRun {
  readonly summary: RunSummary
  readonly entries: readonly JournalEntry[]
}

/** All that a folder's store holds, by run id, read as an owner of its own that takes nothing. */
export async function readJournals(folder: string, baseMs: number): Promise<ReadonlyMap<string, KeptRun>> {
  const store = await sqliteJournalStore(`${folder}/runs.db`, { clock: fastClock(baseMs) })
  try {
    const { runs } = await store.list({ limit: 1_000 })
    const kept = new Map<string, KeptRun>()
    for (const { runId } of runs) {
      const entries = await store.read(runId)
      const summary = await store.find(runId) // not older than its entries
      if (summary !== undefined) kept.set(runId, { summary, entries })
    }
    return kept
  } finally {
    await store.close()
  }
}

/** Keys of the tool calls whose results are kept: those must never begin again. */
export function doneKeys(journals: ReadonlyMap<string, KeptRun>): ReadonlySet<string> {
  return new Set(
    [...journals].flatMap(([runId, { entries }]) =>
      entries.flatMap((entry) => (entry.type === 'result' && entry.kind === 'tool' ? [`${runId}/${entry.key}`] : [])),
    ),
  )
}

/** What a person reads of a journal when something is wrong. */
export function printed(runId: string, { summary, entries }: KeptRun): string {
  const { status, epoch, crashes, outcome } = summary
  const head = `${runId}: ${status}, epoch ${epoch}, ${crashes} crashes, outcome ${JSON.stringify(outcome)}`
  const lines = entries.map((entry, index) => `  ${index + 1} ${JSON.stringify(entry).slice(0, 220)}`)
  return [head, ...lines].join('\n')
}
