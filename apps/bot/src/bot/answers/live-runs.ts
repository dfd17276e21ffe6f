import type { Audit, AuditRecorder, Message, RunEvent, RunInfo } from '@executus/core'

import type { TrailItem } from '../../view/entry.ts'
import type { LiveRun } from '../../view/live-run.ts'
import type { Feed } from '../feed.ts'
import { mergeTrails } from './merge-trails.ts'
import { trailAfter } from './trail.ts'

interface Live {
  readonly conversationId: string
  run: LiveRun
  /** What the run began with; known when it has been admitted. */
  input?: readonly Message[]
}

/** At most so many waiting runs are kept in memory; of the others, the question in their conversation is enough. */
const MOST_WAITING = 1_000

/** The runs that are under way in this process or wait for people, as people see them. */
export class LiveRuns {
  readonly #feed: Feed
  readonly #runs = new Map<string, Live>()
  /** Those that wait for people, the oldest first. */
  readonly #waiting = new Set<string>()

  constructor(feed: Feed) {
    this.#feed = feed
  }

  /** A run begins, or goes on with what it had done when it began to wait. */
  begin(conversationId: string, begun: Omit<LiveRun, 'trail'>): void {
    const run = { ...begun, trail: this.trailOf(begun.runId) }
    this.#waiting.delete(run.runId)
    this.#runs.set(run.runId, { conversationId, run })
    this.#feed.tell(conversationId, { type: 'live', live: run })
  }

  /** Puts what a run had done in an earlier process before what it has done here. */
  recall(runId: string, earlier: readonly TrailItem[]): void {
    const live = this.#runs.get(runId)
    if (live === undefined || earlier.length === 0) return
    live.run = { ...live.run, trail: mergeTrails(earlier, live.run.trail) }
    this.#feed.tell(live.conversationId, { type: 'live', live: live.run })
  }

  /** A run has asked people something, and waits. */
  wait(conversationId: string, run: Omit<LiveRun, 'trail' | 'state'>): void {
    this.begin(conversationId, { ...run, state: 'waiting' })
    this.#waiting.add(run.runId)
    const [oldest] = this.#waiting
    if (oldest !== undefined && this.#waiting.size > MOST_WAITING) this.end(oldest)
  }

  end(runId: string): void {
    const live = this.#runs.get(runId)
    if (live === undefined) return
    this.#runs.delete(runId)
    this.#waiting.delete(runId)
    this.#feed.tell(live.conversationId, { type: 'live-end', runId })
  }

  of(conversationId: string): readonly LiveRun[] {
    return [...this.#runs.values()].filter((live) => live.conversationId === conversationId).map(({ run }) => run)
  }

  /** Where somebody is at work. */
  conversations(): ReadonlySet<string> {
    const atWork = [...this.#runs.values()].filter(({ run }) => run.state !== 'waiting')
    return new Set(atWork.map(({ conversationId }) => conversationId))
  }

  trailOf(runId: string): readonly TrailItem[] {
    return this.#runs.get(runId)?.run.trail ?? []
  }

  inputOf(runId: string): readonly Message[] | undefined {
    return this.#runs.get(runId)?.input
  }

  /** An audit that also tells these runs what happens in them: it sees each event, in order and at once. */
  heardBy(audit: Audit): Audit {
    return {
      open: (info, options) => {
        const recorder = audit.open(info, options)
        return info.parentRunId === undefined ? this.#listen(info, recorder) : recorder
      },
    }
  }

  #listen(info: RunInfo, recorder: AuditRecorder): AuditRecorder {
    const live = this.#runs.get(info.runId)
    if (live !== undefined) live.input = info.input
    return {
      event: (event) => {
        recorder.event(event)
        this.#apply(info.runId, event)
      },
      close: (result) => recorder.close(result),
    }
  }

  #apply(runId: string, event: RunEvent): void {
    const live = this.#runs.get(runId)
    if (live === undefined) return
    const trail = trailAfter(live.run.trail, event)
    const state = live.run.state === 'queued' && event.type === 'run-start' ? 'working' : live.run.state
    if (trail === live.run.trail && state === live.run.state) return
    live.run = { ...live.run, trail, state }
    if (event.type === 'text-delta') {
      const { step, text } = event
      this.#feed.tell(live.conversationId, { type: 'live-text', runId, step, text })
    } else this.#feed.tell(live.conversationId, { type: 'live', live: live.run })
  }
}
