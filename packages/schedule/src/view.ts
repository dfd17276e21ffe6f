import type { FiringRecord, Job } from './job.ts'

/** A job with what is known of its last firing by now. */
export function seenJob(job: Job, nowMs: number): Job {
  if (job.lastAtMs === undefined || job.lastOutcome !== undefined) return job
  return { ...job, lastOutcome: openOutcome(job.busyUntilMs ?? 0, nowMs) }
}

/** A firing with what is known of it by now. */
export function seenFiring(firing: FiringRecord, nowMs: number): FiringRecord {
  return firing.outcome === undefined ? { ...firing, outcome: openOutcome(firing.expiresAtMs, nowMs) } : firing
}

function openOutcome(expiresAtMs: number, nowMs: number): 'running' | 'unknown' {
  return expiresAtMs > nowMs ? 'running' : 'unknown'
}
