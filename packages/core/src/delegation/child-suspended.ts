import type { ApprovalRequest } from '../permission/approvals.ts'

/**
 * Thrown by a call whose delegated run waits for people, or stopped at a safe point with the run above it: then there are
 * no approvals. The call has no result until that run is resumed.
 */
export class ChildSuspended extends Error {
  override readonly name = 'ChildSuspended'
  readonly approvals: readonly ApprovalRequest[]

  constructor(approvals: readonly ApprovalRequest[]) {
    super('The delegated run waits for an approval')
    this.approvals = approvals
  }
}
