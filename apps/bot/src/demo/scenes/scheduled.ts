import { answerOf, beginsWith, callOrSay, failureOf } from '../say.ts'
import { type DemoReply, type DemoTurn, resultsOf, type Scene } from '../turn.ts'
import { bestMatch } from './notes.ts'

const LIST = /\b(?:what|list|show|which)\b.{0,30}\bschedule[ds]?\b|\bmy (?:schedules|reminders|jobs)\b/i
const CANCEL = beginsWith('cancel|unschedule|stop the')

interface ListedJob {
  readonly id: string
  readonly name?: string
  readonly task: string
  readonly when: string
  readonly next: string
}

/** `What is scheduled?`, `Cancel the good morning` */
export const scheduledScene: Scene = (turn) => {
  const isCancel = CANCEL.test(turn.text)
  if (!isCancel && !LIST.test(turn.text)) return undefined
  const cancelled = resultsOf(turn, 'cancel_schedule')
  if (cancelled.length > 0) return { text: cancelled.map((one) => answerOf(one, (text) => text)).join('\n\n') }
  const [listed] = resultsOf(turn, 'list_schedules')
  if (listed === undefined)
    return callOrSay(turn, 'I look at what is scheduled.', [{ name: 'list_schedules', input: {} }])
  if (listed.isError) return { text: failureOf(listed) }
  const jobs = jobsIn(listed.text)
  return isCancel ? cancel(turn, jobs) : { text: jobsInWords(jobs) }
}

function jobsIn(text: string): readonly ListedJob[] {
  return text.startsWith('[') ? (JSON.parse(text) as readonly ListedJob[]) : []
}

function jobsInWords(jobs: readonly ListedJob[]): string {
  if (jobs.length === 0) return 'Nothing is scheduled.'
  const lines = jobs.map(({ name, task, when, next }) => `- **${name ?? task}**, ${when}. Next: ${next}.`)
  return ['This is scheduled:', '', ...lines].join('\n')
}

function cancel(turn: DemoTurn, jobs: readonly ListedJob[]): DemoReply {
  const ahead = jobs.filter(({ next }) => next !== 'none')
  const isAll = /\b(everything|all)\b/i.test(turn.text)
  const best = bestMatch(ahead, turn.text, ({ name, task, when }) => `${name ?? ''} ${task} ${when}`)
  const wanted = isAll ? ahead : best !== undefined ? [best] : ahead.length === 1 ? ahead : []
  if (wanted.length > 0)
    return callOrSay(
      turn,
      'I cancel that.',
      wanted.map(({ id }) => ({ name: 'cancel_schedule', input: { id } })),
    )
  return { text: ahead.length === 0 ? 'Nothing is scheduled.' : `I am not sure which one. ${jobsInWords(ahead)}` }
}
