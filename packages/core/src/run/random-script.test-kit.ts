import type { ModelStopReason } from '@executus/llm'
import * as fc from 'fast-check'

import type { Limits } from '../limits.ts'

/** What a tool does when it is called; a call's arguments say which. */
export const BEHAVIOURS = [
  'text',
  'nothing',
  'object',
  'big',
  'half-character',
  'rubbish',
  'throws',
  'throws-nothing',
  'throws-proxy',
  'hangs',
  'deaf',
  'soon',
  'late',
] as const

export type Behaviour = (typeof BEHAVIOURS)[number]

/** What goes wrong at a model call, apart from what it says. */
type Fault = 'busy-once' | 'discards' | 'busy' | 'bad-request' | 'declines' | 'throws' | 'stalls'

/** How people are asked: `port` brings the answer at once, the others are what may come of it. */
type Asking = 'port' | 'later' | 'never' | 'throws' | 'rubbish'

interface RandomCall {
  readonly id: string
  readonly name: string
  readonly argumentsText: string
}

export interface RandomTurn {
  readonly text: string
  readonly hasReasoning: boolean
  readonly calls: readonly RandomCall[]
  readonly stopReason: ModelStopReason | undefined
  readonly fault: Fault | undefined
  readonly usage: 'reported' | 'estimated' | 'none'
}

/** All that is random about a run but the moments at which something is done to it. Plain data: it shrinks and prints. */
export interface RandomScript {
  /** What the model says, by how many replies it sees in the conversation; after the last one it answers. */
  readonly turns: readonly RandomTurn[]
  /** The same for the run that is delegated to. */
  readonly childTurns: readonly RandomTurn[]
  /** Whether it begins anew after the last turn, and never answers. */
  readonly isEndless: boolean
  /** 0: an agent without phases. */
  readonly phases: number
  readonly input: 'text' | 'conversation'
  readonly output: 'none' | 'tool' | 'native'
  readonly limits: Limits
  readonly window: number | undefined
  /** Characters of a conversation that the model refuses as too large. */
  readonly overflowAt: number | undefined
  readonly compaction: 'usual' | 'tight' | 'off'
  readonly summary: 'short' | 'empty' | 'long' | 'fails'
  readonly asking: Asking
  readonly approvalTtlMs: number
}

export interface ScriptChoices {
  readonly faults: readonly Fault[]
  readonly askings: readonly Asking[]
  /** The run's whole time. */
  readonly timeoutMs: readonly number[]
  readonly approvalTtlMs: readonly number[]
}

export const TOOLS = ['read', 'write', 'same', 'wipe', 'ask', 'found'] as const

/** Scripts whose outcome hangs on nothing but what the model sees: the same at every replay. */
export const REPLAYABLE: ScriptChoices = {
  faults: ['busy-once', 'discards', 'bad-request', 'declines', 'throws'],
  askings: ['port', 'later', 'later', 'throws', 'rubbish'],
  timeoutMs: [1_000_000_000],
  approvalTtlMs: [1_000_000_000],
}

export const ANYTHING: ScriptChoices = {
  faults: ['busy-once', 'discards', 'busy', 'bad-request', 'declines', 'throws', 'stalls'],
  askings: ['port', 'later', 'never', 'never', 'throws', 'rubbish'],
  timeoutMs: [1_500, 60_000],
  approvalTtlMs: [1_000, 1_000_000_000],
}

/** Most are as they should be: what goes wrong early hides what could go wrong later. */
function rarely<T>(weight: number, rare: fc.Arbitrary<T>, usual: T): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rare })
}

const MALFORMED = ['', '{', '[]', 'null', '{"n":"one"}', '{"n":1,"how":"text"}\ud800', '{"__proto__":{"n":1}}']

const goodArguments = fc
  .record({ n: fc.nat(3), how: fc.oneof(fc.constant<Behaviour>('text'), fc.constantFrom(...BEHAVIOURS)) })
  .map((input) => JSON.stringify(input))

