import {
  type AssistantPart,
  type Clock,
  type Message,
  type Model,
  ModelError,
  type ModelRequest,
  modelStream,
} from '@executus/llm'
import { noUsage, textOf } from '@executus/llm'
import { z } from 'zod'

import type { Agent } from '../agent.ts'
import type { ExecutorOptions } from '../config.ts'
import { staticPalette } from '../delegation/palette.ts'
import { createExecutor, type Executor } from '../executor.ts'
import type { RunInput } from '../input.ts'
import type { ApprovalDecision, ApprovalRequest } from '../permission/approvals.ts'
import { recordingLogger, type RecordingLogger } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'
import type { Reconciled, Tool, ToolContext } from '../tool/tool.ts'
import { faultsOfRequest } from './legal-transcript.test-kit.ts'
import { type Behaviour, BEHAVIOURS, type RandomScript, type RandomTurn, TOOLS } from './random-script.test-kit.ts'

/** One time that a tool began. */
export interface Effect {
  readonly key: string
  readonly tool: string
}

/** A process that plays a random script: its executor, and what was seen of it. */
export interface RandomHost {
  readonly executor: Executor
  readonly logger: RecordingLogger
  readonly agent: Agent
  readonly input: RunInput
  readonly output: { readonly output?: typeof ANSWER_SHAPE }
  readonly effects: Effect[]
  /** What was illegal in what the model was shown. */
  readonly faults: string[]
  /** Questions to people that are still open. */
  readonly asked: { readonly requests: readonly ApprovalRequest[]; readonly answer: (isApproved: boolean) => void }[]
  /** Lets tools that were given up settle after all. */
  wakeDeaf(): void
}

const ANSWER_SHAPE = z.object({ a: z.number() })

/** What people say, whenever they are asked: it hangs on what they are shown. */
export function decide({ id, input }: ApprovalRequest): ApprovalDecision {
  return { id, isApproved: input['n'] !== 3, by: 'somebody' }
}

export function randomHost(script: RandomScript, clock: Clock, options: ExecutorOptions = {}): RandomHost {
  const effects: Effect[] = []
  const faults: string[] = []
  const asked: RandomHost['asked'] = []
  const deaf: ((value: string) => void)[] = []
  const logger = recordingLogger()
  const executor = createExecutor({
    tiers: { fast: randomModel(script, faults) },
    tools: TOOLS.map((name) => randomTool(name, clock, effects, deaf)),
    palette: staticPalette([
      { name: 'child', description: 'Helps.', instructions: 'child', tools: TOOLS, limits: script.limits },
    ]),
    approvals: { ask: (requests) => ask(script, requests, asked) },
    approvalTtlMs: script.approvalTtlMs,
    clock,
    logger,
    ...(script.compaction !== 'usual' && { compaction: script.compaction === 'tight' && TIGHT }),
    ...options,
  })
  const names = ['one', 'two', 'one'].slice(0, script.phases)
  const agent: Agent = {
    name: 'boss',
    instructions: 'boss',
    tools: TOOLS,
    palette: ['child'],
    limits: script.limits,
    ...(names.length > 0 && {
      phases: names.map((name, index) => ({
        name,
        instructions: `phase ${index}${index === 0 ? '' : ' after {{one}}'}`,
      })),
    }),
  }
  const input = script.input === 'text' ? 'go' : CONVERSATION
  const output = script.output === 'none' ? {} : { output: ANSWER_SHAPE }
  const wakeDeaf = () => {
    for (const wake of deaf.splice(0)) wake('at last')
  }
  return { executor, logger, agent, input, output, effects, faults, asked, wakeDeaf }
}

const TIGHT = { threshold: 0.6, keep: 0.1, maxToolResultChars: 20 }

const CONVERSATION: readonly Message[] = [
  { role: 'user', content: [{ type: 'text', text: 'earlier' }] },
  { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'read', argumentsText: '{"n":0}' }] },
  {
    role: 'tool',
    content: [
      { type: 'tool-result', callId: 'a', name: 'read', content: [{ type: 'text', text: 'was' }], isError: false },
    ],
  },
  { role: 'assistant', content: [{ type: 'text', text: 'well' }] },
  { role: 'user', content: [{ type: 'text', text: 'go' }] },
]

async function ask(
  { asking }: RandomScript,
  requests: readonly ApprovalRequest[],
  asked: RandomHost['asked'],
): Promise<readonly ApprovalDecision[] | 'later'> {
  if (asking === 'throws') throw undefined as unknown
  if (asking === 'rubbish')
    return [null, ...requests.map(({ id }) => ({ id, isApproved: 'yes' }))] as unknown as readonly ApprovalDecision[]
  if (asking === 'later') return 'later'
  if (asking === 'port') return requests.map(decide)
  return new Promise((resolve) =>
    asked.push({ requests, answer: (isApproved) => resolve(requests.map(({ id }) => ({ id, isApproved }))) }),
  )
}

