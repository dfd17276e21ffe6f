import { oneLine } from '../text/one-line.ts'
import { CITY, zoneOf } from './cities.ts'
import { WEEKDAYS } from './told-time.ts'

/** When something is to be done, as far as a sentence says it without knowing what time it is. */
export type ParsedWhen =
  | { readonly kind: 'cron'; readonly cron: string; readonly timeZone: string }
  | { readonly kind: 'every'; readonly minutes: number }
  | { readonly kind: 'in'; readonly minutes: number; readonly timeZone: string }
  /** Once; `day` is how many days from today, a weekday, or left open: then the next time that it is so late. */
  | {
      readonly kind: 'once'
      readonly day: number | string | undefined
      readonly time: string
      readonly timeZone: string
    }

export interface ParsedTask {
  readonly when: ParsedWhen
  readonly task: string
}

const PARTS: Readonly<Record<string, number>> = { morning: 8, noon: 12, afternoon: 14, evening: 18, night: 21 }
const COUNTS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  five: 5,
  ten: 10,
  'half an': 0.5,
}
const PART = String.raw`(morning|noon|afternoon|evening|night)`
const COUNT = String.raw`(\d{1,3}|half an|an?|one|two|three|five|ten)`
const DAY = String.raw`(?:${WEEKDAYS.join('|')})`

/** Stands where something about time was taken out of a sentence. */
const TAKEN = '\u0001'

/** What is to be done and when, in a sentence that says so: `Every morning at 8 in Oslo, tell me what you remember`. */
export function parseTask(sentence: string, usualZone: string): ParsedTask | undefined {
  if (/^\W*(what|who|why|how|when|where|which|do|does|did|is|are)\b.*\?\s*$/i.test(sentence)) return undefined
  const words = new Sentence(sentence)
  const begin = beginOf(words)
  if (begin === undefined) return undefined
  const time = timeIn(words)
  if (begin.kind === 'bare' && time === undefined) return undefined
  const timeZone = zoneIn(words) ?? usualZone
  return { when: whenOf(begin, time, timeZone), task: taskIn(words) }
}

type Begin =
  | { readonly kind: 'every' | 'in'; readonly minutes: number }
  | { readonly kind: 'days'; readonly days: string; readonly part: string | undefined }
  | { readonly kind: 'once'; readonly day: number | string; readonly part: string | undefined }
  /** `Remind me at 8` */
  | { readonly kind: 'bare' }

interface Time {
  readonly hour: number
  readonly minute: string
  /** It can be meant before noon or after it. */
  readonly isOpen: boolean
}

class Sentence {
  text: string

  constructor(text: string) {
    this.text = text
  }

  /** Takes out what matches first, and gives its groups. */
  take(pattern: string): readonly (string | undefined)[] | undefined {
    const match = new RegExp(pattern, 'i').exec(this.text)
    if (match === null) return undefined
    this.text = this.text.replace(match[0], TAKEN)
    return match.slice(1).map((group) => (group as string | undefined)?.toLowerCase())
  }
}

function beginOf(words: Sentence): Begin | undefined {
  const every = words.take(String.raw`\bevery ${COUNT}?\s*(minute|hour)s?\b`)
  if (every !== undefined) return { kind: 'every', minutes: minutesOf(every) }
  const after = words.take(String.raw`\bin ${COUNT} (minute|hour|day)s?\b`)
  if (after !== undefined) return { kind: 'in', minutes: minutesOf(after) }
  const weekdays = words.take(String.raw`\b(every|each|on) (${DAY}s?(?:(?:,| and|, and) ${DAY}s?)*)(?: ${PART})?\b`)
  if (weekdays !== undefined) return weekdaysOf(weekdays)
  const daily = words.take(
    String.raw`\b(?:every|each) (day|weekday|workday|weekend|month|${PART.slice(1, -1)})\b(?: ${PART}\b)?`,
  )
  if (daily !== undefined) {
    const [day, part] = daily
    return { kind: 'days', days: DAYS[day!] ?? '* * *', part: part ?? day }
  }
  const plain = words.take(String.raw`\b(daily|weekly|monthly)\b`)
  if (plain !== undefined) return { kind: 'days', days: DAYS[plain[0]!]!, part: undefined }
  const once = words.take(String.raw`\b(today|tonight|tomorrow)\b(?: ${PART}\b)?`)
  if (once !== undefined) {
    const [day, part] = once
    return { kind: 'once', day: day === 'tomorrow' ? 1 : 0, part: day === 'tonight' ? 'night' : part }
  }
  return /\bremind me\b/i.test(words.text) ? { kind: 'bare' } : undefined
}

