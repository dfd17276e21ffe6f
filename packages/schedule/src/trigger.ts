/** When a job is due, as it is kept. */
export type Trigger = CronTrigger | EveryTrigger | AtTrigger | NamedTrigger

/** A cron expression of 5 fields, or 6 with seconds first, as croner reads it, by the clocks of a time zone. */
export interface CronTrigger {
  readonly cron: string
  /** IANA name: `Europe/Oslo`. */
  readonly timeZone: string
}

/** `anchorMs`, and then each `everyMs`. */
export interface EveryTrigger {
  /** 1_000 or more. */
  readonly everyMs: number
  readonly anchorMs: number
}

/** Once. */
export interface AtTrigger {
  readonly atMs: number
}

/** A function that the host gave as `triggers[named]`, as none can be kept. */
export interface NamedTrigger {
  readonly named: string
}

/** When a job is due, as a host says it. */
export type NewTrigger =
  | {
      readonly cron: string
      /** @default the schedule's `timeZone` */
      readonly timeZone?: string | undefined
    }
  | {
      readonly everyMs: number
      /** @default now: the first time is then `everyMs` away */
      readonly anchorMs?: number | undefined
    }
  | AtTrigger
  | {
      /** `2026-03-29T09:00`, to the second or millisecond if need be; with `Z` or an offset, `timeZone` does not matter. */
      readonly at: string
      /** @default the schedule's `timeZone` */
      readonly timeZone?: string | undefined
    }
  | NamedTrigger

/** The first due time after `afterMs`; `undefined` when none is to come. */
export type NextTime = (afterMs: number) => number | undefined
