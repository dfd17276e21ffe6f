import { randomBytes } from 'node:crypto'

import type { ApprovalRequest, Approvals, Logger } from '@executus/core'

import type { Stores } from '../../store/stores.ts'
import type { Choice, QuestionEntry } from '../../view/entry.ts'
import type { Log } from '../log.ts'
import { detailsOf } from './details-of.ts'

const CHOICES: readonly Choice[] = [
  { id: 'approve', label: 'Approve', style: 'primary' },
  { id: 'decline', label: 'Decline', style: 'danger' },
]

/** Fits into a button, and cannot be guessed. */
export function newQuestionId(): string {
  return randomBytes(8).toString('hex')
}

/**
 * Puts calls that need a yes to people, and lets the run wait for them outside of any memory: buttons work after a restart
 * because all of it is kept.
 */
export function approvalDesk(options: {
  readonly stores: Stores
  readonly log: Log
  readonly logger: Logger
}): Approvals {
  const { stores, log, logger } = options
  return {
    async ask(requests) {
      const [first] = requests
      const run = first && stores.runs.find(first.rootRunId)
      if (run === undefined) {
        logger.error(`run ${first?.rootRunId ?? ''} asks people, and belongs to no conversation`)
        return requests.map(({ id }) => ({ id, isApproved: false, note: 'There is nobody to ask.' }))
      }
      log.write((writer) => {
        for (const request of requests) {
          // A run that is resumed asks again for what is not decided.
          if (stores.questions.hasRequest(request.id)) continue
          const id = newQuestionId()
          const body = questionOf(id, request)
          const { entry } = writer.add({ conversationId: run.conversationId, body, runId: run.id })
          const { expiresAtMs, id: requestId } = request
          const question = { id, entryId: entry.id, topic: 'approval', state: 'open', expiresAtMs, requestId } as const
          stores.questions.add({ ...question, runId: run.id, askedFor: run.caller })
        }
      })
      return 'later'
    },
  }
}

function questionOf(questionId: string, request: ApprovalRequest): QuestionEntry {
  const { tool, agentPath, expiresAtMs } = request
  return {
    kind: 'question',
    questionId,
    topic: 'approval',
    title: `May ${agentPath.join(' › ')} use ${tool}?`,
    details: detailsOf(request),
    choices: CHOICES,
    expiresAtMs,
  }
}
