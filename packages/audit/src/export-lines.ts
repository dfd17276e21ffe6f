import type { AuditEntry } from './audit-entry.ts'
import type { AuditStore } from './audit-store.ts'

const ENTRIES = 500
const RUNS = 100

/** All entries of a run, page by page. */
export async function* pagesOf(store: AuditStore, runId: string): AsyncGenerator<AuditEntry, void, undefined> {
  for (let after = 0; ;) {
    const page = await store.entries(runId, { after, limit: ENTRIES })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < ENTRIES) return
    after = last.seq
  }
}

/** A run and, if asked, those below it, a line for each record and each entry. */
export async function* exportLines(
  store: AuditStore,
  runId: string,
  { below, before }: { readonly below: boolean; readonly before: () => Promise<unknown> },
): AsyncGenerator<string, void, undefined> {
  await before()
  const run = await store.find(runId)
  if (run !== undefined) {
    yield `${JSON.stringify({ kind: 'run', ...run })}\n`
    for await (const entry of pagesOf(store, runId)) yield `${JSON.stringify({ kind: 'entry', ...entry })}\n`
  }
  if (!below) return
  for (let after: string | undefined, isMore = true; isMore;) {
    const page = await store.list({ parentRunId: runId, limit: RUNS, ...(after !== undefined && { after }) })
    for (const child of page.runs)
      if (child.runId !== runId) yield* exportLines(store, child.runId, { below, before: async () => {} })
    after = page.next
    isMore = after !== undefined
  }
}
