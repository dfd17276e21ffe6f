import type { JsonValue } from '@executus/llm'
import pLimit from 'p-limit'

import { JournalError } from '../errors.ts'
import type {
  Call,
  Checkpointer,
  CheckpointerFactory,
  Outcome,
  Settled,
  Suspension,
  Wait,
} from '../journal/checkpointer.ts'
import type { JournalEntry, JournalEntryBody } from '../journal/entry.ts'
import type { RunInfo } from '../run-info.ts'

/** What a run's record holds. */
export interface JournalRecord {
  readonly info: RunInfo
  readonly entries: JournalEntry[]
  status: 'running' | 'left' | 'suspended' | 'completed' | 'failed'
  outcome?: Outcome
}

export interface RecordingCheckpointer extends CheckpointerFactory {
  /** The records by run id. */
  readonly records: ReadonlyMap<string, JournalRecord>
  /** Brings a signal to a run, as a person's decision comes; a waiting run can be resumed then. */
  signal(runId: string, name: string, value: JsonValue): void
  /** A checkpointer over copies of the records, as they were after this many entries in all: what a crash leaves. */
  afterCrash(entries: number): RecordingCheckpointer
  /** How many entries all records have. */
  readonly length: number
}

export interface RecordingCheckpointerOptions {
  /** Called before each entry is kept; what it throws is a failure of the store. */
  readonly onWrite?: (entry: JournalEntryBody, runId: string) => void
  readonly now?: () => number
}

/** A checkpointer that keeps its records in memory, and can go back to any moment of them. For tests: nothing is durable. */
export function recordingCheckpointer(options: RecordingCheckpointerOptions = {}): RecordingCheckpointer {
  return overRecords(new Map(), [], options)
}

interface Written {
  readonly runId: string
  readonly entry: JournalEntry
}

function overRecords(
  records: Map<string, JournalRecord>,
  log: Written[],
  options: RecordingCheckpointerOptions,
): RecordingCheckpointer {
  const { onWrite = () => {}, now = Date.now } = options
  const write = (runId: string, entry: JournalEntry) => {
    try {
      onWrite(entry, runId)
    } catch (cause) {
      throw new JournalError('storage', 'The recording store failed', { cause })
    }
    // A store holds copies: what a run does to its own objects afterwards must not show.
    const copy = JSON.parse(JSON.stringify(entry)) as JournalEntry
    records.get(runId)!.entries.push(copy)
    log.push({ runId, entry: copy })
  }

  return {
    records,
    get length() {
      return log.length
    },
    begin(info) {
      const known = records.get(info.runId)
      if (known !== undefined) return Promise.resolve(open(info.runId, known))
      const record: JournalRecord = {
        info: JSON.parse(JSON.stringify(info)) as RunInfo,
        entries: [],
        status: 'running',
      }
      records.set(info.runId, record)
      return Promise.resolve(open(info.runId, record))
    },
    reopen(runId) {
      const record = records.get(runId)
      if (record === undefined || record.status === 'completed' || record.status === 'failed')
        return Promise.resolve(undefined)
      record.status = 'running'
      return Promise.resolve(open(runId, record))
    },
    signal(runId, name, value) {
      write(runId, { type: 'signal', name, value, atMs: now() })
    },
    afterCrash(count) {
      const kept = log.slice(0, count)
      const copies = new Map<string, JournalRecord>()
      for (const [runId, { info }] of records) {
        const entries = kept.filter((one) => one.runId === runId).map(({ entry }) => entry)
        const isBegun = runId === log[0]?.runId || entries.length > 0
        if (isBegun) copies.set(runId, { info, entries, status: 'running' })
      }
      return overRecords(copies, [...kept], options)
    },
  }

  function open(runId: string, record: JournalRecord): Checkpointer {
    const history = [...record.entries]
    const results = new Map<string, unknown>()
    const intents = new Map<string, number>()
    for (const entry of history) {
      if (entry.type === 'result') results.set(entry.key, entry.value)
      if (entry.type === 'intent') intents.set(entry.key, entry.attempt)
    }

    async function step<T>(call: Call<T>): Promise<Settled<T>> {
      const { key, kind, replay } = call
      if (results.has(key)) return { ok: true, value: results.get(key) as T }
      const idempotencyKey = `${runId}/${key}`
      const before = intents.get(key)
      if (before !== undefined && replay === 'once') {
        const found = (await call.reconcile?.(idempotencyKey)) ?? { unknown: true as const }
        if ('unknown' in found) return { ok: false, inDoubt: true }
        if (found.done) return keep(key, kind, found.value)
      }
      const attempt = (before ?? 0) + 1
      intents.set(key, attempt)
      write(runId, { type: 'intent', key, kind, attempt, atMs: now() })
      let value: T
      try {
        value = await call.run({ idempotencyKey, attempt })
      } catch (error) {
        return { ok: false, error }
      }
      return keep(key, kind, value)
    }

    function keep<T>(key: string, kind: Call<T>['kind'], value: T): Settled<T> {
      write(runId, { type: 'result', key, kind, value, atMs: now() })
      results.set(key, value)
      return { ok: true, value }
    }

    async function batch<T>(
      calls: readonly Call<T>[],
      { concurrency = Number.POSITIVE_INFINITY }: { readonly concurrency?: number } = {},
    ): Promise<readonly Settled<T>[]> {
      // After a failed write nothing more is begun, and what is under way is awaited: the run must not outlive its end.
      const failures: unknown[] = []
      const attempt = async (call: Call<T>): Promise<Settled<T>> => {
        if (failures.length === 0) return step(call)
        throw failures[0]
      }
      const settled = await pLimit(concurrency).map(calls, (call) =>
        attempt(call).catch((error: unknown): Settled<T> => {
          failures.push(error)
          return { ok: false, error }
        }),
      )
      if (failures.length > 0) throw failures[0]
      return settled
    }

    const settle = (status: JournalRecord['status']) => (outcome?: Outcome) => {
      record.status = status
      if (outcome !== undefined) record.outcome = outcome
      return Promise.resolve()
    }

    return {
      info: record.info,
      history,
      step,
      batch,
      async note(entries) {
        for (const entry of entries) write(runId, entry)
      },
      suspend(waits: readonly Wait[]): Promise<Suspension> {
        const names = new Set(waits.map(({ signal }) => signal))
        const signals = record.entries.filter((entry) => entry.type === 'signal' && names.has(entry.name))
        if (signals.length > 0) return Promise.resolve({ suspended: false, signals })
        record.status = 'suspended'
        return Promise.resolve({ suspended: true })
      },
      complete: settle('completed'),
      fail: settle('failed'),
      leave: settle('left'),
    }
  }
}
