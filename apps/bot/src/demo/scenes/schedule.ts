import type { JsonObject } from '@executus/core'

import { type ParsedTask, type ParsedWhen, parseTask } from '../parse-when.ts'
import { answerOf, callOrSay, failureOf, missingTools } from '../say.ts'
import { localTime, toldTime, type ToldTime, WEEKDAYS } from '../told-time.ts'
import { type DemoReply, type DemoTurn, resultsOf, type Scene } from '../turn.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** `Every morning at 8 in Oslo, tell me what you remember`, `Remind me in 10 minutes to stretch` */
export const scheduleScene: Scene = (turn) => {
  const parsed = parseTask(turn.text, turn.timeZone)
  if (parsed === undefined) return undefined
  const [made] = resultsOf(turn, 'create_schedule')
  if (made !== undefined) return { text: answerOf(made, arranged) }
  const { when, task } = parsed
  if (when.kind === 'cron') return create(turn, { task, cron: when.cron, timeZone: when.timeZone })
  if (when.kind === 'every') return create(turn, { task, everyMinutes: when.minutes })
  return once(turn, { when, task })
}

function create(turn: DemoTurn, input: JsonObject & { readonly task: string }): DemoReply {
  return callOrSay(turn, `I schedule this, if you agree: ${input.task}`, [{ name: 'create_schedule', input }])
}

/** A moment can only be named by one who knows what time it is. */
function once(turn: DemoTurn, { when, task }: ParsedTask): DemoReply {
  if (!turn.tools.has('create_schedule')) return { text: missingTools(['create_schedule']) }
  const [told] = resultsOf(turn, 'current_time')
  const timeZone = 'timeZone' in when ? when.timeZone : turn.timeZone
  if (told === undefined)
    return callOrSay(turn, 'First I look what time it is.', [{ name: 'current_time', input: { timeZone } }])
  const now = toldTime(told.text)
  if (told.isError || now === undefined) return { text: failureOf(told) }
  return create(turn, { task, at: atOf(when, now), timeZone })
}

function atOf(when: ParsedWhen, now: ToldTime): string {
  if (when.kind === 'in') return localTime(now.ms + when.minutes * 60_000, when.timeZone)
  const { day, time } = when as Extract<ParsedWhen, { readonly kind: 'once' }>
  const [hour, minute] = time.split(':')
  const midnight = Math.floor(now.wallMs / DAY_MS) * DAY_MS
  const timeOfDay = Number(hour) * HOUR_MS + Number(minute) * 60_000
  const isPast = midnight + timeOfDay <= now.wallMs
  const days = typeof day === 'string' ? daysUntil(day, now, isPast) : (day ?? (isPast ? 1 : 0))
  return new Date(midnight + days * DAY_MS + timeOfDay).toISOString().slice(0, 16)
}

function daysUntil(weekday: string, { weekday: today }: ToldTime, isPast: boolean): number {
  const indexOf = (day: string) => (WEEKDAYS as readonly string[]).indexOf(day.toLowerCase())
  const days = (indexOf(weekday) - indexOf(today) + 7) % 7
  return days === 0 && isPast ? 7 : days
}

function arranged(text: string): string {
  return `${withoutId(text)}\n\nAsk me what is scheduled to see it, or say “cancel” and what it is about.`
}

/** What `create_schedule` gave, without what only a model needs. */
export function withoutId(text: string): string {
  return text.replace(/ Its id is \S+\.(?=\s|$)/, '')
}
