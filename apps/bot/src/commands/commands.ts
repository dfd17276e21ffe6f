import type { AuditLog } from '@executus/audit'
import type { Schedule } from '@executus/schedule'
import type { SkillFolder, Skills } from '@executus/skill'

import type { LiveRuns } from '../bot/answers/live-runs.ts'
import type { Asker } from '../bot/bot.ts'
import type { Cast } from '../bot/cast.ts'
import type { Log } from '../bot/log.ts'
import type { BudgetDesk } from '../bot/questions/budget-desk.ts'
import type { RunDesk } from '../bot/run-desk.ts'
import type { Stores } from '../store/stores.ts'
import { jobInWords } from '../tools/schedule/job-in-words.ts'
import type { Conversation } from '../view/conversation.ts'
import { auditCommand, runsCommand } from './audit-commands.ts'
import { COMMANDS, helpText } from './command-list.ts'
import { inCode, plain } from './plain.ts'

export interface CommandOptions {
  readonly stores: Stores
  readonly log: Log
  readonly live: LiveRuns
  readonly cast: Cast
  readonly runs: RunDesk
  readonly budgets: BudgetDesk
  readonly audit: AuditLog
  readonly schedule: Schedule
  readonly skills: Skills
  readonly skillFolder: SkillFolder
  readonly timeZone: string
  readonly isOwner: (personId: string) => boolean
  readonly conversationOf: (from: Asker) => Conversation
  readonly newConversation: (from: Asker) => Conversation
}

/** Does what a line asks for, and gives what to show to the one who asked, as Markdown. */
export async function doCommand(options: CommandOptions, line: string, from: Asker): Promise<string> {
  const [, given = '', rest = ''] = /^\/?(\S+)\s*([\s\S]*)$/.exec(line.trim()) ?? []
  const name = given.toLowerCase()
  const argument = rest.trim()
  if (name === '' || name === '/') return helpText()
  if (!COMMANDS.some((one) => one.name === name))
    return `There is no command ${inCode(`/${given}`)}. \`/help\` lists them.`
  switch (name) {
    case 'new': {
      options.newConversation(from)
      return 'A new conversation. What was said before is not known in it.'
    }
    case 'stop': {
      const { stopped, left } = await options.runs.stop(options.conversationOf(from).id, from.person)
      if (stopped > 0) return 'Stopped.'
      return left === 0
        ? 'Nothing is under way.'
        : 'Only the one who asked for it, or an owner of the bot, can stop it.'
    }
    case 'status':
      return status(options, from)
    case 'usage':
      return `What is left for you:\n\n${await options.budgets.usage(from.person.id)}`
    case 'agents':
      return agents(options, from)
    case 'agent':
      return switchAgent(options, from, argument)
    case 'skills':
      return skills(options, from)
    case 'schedules':
      return schedules(options, from)
    case 'cancel':
      return cancel(options, from, argument)
    case 'runs':
      return runsCommand(options, from)
    case 'audit':
      return auditCommand(options, from, argument)
    default:
      return helpText()
  }
}

function status({ live, stores, conversationOf }: CommandOptions, from: Asker): string {
  const conversation = conversationOf(from)
  const atWork = live.of(conversation.id).filter(({ state }) => state !== 'waiting')
  const lines = atWork.map(({ agent, state, trail, job }) => {
    const tool = trail.findLast((item) => item.type === 'tool' && item.state === 'running')
    const at = tool?.type === 'tool' ? `, in ${inCode(tool.tool)}` : ''
    return `- **${plain(agent)}** is ${state === 'queued' ? 'waiting for its turn' : `at work${at}`}${job === undefined ? '' : ` on ${plain(job)}`}`
  })
  for (const run of stores.runs.open(conversation.id)) {
    const open = stores.questions.ofRun(run.id, 'open').length
    if (open > 0)
      lines.push(`- **${plain(run.agent)}** waits for ${open === 1 ? 'an answer' : `${open} answers`} to its questions`)
  }
  const waiting = stores.entries.waiting(conversation.id).length
  if (waiting > 0)
    lines.push(`- ${waiting === 1 ? 'one message waits' : `${waiting} messages wait`} for the run before`)
  return lines.length === 0 ? 'Nothing is under way.' : lines.join('\n')
}

