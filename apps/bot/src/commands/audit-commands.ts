import type { AuditEntry, AuditLog } from '@executus/audit'

import type { Asker } from '../bot/bot.ts'

export interface AuditParts {
  readonly audit: AuditLog
  readonly isOwner: (personId: string) => boolean
}

const RUNS_SHOWN = 10
const RUNS_LOOKED_AT = 50
const ENTRIES_SHOWN = 100
const LONGEST_LINE = 160

/** The latest runs of the one who asks. */
export async function runsCommand({ audit }: AuditParts, { person }: Asker): Promise<string> {
  const page = await audit.list({ caller: person.id, limit: RUNS_LOOKED_AT })
  // Those below them are told of in theirs.
  const runs = page.runs.filter(({ parentRunId }) => parentRunId === undefined).slice(0, RUNS_SHOWN)
  if (runs.length === 0) return 'Nothing was run for you yet.'
  const lines = runs.map(({ runId, agent, status, startedAtMs, steps, toolCalls }) => {
    const at = new Date(startedAtMs).toISOString().slice(0, 16).replace('T', ' ')
    return `- \`${runId}\` ${code(agent)}, ${status}, ${at} UTC, ${steps} steps, ${toolCalls} tool calls`
  })
  return [...lines, '', '`/audit RUN` tells what one did.'].join('\n')
}

/** What a run did; of others' runs only an owner hears. */
export async function auditCommand({ audit, isOwner }: AuditParts, { person }: Asker, runId: string): Promise<string> {
  const run = runId === '' ? undefined : await audit.find(runId)
  if (run === undefined || (run.caller !== person.id && !isOwner(person.id)))
    return 'There is no such run of yours. `/runs` lists the latest.'
  const entries = await audit.entries(runId, { limit: ENTRIES_SHOWN })
  const verdict = await audit.verify(runId)
  const lines = entries.map((entry) => `${new Date(entry.atMs).toISOString().slice(11, 19)}  ${lineOf(entry)}`)
  const chain = verdict?.isWhole === true ? 'The record is whole.' : 'The record is not as it was written.'
  return ['```text', ...lines.map((line) => line.replaceAll('```', "'''")), '```', '', chain].join('\n')
}

function lineOf(entry: AuditEntry): string {
  switch (entry.type) {
    case 'start':
      return `${entry.isResumed ? 'goes on' : 'begins'}: ${entry.agent}, ${entry.model}`
    case 'step':
      return cut(`step ${entry.step}: ${entry.text || '(no words)'}`)
    case 'tool-call':
      return cut(`calls ${entry.tool} ${entry.arguments}`)
    case 'tool-result':
      return cut(`${entry.tool} ${entry.isError ? 'failed' : 'gave'}: ${entry.result}`)
    case 'approval-request':
      return cut(`asks for a yes: ${entry.requests.map(({ tool }) => tool).join(', ')}`)
    case 'approval-decision':
      return cut(
        `is told: ${entry.decisions.map(({ isApproved, by }) => `${isApproved ? 'yes' : 'no'}${by === undefined ? '' : ` by ${by}`}`).join(', ')}`,
      )
    case 'child':
      return `run ${entry.childRunId} below it: ${entry.status}`
    case 'note':
      return cut(`${entry.about}: ${entry.text}${entry.by === undefined ? '' : ` (${entry.by})`}`)
    case 'end':
      return `ends: ${entry.status} (${entry.stopReason})${entry.error === undefined ? '' : `, ${cut(entry.error.message)}`}`
    default:
      return entry.type
  }
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE).toWellFormed()} …`
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``
}
