import type { TrailItem } from './entry.ts'

/** A run that is under way, as people see it. */
export interface LiveRun {
  readonly runId: string
  readonly agent: string
  /**
   * `queued`: it waits for its turn. `recovered`: it goes on after the bot was started again. `waiting`: it has asked people
   * something, and nothing of it is under way.
   */
  readonly state: 'queued' | 'working' | 'recovered' | 'waiting'
  readonly startedAtMs: number
  /** Oldest first; text that streams is its last item. */
  readonly trail: readonly TrailItem[]
  /** The job that asked, in place of a person. */
  readonly job?: string
}
