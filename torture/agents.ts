// Agents of every kind that a run can be, on a model that answers by what it sees alone: so a run that was killed a hundred
// times must come to the transcript of one that was left alone.
import { setTimeout as sleep } from 'node:timers/promises'

import {
  type Agent,
  approveLater,
  type CheckpointerFactory,
  createExecutor,
  defineTool,
  type Executor,
  noLogger,
  type ReplayClass,
  staticPalette,
} from '@executus/core'
import { type Message, type ModelRequest, modelStream, noUsage } from '@executus/llm'
import { z } from 'zod'

import type { EffectLog } from './effect-log.ts'

interface Answer {
  readonly text?: string
  readonly calls?: readonly { readonly name: string; readonly input: object }[]
}

const LONG_TURNS = 5
const tools = ['look', 'same', 'pay', 'erase']
const call = (name: string, n: number) => ({ name, input: { n } })
const help = { name: 'agent__helper', input: { task: 'help' } }

/** What each agent says, by its instructions: turn by turn, and then it is done. */
const TURNS: Readonly<Record<string, readonly Answer[]>> = {
  loop: [{ calls: [call('look', 1)] }, { calls: [call('pay', 2)] }, { calls: [call('same', 3)] }, { text: 'well' }],
  parallel: [
    { calls: [call('look', 1), call('pay', 2), call('same', 3), call('pay', 4), call('look', 5)] },
    { text: 'and', calls: [call('pay', 6), call('same', 7), call('pay', 8)] },
  ],
  approval: [
    { calls: [call('erase', 1), call('look', 2), call('erase', 3)] },
    { calls: [call('pay', 4), call('erase', 5)] },
  ],
  parent: [{ calls: [help, call('pay', 1)] }, { calls: [help, help] }],
  helper: [{ calls: [call('pay', 2), call('look', 3)] }, { calls: [call('erase', 4)] }, { text: 'helped' }],
  one: [{ calls: [call('pay', 1), call('look', 2)] }, { text: 'one is done' }],
  two: [{ calls: [call('same', 3)] }, { text: 'two is done' }],
}

const agentNamed = (name: string): Agent => ({ name, instructions: name, tools })

/** The kinds of runs. */
export const AGENTS: readonly Agent[] = [
  agentNamed('loop'),
  agentNamed('parallel'),
  agentNamed('approval'),
  { ...agentNamed('parent'), palette: ['helper'] },
  { ...agentNamed('long'), tier: 'small' }, // of which most is summarised away
  {
    name: 'phases',
    tools,
    phases: [
      { name: 'one', instructions: 'one' },
      { name: 'two', instructions: 'two, after {{one}}' },
    ],
  },
]

/** The executor of a process. Each tool takes a moment, and tells the log when it begins and when it has taken effect. */
export function executorOf(checkpointer: CheckpointerFactory, log: EffectLog, life: string): Executor {
  const tool = (name: string, replay: ReplayClass, approval?: 'ask') =>
    defineTool({
      name,
      description: name,
      effect: replay === 'rerun' ? 'read' : 'write',
      replay,
      ...(approval && { approval }),
      input: z.object({ n: z.number() }),
      async run({ n }, { runId, callId, idempotencyKey: key }) {
        const line = { life, runId, callId, key, class: replay }
        log.append({ at: 'start', ...line })
        await sleep(Math.random() * 8)
        log.append({ at: 'done', ...line })
        return `${name} ${n} ${'x'.repeat(3_000)}`
      },
    })
  return createExecutor({
    tiers: { fast: pureModel(100_000), small: pureModel(2_000) },
    tools: [tool('look', 'rerun'), tool('same', 'idempotent'), tool('pay', 'once'), tool('erase', 'once', 'ask')],
    palette: staticPalette([{ name: 'helper', description: 'helps', instructions: 'helper', tools }]),
    approvals: approveLater,
    checkpointer,
    requireDurable: true,
    logger: noLogger,
  })
}

function pureModel(contextWindow: number) {
  return {
    spec: 'pure/model',
    facts: { contextWindow },
    stream: (request: ModelRequest) =>
      modelStream(async () => {
        await sleep(Math.random() * 3)
        const { text, calls = [] } = answer(request)
        const content = [
          ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
          ...calls.map(({ name, input }, index) => ({
            type: 'tool-call' as const,
            id: `c${index}`,
            name,
            argumentsText: JSON.stringify(input),
          })),
        ]
        return {
          message: { role: 'assistant' as const, content },
          stopReason: calls.length > 0 ? ('tool-calls' as const) : ('stop' as const),
          usage: { ...noUsage, inputTokens: Math.round(JSON.stringify(request.messages).length / 4), outputTokens: 10 },
        }
      }),
  }
}

function answer({ system = '', messages, tools: offered = [] }: ModelRequest): Answer {
  if (offered.length === 0 && system.includes('summarise')) return { text: 'things were done' }
  if (system.startsWith('long')) return longAnswer(messages)
  const turns = TURNS[/^\w+/.exec(system)?.[0] ?? ''] ?? []
  return (
    turns[messages.filter(({ role }) => role === 'assistant').length] ?? {
      text: `done, after ${messages.length} messages`,
    }
  )
}

/** What it saw last tells how far it is, as most of what was before is summarised away. */
function longAnswer(messages: readonly Message[]): Answer {
  const seen = [...JSON.stringify(messages).matchAll(/look (\d)/g)].at(-1)
  const n = Number(seen?.[1] ?? 0) + 1
  return n > LONG_TURNS ? { text: 'done at last' } : { calls: [call('look', n), call('pay', n)] }
}
