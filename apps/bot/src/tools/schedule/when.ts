import { systemClock } from '@executus/core'
import { createSchedule, type NewTrigger } from '@executus/schedule'

/** Milliseconds between two times of a job at least: each is a run of a model. */
export const LEAST_EVERY_MS = 5 * 60_000

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** What a model may say of the times of a job. */
interface When {
  readonly cron?: string | undefined
  readonly at?: string | undefined
  readonly everyMinutes?: number | undefined
  readonly timeZone: string
}

export function triggerOf({ cron, at, everyMinutes, timeZone }: When): NewTrigger {
  if (cron !== undefined) return { cron, timeZone }
  if (at !== undefined) return { at, timeZone }
  return { everyMs: everyMinutes! * 60_000 }
}

/**
 * The first times of a trigger after a moment: fewer when no more are to come.
 *
 * @throws RangeError when it is no trigger, or has no time to come
 */
export async function timesOf(trigger: NewTrigger, afterMs: number, count: number): Promise<readonly number[]> {
  let nowMs = afterMs
  // A schedule in memory, whose clock stands at the last time that was found.
  const preview = createSchedule({ clock: { ...systemClock, now: () => nowMs } })
  const times: number[] = []
  let asked = trigger
  while (times.length < count) {
    const job =
      times.length === 0 ? await preview.add({ trigger: asked }) : await laterJob(() => preview.add({ trigger: asked }))
    if (job?.nextAtMs === undefined || job.nextAtMs <= nowMs) break
    // With what was left open now said: an interval begins at the first `now`.
    asked = job.trigger
    nowMs = job.nextAtMs
    times.push(nowMs)
  }
  return times
}

async function laterJob<T>(add: () => Promise<T>): Promise<T | undefined> {
  try {
    return await add()
  } catch {
    return undefined // no more times
  }
}

/** When it is due, in words; the same whenever it is asked. */
export function whenInWords({ cron, at, everyMinutes, timeZone }: When): string {
  if (at !== undefined) return `once, at ${at.replace('T', ' ')} (${timeZone})`
  if (everyMinutes !== undefined)
    return everyMinutes % 60 === 0 ? hours(everyMinutes / 60) : `every ${everyMinutes} minutes`
  return `${cronInWords(cron!)} (${timeZone})`
}

function hours(count: number): string {
  return count === 1 ? 'every hour' : `every ${count} hours`
}

/** The common ones; any other stays as it is written. */
function cronInWords(cron: string): string {
  const [minute, hour, day, month, weekday, ...rest] = cron.trim().split(/\s+/)
  const asWritten = `by the times \`${cron}\``
  if (rest.length > 0 || !/^\d{1,2}$/.test(minute!) || !/^\d{1,2}$/.test(hour ?? '') || month !== '*') return asWritten
  const time = `at ${hour!.padStart(2, '0')}:${minute!.padStart(2, '0')}`
  if (weekday === '*' && day === '*') return `every day ${time}`
  if (weekday === '*' && /^\d{1,2}$/.test(day!)) return `on day ${day} of each month ${time}`
  if (day !== '*' || weekday === undefined) return asWritten
  if (weekday === '1-5') return `every weekday ${time}`
  const names = weekday.split(',').map((one) => (/^[0-7]$/.test(one) ? DAYS[Number(one) % 7] : undefined))
  if (names.includes(undefined)) return asWritten
  return `every ${names.join(' and ')} ${time}`
}

/** `Sunday 22 November 2026, 08:00` */
export function momentInWords(ms: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  return `${part['weekday']} ${part['day']} ${part['month']} ${part['year']}, ${part['hour']}:${part['minute']}`
}
