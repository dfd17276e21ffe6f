/** Whether something may be done. */
export type Decision = 'allow' | 'ask' | 'deny'

/** A decision, and why, in one sentence that a model may read. */
export interface Verdict {
  readonly decision: Decision
  readonly reason?: string
}

export const ALLOW: Verdict = Object.freeze({ decision: 'allow' })

const SEVERITY: Readonly<Record<Decision, number>> = { allow: 0, ask: 1, deny: 2 }

/** The stricter one: deny above ask above allow. Which comes first makes no difference, but for the reason of equals. */
export function stricter(a: Verdict, b: Verdict): Verdict {
  return SEVERITY[b.decision] > SEVERITY[a.decision] ? b : a
}

export function isDecision(value: unknown): value is Decision {
  return typeof value === 'string' && Object.hasOwn(SEVERITY, value)
}
