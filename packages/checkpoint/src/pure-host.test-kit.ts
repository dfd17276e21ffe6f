import {
  type Agent,
  approveLater,
  createExecutor,
  defineTool,
  type Executor,
  staticPalette,
  textOf,
} from '@executus/core'
import { recordingLogger, type RecordingLogger } from '@executus/core/testing'
import { type Message, type ModelRequest, modelStream, noUsage } from '@executus/llm'
import { z } from 'zod'

import type { CrashedHost } from './testing/crash-points.ts'

export interface PureAnswer {
  readonly text?: string
  readonly calls?: readonly { readonly name: string; readonly input: object }[]
}

/** A model that answers by what it sees alone, as a real one that is asked again after a crash. */
export function pureModel(answer: (request: ModelRequest) => PureAnswer, contextWindow = 100_000) {
  return {
    spec: 'pure/model',
    facts: { contextWindow },
    stream: (request: ModelRequest) =>
      modelStream(() => {
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
        return Promise.resolve({
          message: { role: 'assistant' as const, content },
          stopReason: calls.length > 0 ? ('tool-calls' as const) : ('stop' as const),
          usage: { ...noUsage, inputTokens: Math.round(JSON.stringify(request.messages).length / 4), outputTokens: 10 },
        })
      }),
  }
}

export function turnOf(messages: readonly Message[]): number {
  const summaries = messages.filter((message) => textOf(message).startsWith('[Summary')).length
  return messages.filter(({ role }) => role === 'assistant').length + summaries * 2
}

export const call = (name: string, n: number) => ({ name, input: { n } })
export const task = { name: 'agent__child', input: { task: 'help' } }

export interface PureHost {
  readonly executor: Executor
  readonly logger: RecordingLogger
}

/** An executor whose agents have `read`, `write` (once), `same` (idempotent) and `destroy` (once, asked for). */
export function pureHost(
  { checkpointer, effect }: CrashedHost,
  answer: (request: ModelRequest) => PureAnswer,
  {
    contextWindow = 100_000,
    outputChars = 10,
  }: { readonly contextWindow?: number; readonly outputChars?: number } = {},
): PureHost {
  const tool = (name: string, effectOf: 'read' | 'write' | 'destructive', replay?: 'idempotent') =>
    defineTool({
      name,
      description: name,
      effect: effectOf,
      ...(replay && { replay }),
      input: z.object({ n: z.number() }),
      run: ({ n }, { idempotencyKey }) => {
        if (effectOf !== 'read' && replay === undefined) effect(idempotencyKey)
        return `${name} ${n} ${'x'.repeat(outputChars)}`
      },
    })
  const logger = recordingLogger()
  const executor = createExecutor({
    tiers: { fast: pureModel(answer, contextWindow) },
    tools: [
      tool('read', 'read'),
      tool('write', 'write'),
      tool('same', 'write', 'idempotent'),
      tool('destroy', 'destructive'),
    ],
    palette: staticPalette([
      {
        name: 'child',
        description: 'helps',
        instructions: 'child',
        tools: ['read', 'write', 'destroy'],
        palette: ['grandchild'],
      },
      { name: 'grandchild', description: 'helps', instructions: 'grandchild', tools: ['write'] },
    ]),
    approvals: approveLater,
    logger,
    checkpointer,
  })
  return { executor, logger }
}

export const agent: Agent = {
  name: 'boss',
  instructions: 'boss',
  tools: ['read', 'write', 'same', 'destroy'],
  palette: ['child'],
}