const toolCall: fc.Arbitrary<RandomCall> = fc.record({
  id: fc.constantFrom('', 'a', 'b', 'c', 'd', 'e'),
  name: fc.constantFrom<string>(...TOOLS, ...TOOLS, 'nobody', ''),
  argumentsText: fc.oneof(
    { weight: 6, arbitrary: goodArguments },
    { weight: 1, arbitrary: fc.constantFrom(...MALFORMED) },
  ),
})
const childCall: fc.Arbitrary<RandomCall> = fc.record({
  id: fc.constantFrom('', 'a', 'b'),
  name: fc.constant('agent__child'),
  argumentsText: fc.constantFrom('{"task":"help"}', '{"task":"help"}', '{"task":""}'),
})
const answerCall: fc.Arbitrary<RandomCall> = fc.record({
  id: fc.constantFrom('a', 'z'),
  name: fc.constant('answer'),
  argumentsText: fc.constantFrom('{"a":1}', '{"a":"one"}', '{'),
})

const STOPS = ['stop', 'tool-calls', 'length', 'refused', 'paused', 'window-exceeded', 'other'] as const
const TEXTS = ['on it', '{"a":1}', '```json\n{"a":2}\n```', ' ', 'x'.repeat(900)]

function turnOf(calls: fc.Arbitrary<RandomCall>, { faults }: ScriptChoices): fc.Arbitrary<RandomTurn> {
  return fc.record({
    text: fc.oneof(fc.constant(''), fc.constantFrom(...TEXTS)),
    hasReasoning: fc.boolean(),
    calls: fc.oneof(
      { weight: 4, arbitrary: fc.array(calls, { minLength: 1, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
    stopReason: rarely(6, fc.constantFrom(...STOPS), undefined),
    fault: rarely(8, fc.constantFrom(...faults), undefined),
    usage: fc.constantFrom('reported', 'reported', 'estimated', 'none'),
  })
}

export function randomScript(choices: ScriptChoices): fc.Arbitrary<RandomScript> {
  const calls = fc.oneof(
    { weight: 8, arbitrary: toolCall },
    { weight: 2, arbitrary: childCall },
    { weight: 1, arbitrary: answerCall },
  )
  return fc.record({
    turns: fc.array(turnOf(calls, choices), { maxLength: 5 }),
    childTurns: fc.array(turnOf(toolCall, choices), { maxLength: 3 }),
    isEndless: rarely(5, fc.constant(true), false),
    phases: rarely(2, fc.integer({ min: 1, max: 3 }), 0),
    input: rarely(3, fc.constant('conversation' as const), 'text'),
    output: rarely(3, fc.constantFrom('tool', 'native'), 'none'),
    limits: fc.record({
      maxSteps: fc.constantFrom(12, 12, 3, 1),
      timeoutMs: fc.constantFrom(...choices.timeoutMs),
      maxToolErrors: fc.constantFrom(3, 3, 1),
      maxRepeatedCalls: fc.constantFrom(3, 3, 1),
      toolTimeoutMs: fc.constantFrom(1_000, 30_000),
      maxParallelTools: fc.constantFrom(1, 2, 64),
      maxCallsPerStep: fc.constantFrom(2, 128),
      maxToolOutputChars: fc.constantFrom(50_000, 50_000, 10),
    }),
    // The tools alone are 600 tokens.
    window: fc.constantFrom(undefined, 900, 1_500, 4_000),
    overflowAt: rarely(3, fc.constantFrom(600, 2_500), undefined),
    compaction: fc.constantFrom('usual', 'usual', 'tight', 'tight', 'off'),
    summary: fc.constantFrom('short', 'short', 'empty', 'long', 'fails'),
    asking: fc.constantFrom('port', ...choices.askings),
    approvalTtlMs: fc.constantFrom(...choices.approvalTtlMs),
  })
}
