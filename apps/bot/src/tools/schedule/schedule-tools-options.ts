import type { Clock, JsonValue, RunInfo } from '@executus/core'
import type { Schedule } from '@executus/schedule'

export interface ScheduleToolsOptions {
  readonly schedule: Pick<Schedule, 'add' | 'get' | 'list' | 'remove'>
  /** Of times that name no zone: an IANA name. */
  readonly timeZone: string
  /** Who may cancel what others have scheduled. */
  readonly isOwner: (personId: string) => boolean
  /** Where the answers of a run's jobs go; of a delegated run, by its `rootRunId`. @default the run's `deliverTo` */
  readonly placeOf?: (info: RunInfo) => JsonValue | undefined
  /** Whether a run's agent has a tool: those of sessions are named by no agent. @default all have all */
  readonly mayUse?: (info: RunInfo, tool: string) => boolean
  /** @default systemClock */
  readonly clock?: Clock
}

export interface ScheduleToolsConfig extends Required<ScheduleToolsOptions> {
  /** One after the other, so that nobody gets past the most of schedules by making many at once. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}