/** The last three fields of a cron expression. */
const DAYS: Readonly<Record<string, string>> = {
  day: '* * *',
  daily: '* * *',
  weekday: '* * 1-5',
  workday: '* * 1-5',
  weekend: '* * 0,6',
  weekly: '* * 1',
  month: '1 * *',
  monthly: '1 * *',
}

function minutesOf([count = 'one', unit]: readonly (string | undefined)[]): number {
  const each = unit === 'day' ? 24 * 60 : unit === 'hour' ? 60 : 1
  return Math.max(1, (COUNTS[count] ?? Number(count)) * each)
}

/** `every Monday`, `on Mondays` and `on Monday and Friday` come again; `on Monday` is the next one. */
function weekdaysOf([lead, list = '', part]: readonly (string | undefined)[]): Begin {
  const names: readonly string[] = list.match(new RegExp(DAY, 'g')) ?? []
  const [first = ''] = names
  if (lead === 'on' && list === first) return { kind: 'once', day: first, part }
  const days = names.map((name) => (WEEKDAYS as readonly string[]).indexOf(name)).toSorted((a, b) => a - b)
  return { kind: 'days', days: `* * ${[...new Set(days)].join(',')}`, part }
}

function timeIn(words: Sentence): Time | undefined {
  const named = words.take(String.raw`\bat (noon|midnight)\b`)
  if (named !== undefined) return { hour: named[0] === 'noon' ? 12 : 0, minute: '00', isOpen: false }
  const half = words.take(String.raw`\bat (\d{1,2})(?:[:.](\d\d))?(?: ?(am|pm)\b| o[’']clock)?`)
  const [hourText, minute = '00', noon] = half ?? words.take(String.raw`\b(\d{1,2})(?:[:.](\d\d))? ?(am|pm)\b`) ?? []
  const hour = Number(hourText ?? 'none')
  if (!(hour < 24) || Number(minute) > 59) return undefined
  if (noon === undefined) return { hour, minute, isOpen: hour > 0 && hour < 12 }
  return { hour: (hour % 12) + (noon === 'pm' ? 12 : 0), minute, isOpen: false }
}

/** A place counts only beside a time: `research hotels in Paris every Monday` is not about clocks in Paris. */
function zoneIn(words: Sentence): string | undefined {
  for (const pattern of [
    String.raw`(?<=${TAKEN}[\s,]*)in (${CITY})(?: time)?`,
    String.raw`^\W*in (${CITY})(?=[\s,]*${TAKEN})`,
  ]) {
    const [place] = words.take(pattern) ?? []
    if (place !== undefined) return zoneOf(place)
  }
  return undefined
}

function whenOf(begin: Begin, time: Time | undefined, timeZone: string): ParsedWhen {
  if ('minutes' in begin) {
    const { minutes } = begin
    return begin.kind === 'every' ? { kind: 'every', minutes } : { kind: 'in', minutes, timeZone }
  }
  const part = 'part' in begin ? begin.part : undefined
  const hour = time === undefined ? (PARTS[part ?? ''] ?? 9) : hourIn(time, part)
  const minute = time?.minute ?? '00'
  if (begin.kind === 'days') return { kind: 'cron', cron: `${Number(minute)} ${hour} ${begin.days}`, timeZone }
  const at = `${String(hour).padStart(2, '0')}:${minute}`
  return { kind: 'once', day: begin.kind === 'once' ? begin.day : undefined, time: at, timeZone }
}

/** `every evening at 8` is 20:00. */
function hourIn({ hour, isOpen }: Time, part = ''): number {
  return isOpen && (PARTS[part] ?? 0) >= 14 ? hour + 12 : hour
}

const FILLER =
  /^(?:[\s,.:;-]|(?:please|can you|could you|would you|i want you to|schedule (?:a task )?to|schedule|and|then)\b)+/i

function taskIn({ text }: Sentence): string {
  const task = oneLine(text.replaceAll(TAKEN, ' '))
    .replace(FILLER, '')
    .replace(/[\s,:;]+([.!?]?)$/, '$1')
    .trim()
  return task === '' || /^[.!?]$/.test(task)
    ? 'Say hello, and tell what time it is.'
    : task.charAt(0).toUpperCase() + task.slice(1)
}
