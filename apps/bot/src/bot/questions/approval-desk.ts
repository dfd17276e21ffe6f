import type { ApprovalRequest, Approvals, Logger } from '@executus/core'

import type { Stores } from '../../store/stores.ts'
import type { Choice } from '../../view/entry.ts'
import type { Log } from '../log.ts'
import { detailsOf } from './details-of.ts'
import { type NewQuestion, putQuestion } from './put-question.ts'

const CHOICES: readonly Choice[] = [
  { id: 'approve', label: 'Approve', style: 'primary' },
  { id: 'decline', label: 'Decline', style: 'danger' },
]

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
          putQuestion(writer, stores, run, questionOf(request))
        }
      })
      return 'later'
    },
  }
}

function questionOf(request: ApprovalRequest): NewQuestion {
  const { id: requestId, tool, agentPath, expiresAtMs } = request
  const title = `May ${agentPath.join(' › ')} use ${tool}?`
  return { topic: 'approval', requestId, title, details: detailsOf(request), choices: CHOICES, expiresAtMs }
}