async function agents({ cast, conversationOf }: CommandOptions, from: Asker): Promise<string> {
  const current = conversationOf(from).agent
  const choices = await cast.choices(cast.viewerOf(from.person.id, from.at.guild))
  const lines = choices.map(({ name, description, isBuiltIn }) => {
    const marks = [...(name === current ? ['answers here'] : []), ...(isBuiltIn ? [] : ['made by somebody'])]
    return `- **${plain(name)}**${marks.length === 0 ? '' : ` (${marks.join(', ')})`}: ${plain(description)}`
  })
  return [...lines, '', '`/agent NAME` has another answer. Ask in words for a new one to be made.'].join('\n')
}

async function switchAgent(options: CommandOptions, from: Asker, name: string): Promise<string> {
  const { cast, log, conversationOf } = options
  const conversation = conversationOf(from)
  if (name === '') return agents(options, from)
  const member = await cast.find(name, cast.viewerOf(from.person.id, from.at.guild))
  if (member === undefined) return `There is no agent ${inCode(name)}. \`/agents\` lists them.`
  const { name: found } = member.agent
  if (found === conversation.agent) return `**${plain(found)}** answers here already.`
  log.write((writer) => {
    writer.switchAgent(conversation.id, found)
    const who = conversation.guild === undefined ? '' : ` ${plain(from.person.name)} asked for it.`
    const text = `**${plain(found)}** answers from now on.${who}`
    writer.add({ conversationId: conversation.id, body: { kind: 'notice', tone: 'info', text } })
  })
  return `**${plain(found)}** answers from now on.`
}

async function skills({ skills: saved, skillFolder, cast }: CommandOptions, from: Asker): Promise<string> {
  const as = cast.viewerOf(from.person.id, from.at.guild)
  const page = await saved.list({ limit: 50 }, { as })
  const lines = [
    ...page.skills.map(({ name, description }) => `- **${plain(name)}** (saved): ${plain(description)}`),
    ...skillFolder
      .list()
      .map(
        ({ name, description, isTrusted, digest }) =>
          `- **${plain(name)}**${isTrusted ? '' : ` (not trusted; its digest is \`${digest}\`)`}: ${plain(description)}`,
      ),
  ]
  return lines.length === 0 ? 'There are no skills yet.' : lines.join('\n')
}

async function schedules({ schedule, timeZone }: CommandOptions, from: Asker): Promise<string> {
  const { jobs } = await schedule.list({ owner: from.person.id, limit: 40 })
  if (jobs.length === 0) return 'Nothing is scheduled. Ask for it in words: “Every morning at 8 in Oslo, …”'
  const lines = jobs.map((job) => {
    const { id, name, task, when, next, last } = jobInWords(job, timeZone)
    const about = name === undefined || name === task ? plain(task) : `**${plain(name)}**: ${plain(task)}`
    return `- ${about}  \n  ${plain(when)}; next: ${plain(next)}${last === undefined ? '' : `; last: ${plain(last)}`}. \`${id}\``
  })
  return [...lines, '', '`/cancel ID` ends one.'].join('\n')
}

async function cancel({ schedule, isOwner }: CommandOptions, from: Asker, id: string): Promise<string> {
  if (id === '') return '`/cancel ID` ends one; `/schedules` lists what is scheduled.'
  const job = await schedule.get(id)
  if (job === undefined || (job.owner !== from.person.id && !isOwner(from.person.id)))
    return `Nothing of yours has the id ${inCode(id)}. \`/schedules\` lists what is scheduled.`
  await schedule.remove(id)
  return `Cancelled: ${plain(job.name ?? id)}.`
}
