import { checkCount, checkKeys } from './check-option.ts'

/** How far a run may go. An agent's own limits win over the executor's, and those over the defaults. */
export interface Limits {
  /** Model calls; of an agent with phases, of each phase that says nothing else. @default 12 */
  readonly maxSteps?: number
  /** The run's whole time, in milliseconds; waiting before it starts or for a person does not count. @default 60_000 */
  readonly timeoutMs?: number
  /** Steps in a row in which every tool call failed. @default 3 */
  readonly maxToolErrors?: number
  /** How often one call may give one result: then the model is told, and at the next time the run stops. @default 3 */
  readonly maxRepeatedCalls?: number
  /** One tool call's time, in milliseconds; a tool's own `timeoutMs` wins. @default 30_000 */
  readonly toolTimeoutMs?: number
  /** Tool calls of one step at a time. @default 64 */
  readonly maxParallelTools?: number
  /** Tool calls of one step; the model is told of those that were too many. @default 128 */
  readonly maxCallsPerStep?: number
  /** Characters of one tool result that reach the model; the rest is cut, with a note. @default 50_000 */
  readonly maxToolOutputChars?: number
  /** How deep runs may delegate: 1 is a run that delegates to others that do not. @default 3 */
  readonly maxDepth?: number
}

/** Why each number: an answer that takes longer, in steps or seconds, has usually lost its way. */
export const DEFAULT_LIMITS: Required<Limits> = Object.freeze({
  maxSteps: 12,
  timeoutMs: 60_000,
  maxToolErrors: 3,
  maxRepeatedCalls: 3,
  toolTimeoutMs: 30_000, // half a run, so that the model can still react
  maxParallelTools: 64,
  maxCallsPerStep: 128, // twice what any model was seen to ask for on purpose
  maxToolOutputChars: 50_000, // about 12,000 tokens: several results fit into any window
  maxDepth: 3, // a fourth level has yet to be of use to anybody
})

/** `limits` over `base`. @throws RangeError or TypeError that names the limit */
export function mergeLimits(base: Required<Limits>, limits: Limits | undefined, option: string): Required<Limits> {
  if (limits === undefined) return base
  checkKeys(option, limits, Object.keys(DEFAULT_LIMITS))
  const merged = { ...base }
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined) continue
    checkCount(`${option}.${name}`, value, 1)
    merged[name as keyof Limits] = value as number
  }
  return Object.freeze(merged)
}