/** Says what it says by what it sees alone, as a real one that is asked again after a crash. */
function randomModel(script: RandomScript, faults: string[]): Model {
  const known = new Set<string>()
  const mayGoOn = [...script.turns, ...script.childTurns].some(({ stopReason }) => stopReason === 'paused')
  return {
    spec: 'random/model',
    ...(script.window !== undefined && { facts: { contextWindow: script.window } }),
    hasNativeOutput: script.output === 'native',
    stream: (request, options) =>
      modelStream(async ({ emit, signal }) => {
        const { messages, system = '' } = request
        const seen = JSON.stringify(messages)
        faults.push(...faultsOfRequest(messages, mayGoOn).map((fault) => `${fault} in ${seen}`))
        if (system.startsWith('You summarise')) return summaryOf(script)
        if (script.overflowAt !== undefined && seen.length > script.overflowAt)
          throw new ModelError('too large', { code: 'context-overflow' })
        const turn = turnOf(script, request)
        const { fault, calls, usage } = turn
        const question = `${options?.attribution?.['runId']} ${system} ${seen}`
        const isFirst = !known.has(question)
        known.add(question)
        if (turn.hasReasoning) emit({ type: 'reasoning-delta', text: 'well' })
        if (turn.text !== '') emit({ type: 'text-delta', text: turn.text })
        if (fault === 'stalls') await untilAborted(signal)
        if (fault === 'throws') throw undefined as unknown
        if (fault === 'bad-request') throw new ModelError('wrong', { code: 'bad-request', usage: TOKENS })
        if (fault === 'declines') throw new ModelError('no', { code: 'refused' })
        const busy = new ModelError('busy', { code: 'overloaded', usage: TOKENS })
        if (fault === 'busy' || (fault === 'busy-once' && isFirst)) throw busy
        if (fault === 'discards')
          emit({ type: 'attempt-discarded', spec: 'a/b', error: busy, nextSpec: 'c/d', waitMs: 0 })
        const content: AssistantPart[] = [
          ...(turn.hasReasoning ? [{ type: 'reasoning' as const, text: 'well' }] : []),
          ...(turn.text === '' ? [] : [{ type: 'text' as const, text: turn.text }]),
          ...calls.map((call) => ({ type: 'tool-call' as const, ...call })),
        ]
        const message = { role: 'assistant' as const, content }
        const stopReason = turn.stopReason ?? (calls.length > 0 ? 'tool-calls' : 'stop')
        const tokens = { ...TOKENS, inputTokens: Math.round(seen.length / 4) }
        if (usage === 'none') return { message, stopReason }
        return { message, stopReason, usage: usage === 'reported' ? tokens : { ...tokens, isEstimated: true as const } }
      }, options),
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const giveUp = () => reject(new Error('gave up'))
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}

const TOKENS = { ...noUsage, inputTokens: 7, outputTokens: 10 }

function turnOf(script: RandomScript, { system = '', messages }: ModelRequest): RandomTurn {
  const turns = system.startsWith('child') ? script.childTurns : script.turns
  const replies = messages.filter(({ role }) => role === 'assistant').length
  const summaries = messages.filter((message) => textOf(message).startsWith('[Summary')).length
  const phase = Number(/phase (\d)/.exec(system)?.[1] ?? 0)
  const index =
    replies + summaries * 2 + phase - (script.input === 'conversation' && !system.startsWith('child') ? 2 : 0)
  return turns[script.isEndless ? index % turns.length : index] ?? LAST
}

const LAST: RandomTurn = {
  text: '{"a":7}',
  hasReasoning: false,
  calls: [],
  stopReason: undefined,
  fault: undefined,
  usage: 'reported',
}

function summaryOf({ summary }: RandomScript) {
  if (summary === 'fails') throw new ModelError('cannot', { code: 'bad-request' })
  const text = { short: 'they did things', empty: '', long: 'they did things '.repeat(400) }[summary]
  const content = text === '' ? [] : [{ type: 'text' as const, text }]
  return { message: { role: 'assistant' as const, content }, stopReason: 'stop' as const, usage: TOKENS }
}

function randomTool(
  name: (typeof TOOLS)[number],
  clock: Clock,
  effects: Effect[],
  deaf: ((value: string) => void)[],
): Tool {
  const effect = name === 'wipe' ? 'destructive' : name === 'read' || name === 'ask' ? 'read' : 'write'
  return defineTool({
    name,
    description: name,
    effect,
    input: z.object({ n: z.number(), how: z.enum(BEHAVIOURS) }),
    ...(name === 'same' && { replay: 'idempotent' as const }),
    ...(name === 'ask' && { approval: 'ask' as const }),
    ...(name === 'found' && { reconcile: reconcileByKey }),
    run: ({ n, how }, context) => {
      effects.push({ key: context.idempotencyKey, tool: name })
      return behave(how, `${name} ${n}`, context, clock, deaf)
    },
  })
}

export const RECONCILED = 'found out'

function reconcileByKey(key: string): Promise<Reconciled> {
  const answers: readonly Reconciled[] = [{ unknown: true }, { done: false }, { done: true, value: RECONCILED }]
  return Promise.resolve(answers[key.length % answers.length]!)
}

function behave(
  how: Behaviour,
  text: string,
  { signal }: ToolContext,
  clock: Clock,
  deaf: ((value: string) => void)[],
): unknown {
  switch (how) {
    case 'text':
      return text
    case 'nothing':
      return undefined
    case 'object':
      return { text, list: [1, null] }
    case 'big':
      return `${text} ${'x'.repeat(3_000)}`
    case 'half-character':
      return `${text} \ud800`
    case 'rubbish':
      return { text, map: new Map() }
    case 'throws':
      throw new Error(`${text} broke \ud800`)
    case 'throws-nothing':
      throw undefined as unknown
    case 'throws-proxy':
      throw revokedProxy()
    case 'hangs':
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('gave up')), { once: true })
      })
    case 'deaf':
      return new Promise((resolve) => deaf.push(resolve))
    case 'soon':
      return afterTurns(5, text)
    case 'late':
      return new Promise((resolve, reject) => {
        const cancel = clock.after(1_200, () => resolve(text))
        const giveUp = () => {
          cancel()
          reject(new Error('gave up'))
        }
        signal.addEventListener('abort', giveUp, { once: true })
      })
  }
}

/** Throws when it is asked anything at all. */
function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** No timer, which could fall due before or after one of the clock's. */
async function afterTurns(turns: number, text: string): Promise<string> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
  return text
}
