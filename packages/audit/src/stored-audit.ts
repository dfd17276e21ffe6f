import { type AuditRecorder, type RunInfo, StoreError } from '@executus/core'

import type { AuditEntry } from './audit-entry.ts'
import type { AuditLog, AuditNote, AuditQuery, AuditStats, EntriesQuery, SweepQuery } from './audit-log.ts'
import type { AuditRun } from './audit-run.ts'
import type { AuditPage, AuditStore } from './audit-store.ts'
import { type AuditVerdict, verifyChain } from './chain.ts'
import { checkedEntriesQuery, checkedQuery, checkedSweep, checkId } from './checked-query.ts'
import { exportLines, pagesOf } from './export-lines.ts'
import { NoteWriter, noteBodyOf } from './note-writer.ts'
import { PendingRun } from './pending-run.ts'
import type { Redactor } from './redact/redactor.ts'
import { beginningOf, RunRecorder } from './run-recorder.ts'
import { TextMaker } from './text-of.ts'
import { WriteQueue, type WriteQueueOptions } from './write-queue.ts'

export interface StoredAuditOptions extends WriteQueueOptions {
  readonly maxTextChars: number
  readonly chain: boolean
}

const NO_RECORDER: AuditRecorder = { event() {}, close() {} }

/** An audit over a store. Its queries see what its own recorders have told so far, unless the store is in trouble. */
export class StoredAudit implements AuditLog {
  readonly #store: AuditStore
  readonly #make: TextMaker
  readonly #hasChain: boolean
  readonly #queue: WriteQueue
  readonly #notes: NoteWriter
  #closing: Promise<void> | undefined

  constructor(store: AuditStore, redactor: Redactor, options: StoredAuditOptions) {
    this.#store = store
    this.#make = new TextMaker(redactor, options.maxTextChars)
    this.#hasChain = options.chain
    this.#queue = new WriteQueue(store, options)
    this.#notes = new NoteWriter(store, this.#queue, { hasChain: options.chain, clock: options.clock })
  }

  open(info: RunInfo, { isResumed }: { readonly isResumed: boolean }): AuditRecorder {
    try {
      if (this.#closing !== undefined) throw new Error('The audit is closed')
      const pending = new PendingRun(beginningOf(info, this.#make), { isResumed, hasChain: this.#hasChain })
      this.#queue.opened(pending)
      return new RunRecorder(pending, this.#make, this.#queue)
    } catch (error) {
      this.#queue.trouble.dropped(1, error)
      return NO_RECORDER
    }
  }

  async find(runId: string): Promise<AuditRun | undefined> {
    checkId('runId', runId)
    await this.#catchUp()
    return this.#store.find(runId)
  }

  async list(query: AuditQuery = {}): Promise<AuditPage> {
    const checked = checkedQuery(query, (text) => this.#make.label(text))
    await this.#catchUp()
    return this.#store.list(checked)
  }

  async entries(runId: string, query: EntriesQuery = {}): Promise<readonly AuditEntry[]> {
    checkId('runId', runId)
    const checked = checkedEntriesQuery(query)
    await this.#catchUp()
    return this.#store.entries(runId, checked)
  }

  exportRun(runId: string, options: { readonly below?: boolean } = {}): AsyncIterable<string> {
    checkId('runId', runId)
    return exportLines(this.#store, runId, { below: options.below ?? false, before: () => this.#catchUp() })
  }

  async verify(runId: string): Promise<AuditVerdict | undefined> {
    checkId('runId', runId)
    await this.#catchUp()
    const run = await this.#store.find(runId)
    return run && verifyChain(run, pagesOf(this.#store, runId))
  }

  async note(runId: string, note: AuditNote): Promise<void> {
    checkId('runId', runId)
    const body = noteBodyOf(note, this.#make)
    if (this.#closing !== undefined) throw new StoreError('closed', 'The audit is closed')
    await this.#notes.add(runId, body)
  }

  async forget(runId: string): Promise<number> {
    checkId('runId', runId)
    await this.#queue.mute(runId)
    return this.#store.forget(runId)
  }

  async sweep(query: SweepQuery): Promise<number> {
    const checked = checkedSweep(query)
    await this.#catchUp()
    return this.#store.sweep(checked)
  }

  flush(): Promise<boolean> {
    return this.#queue.flush()
  }

  stats(): AuditStats {
    const { written, ...waiting } = this.#queue.size
    return { ...waiting, written: written + this.#notes.written, ...this.#queue.trouble.counts }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.all([this.#queue.flush(), this.#queue.patiently(this.#notes.idle())])
    this.#queue.stop()
    await this.#queue.patiently(this.#store.close())
  }

  async #catchUp(): Promise<void> {
    if (this.#closing === undefined) await this.#queue.flush()
  }
}
