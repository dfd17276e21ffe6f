import assert from 'node:assert/strict'

import { type Message, type ModelReply, type ModelRequest, modelStream, noUsage } from '@executus/llm'
import { fakeClock } from '@executus/llm/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import type { Agent } from '../agent.ts'
import { staticPalette } from '../delegation/palette.ts'
import { createExecutor } from '../executor.ts'
import { approveLater } from '../permission/approvals.ts'
import type { RunResult } from '../result.ts'
import { recordingCheckpointer, type RecordingCheckpointer, recordingLogger } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

/** A model that answers by what it sees alone, as a real one that is asked again after a crash. */
function pureModel(
  answer: (
    request: ModelRequest,
  ) => Partial<ModelReply['message']> & { text?: string; calls?: readonly { name: string; input: object }[] },
) {
  return {
    spec: 'pure/model',
    facts: { contextWindow: 4_000 },
    stream: (request: ModelRequest) =>
      modelStream(async () => {
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
        const inputTokens = JSON.stringify(request.messages).length / 4
        return {
          message: { role: 'assistant' as const, content },
          stopReason: calls.length > 0 ? ('tool-calls' as const) : ('stop' as const),
          usage: { ...noUsage, inputTokens: Math.round(inputTokens), outputTokens: 10 },
        }
      }),
  }
}

const said = (messages: readonly Message[]) => messages.filter(({ role }) => role === 'assistant').length

function host(checkpointer: RecordingCheckpointer | undefined, effects: string[]) {
  const clock = fakeClock()
  const tool = (name: string, effect: 'read' | 'write' | 'destructive') =>
    defineTool({
      name,
      description: name,
      effect,
      input: z.object({ n: z.number() }),
      run: ({ n }) => {
        effects.push(`${name} ${n}`)
        return `${name} ${n} ${'x'.repeat(3_000)}`
      },
    })
  const model = pureModel(({ system = '', messages, tools = [] }) => {
    if (tools.length === 0 && system.includes('summarise')) return { text: 'they did things' }
    const turn = said(messages)
    if (system.startsWith('child'))
      return turn === 0
        ? {
            calls: [
              { name: 'write', input: { n: 100 } },
              { name: 'destroy', input: { n: 101 } },
            ],
          }
        : { text: 'child done' }
    if (system.includes('phase one'))
      return turn === 0 ? { calls: [{ name: 'read', input: { n: 0 } }] } : { text: 'one' }
    if (messages.length > 6 || JSON.stringify(messages).includes('they did things'))
      return { text: `all done, ${system.slice(-3)}` }
    return {
      calls: [
        { name: 'read', input: { n: messages.length } },
        { name: 'write', input: { n: messages.length } },
        ...(turn === 0
          ? [
              { name: 'agent__child', input: { task: 'help' } },
              { name: 'destroy', input: { n: 7 } },
            ]
          : []),
      ],
    }
  })
  const logger = recordingLogger()
  const executor = createExecutor({
    tiers: { fast: model },
    tools: [tool('read', 'read'), tool('write', 'write'), tool('destroy', 'destructive')],
    palette: staticPalette([
      { name: 'child', description: 'helps', instructions: 'child', tools: ['write', 'destroy'] },
    ]),
    approvals: approveLater,
    clock,
    logger,
    ...(checkpointer && { checkpointer }),
  })
  return { executor, logger }
}

const agent: Agent = {
  name: 'boss',
  tools: ['read', 'write', 'destroy'],
  palette: ['child'],
  phases: [
    { name: 'one', instructions: 'phase one' },
    { name: 'two', instructions: 'phase two after {{one}}' },
  ],
}

async function untilDone(start: () => Promise<RunResult>, resume: (ids: readonly string[]) => Promise<RunResult>) {
  let result = await start()
  for (let round = 0; round < 10 && result.status === 'suspended'; round++)
    result = await resume(result.approvals.map(({ id }) => id))
  return result
}

test('a run that is resumed after any entry of its journal comes to the same end, and does nothing twice', async () => {
  const effects: string[] = []
  const whole = recordingCheckpointer({ now: () => 0 })
  const first = host(whole, effects)
  const approve = (ids: readonly string[]) => ids.map((id) => ({ id, isApproved: true }))
  const result = await untilDone(
    () => first.executor.run(agent, 'go', { runId: 'r' }),
    (ids) => first.executor.resume('r', { approvals: approve(ids) }).result,
  )
  expect(result).toMatchObject({ status: 'ok', output: 'all done, one', durable: true })
  expect(first.logger.lines).toEqual([])
  expect(new Set(effects).size).toBe(effects.length)

  for (let count = 0; count < whole.length; count++) {
    const again: string[] = []
    const after = whole.afterCrash(count)
    const { executor } = host(after, again)
    const resume = (ids: readonly string[]) => executor.resume('r', { approvals: approve(ids) }).result
    const resumed = await untilDone(() => resume([]), resume)
    const kept = [...after.records.values()].flatMap(({ entries }) => entries)
    const isInDoubt = JSON.stringify(kept).includes('outcome is unknown')
    const { elapsedMs: _, ...end } = resumed
    const { elapsedMs: __, ...wanted } = result
    if (isInDoubt) assert.equal(end.status, 'ok')
    else assert.deepEqual(end, wanted, `after ${count} entries`)
  }
})
