import type { JournalEntry } from '@executus/core'

/**
 * How long a run rests after a crash before it is taken up again, in milliseconds: 0 after the first crash in a row, then
 * 5 s, 30 s, 2 min, and 10 min for each further one.
 */
export function restMs(crashStreak: number): number {
  return REST_MS[Math.min(crashStreak, REST_MS.length) - 1] ?? 0
}

// The first crash is most often the machine's; the fifth is the run's own, and must not keep the machine busy.
const REST_MS = [0, 5_000, 30_000, 120_000, 600_000]

/** Whether an entry says that a run came further: all do but those that only tell that something was begun. */
export function isProgress({ type }: JournalEntry): boolean {
  return type !== 'intent' && type !== 'segment'
}
