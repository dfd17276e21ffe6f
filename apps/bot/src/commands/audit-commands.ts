import type { AuditEntry, AuditLog } from '@executus/audit'

import type { Asker } from '../bot/bot.ts'
import { cut } from '../text/cut.ts'
import { oneLine } from '../text/one-line.ts'
import { momentInWords } from '../tools/schedule/when.ts'
import { plain } from './plain.ts'

export interface AuditOptions {
  readonly audit: AuditLog
  readonly isOwner: (personId: string) => boolean
  readonly timeZone: string
}

const RUNS_SHOWN = 10
const RUNS_LOOKED_AT = 50
const ENTRIES_SHOWN = 100
const LONGEST_LINE = 160
const LONGEST_INPUT = 60

/** The latest runs of the one who asks. */
export async function runsCommand({ audit, timeZone }: AuditOptions, { person }: Asker): Promise<string> {
  const page = await audit.list({ caller: person.id, limit: RUNS_LOOKED_AT })
  // Delegated runs are listed in the record of the run above them.
  const runs = page.runs.filter(({ parentRunId }) => parentRunId === undefined).slice(0, RUNS_SHOWN)
  if (runs.length === 0) return 'Nothing was run for you yet.'
  const lines = runs.map(({ runId, agent, status, startedAtMs, steps, toolCalls, input }) => {
    const what = `${plain(agent)}, ${status}, ${counted(steps, 'step')}, ${counted(toolCalls, 'tool call')}`
    return `- **${plain(cut(oneLine(input), LONGEST_INPUT))}**: ${what}  \n  ${momentInWords(startedAtMs, timeZone)}. \`${runId}\``
  })
  return [...lines, '', '`/audit RUN` tells what one did.'].join('\n')
}

/** What a run did; of others' runs only an owner hears. */
export async function auditCommand(
  { audit, isOwner, timeZone }: AuditOptions,
  { person }: Asker,
  runId: string,
): Promise<string> {
  if (runId === '') return '`/audit RUN` tells what one did; `/runs` lists the latest.'
  const run = await audit.find(runId)
  if (run === undefined || (run.caller !== person.id && !isOwner(person.id)))
    return 'There is no such run of yours. `/runs` lists the latest.'
  const entries = await audit.entries(runId, { limit: ENTRIES_SHOWN })
  const verdict = await audit.verify(runId)
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium', hourCycle: 'h23' })
  const left = run.entries - entries.length
  const lines = [
    ...entries.map((entry) => `${clock.format(entry.atMs)}  ${lineOf(entry)}`),
    ...(left > 0 ? [`and ${left} more`] : []),
  ]
  const chain = verdict?.isWhole === true ? 'The record is whole.' : 'The record is not as it was written.'
  return ['```text', ...lines.map((line) => line.replaceAll('```', "'''")), '```', '', chain].join('\n')
}

function lineOf(entry: AuditEntry): string {
  switch (entry.type) {
    case 'start':
      return `${entry.isResumed ? 'goes on' : 'begins'}: ${entry.agent}, ${entry.model}`
    case 'step':
      return short(`step ${entry.step}: ${entry.text || '(no words)'}`)
    case 'tool-call':
      return short(`calls ${entry.tool} ${entry.arguments}`)
    case 'tool-result':
      return short(`${entry.tool} ${entry.isError ? 'failed' : 'gave'}: ${entry.result}`)
    case 'approval-request':
      return short(`asks for a yes: ${entry.requests.map(({ tool }) => tool).join(', ')}`)
    case 'approval-decision':
      return short(
        `is told: ${entry.decisions.map(({ isApproved, by }) => `${isApproved ? 'yes' : 'no'}${by === undefined ? '' : ` by ${by}`}`).join(', ')}`,
      )
    case 'child':
      return `run ${entry.childRunId} below it: ${entry.status}`
    case 'note':
      return short(`${entry.about}: ${entry.text}${entry.by === undefined ? '' : ` (${entry.by})`}`)
    case 'end':
      return `ends: ${entry.status} (${entry.stopReason})${entry.error === undefined ? '' : `, ${short(entry.error.message)}`}`
    default:
      return entry.type
  }
}

function short(text: string): string {
  return cut(oneLine(text), LONGEST_LINE)
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
