import { type Model, ModelError, type ModelRequest, systemClock } from '@executus/llm'
import { scriptedModel, type ScriptTurn } from '@executus/llm/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutorOptions } from '../config.ts'
import type { RunEventOf } from '../event.ts'
import { recordingCheckpointer, scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const agent = { name: 'reader', instructions: 'Read.', tools: ['read'] }
const read = (chars: number) =>
  defineTool({
    name: 'read',
    description: 'Reads.',
    effect: 'read',
    input: z.object({ n: z.number() }),
    run: ({ n }) => `${n} ${'word '.repeat(chars / 5)}`,
  })
const call = (n: number, inputTokens: number): ScriptTurn => ({
  calls: [{ name: 'read', input: { n } }],
  usage: { inputTokens, outputTokens: 10 },
})
const done: ScriptTurn = { text: 'Done.' }
const isSummary = ({ system = '' }: ModelRequest) => system.startsWith('You summarise')

/** A host whose model has a window of 10,000 tokens; gives the compactions of one run beside its result. */
async function play(
  turns: readonly ScriptTurn[],
  { chars = 100, ...options }: ExecutorOptions & { chars?: number } = {},
) {
  const model = scriptedModel(turns)
  const windowed: Model = { ...model, facts: { contextWindow: 10_000 } }
  const { executor, logger } = scriptedHost([], { tiers: { fast: windowed }, tools: [read(chars)], ...options })
  const run = executor.start({ ...agent, limits: { maxRepeatedCalls: 99 } }, 'go')
  const compactions: Partial<RunEventOf<'compaction'>>[] = []
  run.on('compaction', ({ seq: _s, runId: _r, atMs: _a, type: _t, ...rest }) => compactions.push(rest))
  const result = await run.result
  return { model, result, compactions, logger }
}

test('makeRoom() goes by the size that was last reported, not by its own estimate', async () => {
  const turns = (reported: number) => [call(1, 100), call(2, reported), { text: 'They read.' }, done]
  const small = await play(turns(6_500))
  expect(small.compactions).toEqual([])
  const large = await play(turns(7_500), { compaction: { keep: 0.005 } })
  expect(large.compactions).toMatchObject([{ step: 2, strategy: 'summarise' }])
})

test('makeRoom() leaves a conversation alone whose estimate is large but whose reported size is small', async () => {
  const { compactions } = await play([call(1, 10), call(2, 20), done], { chars: 10_000 })
  expect(compactions).toEqual([])
})

test('makeRoom() first cuts old tool results, and asks no model when that is enough', async () => {
  const { compactions, model, result } = await play([call(1, 2_000), call(2, 4_500), done], {
    chars: 12_000,
    compaction: { keep: 0.3 },
  })
  expect(compactions).toMatchObject([{ strategy: 'shrink', messagesBefore: 5, messagesAfter: 5 }])
  const [{ tokensBefore, tokensAfter }] = compactions as [Required<(typeof compactions)[0]>]
  expect(tokensAfter).toBeLessThan(tokensBefore)
  expect(tokensAfter).toBeLessThanOrEqual(7_000)
  expect(model.requests.filter(isSummary)).toEqual([])
  expect(JSON.stringify(model.requests.at(-1)!.messages)).toContain('characters are not shown')
  expect(JSON.stringify(result.messages)).not.toContain('characters are not shown')
})

test('makeRoom() cuts what the model has not read yet only when it would not fit at all', async () => {
  const fits = await play([call(1, 6_900), done], { chars: 5_000 })
  expect(fits.compactions).toMatchObject([{ strategy: 'none', messagesAfter: 3 }])
  expect(JSON.stringify(fits.model.requests[1]?.messages)).not.toContain('characters are not shown')
  const fitsNot = await play([call(1, 6_900), done], { chars: 15_000 })
  expect(fitsNot.compactions).toMatchObject([{ strategy: 'shrink', messagesAfter: 3 }])
})

test('makeRoom() then has the middle summarised, and the run goes on with the summary in its place', async () => {
  const { compactions, model, result } = await play(
    [
      call(1, 100),
      call(2, 200),
      call(3, 9_000),
      { text: 'They read 1 and 2.', usage: { inputTokens: 500, outputTokens: 5 } },
      { text: 'Done.', usage: { inputTokens: 300, outputTokens: 10 } },
    ],
    { compaction: { keep: 0.005 } },
  )
  expect(compactions).toMatchObject([{ step: 3, strategy: 'summarise', messagesBefore: 7, messagesAfter: 4 }])
  const [summarised, next] = model.requests.slice(3)
  expect(isSummary(summarised!)).toBe(true)
  expect(summarised?.tools).toBeUndefined()
  expect(summarised?.messages).toHaveLength(1)
  expect(next?.messages.map(({ role }) => role)).toEqual(['user', 'user', 'assistant', 'tool'])
  expect(next?.messages[1]).toEqual({
    role: 'user',
    content: [
      {
        type: 'text',
        text: '[Summary of the conversation so far; the messages themselves are no longer shown.]\nThey read 1 and 2.',
      },
    ],
  })
  expect(result).toMatchObject({
    status: 'ok',
    steps: 4,
    usage: { inputTokens: 10_100, outputTokens: 45, unreportedCalls: 0 },
  })
  expect(result.messages.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
    'assistant',
    'tool',
    'assistant',
  ])
})

test('makeRoom() has the summary written by the tier that is named for it', async () => {
  const writer = scriptedModel([{ text: 'Short.' }], { spec: 'own/writer' })
  const model = scriptedModel([call(1, 100), call(2, 200), call(3, 9_000), done])
  const { executor } = scriptedHost([], {
    tiers: { fast: { ...model, facts: { contextWindow: 10_000 } }, cheap: writer },
    tools: [read(100)],
    compaction: { tier: 'cheap', keep: 0.005 },
  })
  expect(await executor.run(agent, 'go')).toMatchObject({ status: 'ok', steps: 4 })
  expect(writer.requests.map(isSummary)).toEqual([true])
  expect(model.requests.some(isSummary)).toBe(false)
})

test('makeRoom() goes on without a summary that cannot be had, and says so', async () => {
  const { compactions, logger, result } = await play(
    [call(1, 100), call(2, 200), call(3, 9_000), new ModelError('no', { code: 'bad-request' }), done],
    { compaction: { keep: 0.005 } },
  )
  expect(result).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(compactions).toMatchObject([{ strategy: 'none', messagesBefore: 7, messagesAfter: 7 }])
  expect(compactions[0]?.tokensAfter).toBe(compactions[0]?.tokensBefore)
  expect(logger.lines).toMatchObject([
    { level: 'warn', message: 'the conversation of run run-1 could not be summarised' },
  ])
})

test('makeRoom() counts what a summariser used that failed, for good or for a while', async () => {
  const used = { inputTokens: 1_000, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  const turns = [call(1, 100), call(2, 200), call(3, 9_000)]
  const answered = { text: 'Done.', usage: { inputTokens: 50 } }
  const failing = new ModelError('no', { code: 'bad-request', usage: used })
  const failed = await play([...turns, failing, answered], { compaction: { keep: 0.005 } })
  expect(failed.result).toMatchObject({ status: 'ok', usage: { inputTokens: 10_350 } })

  const passing = new ModelError('busy', { code: 'overloaded', usage: used })
  const summary = { text: 'They read.', usage: { inputTokens: 5 } }
  const instant = { failover: { backoff: { firstMs: 0, maxMs: 0 } }, clock: systemClock }
  const retried = await play([...turns, passing, summary, answered], { compaction: { keep: 0.005 }, ...instant })
  expect(retried.result).toMatchObject({ status: 'ok', usage: { inputTokens: 10_355 } })
})

test('makeRoom() says that nothing could be taken away, and does not try again until there is more', async () => {
  const turns = Array.from({ length: 6 }, (_, n) => call(n, 8_000 + n))
  const { compactions, result, model } = await play(
    [
      call(0, 100),
      call(1, 8_000),
      { text: 'A summary that is longer than what it sums up. '.repeat(50) },
      ...turns.slice(2),
      done,
    ],
    { compaction: { keep: 0.005 } },
  )
  expect(result).toMatchObject({ status: 'ok', steps: 7 })
  expect(compactions).toMatchObject([{ strategy: 'none', tokensBefore: expect.any(Number), messagesAfter: 5 }])
  expect(model.requests.filter(isSummary)).toHaveLength(1)
})

test('makeRoom() never compacts where it is switched off, or the window is unknown', async () => {
  const off = await play([call(1, 9_900), done], { compaction: false })
  expect(off.compactions).toEqual([])
  const { executor } = scriptedHost([call(1, 1_000_000), done], { tools: [read(100)] })
  expect(await executor.run(agent, 'go')).toMatchObject({ status: 'ok' })
})

const overflow = new ModelError('too long', { code: 'context-overflow' })

test('a request that a provider refuses as too large is compacted once and made again', async () => {
  const { compactions, model, result } = await play([
    call(1, 100),
    call(2, 200),
    overflow,
    { text: 'They read.' },
    done,
  ])
  expect(result).toMatchObject({ status: 'ok', output: 'Done.', steps: 3 })
  expect(compactions).toMatchObject([{ step: 3, strategy: 'summarise', messagesBefore: 5, messagesAfter: 4 }])
  expect(model.requests.map(isSummary)).toEqual([false, false, false, true, false])
})

test('a request that is still too large goes to a model with a larger window', async () => {
  const small = scriptedModel([call(1, 100), call(2, 200), overflow, { text: 'They read.' }, overflow], {
    spec: 'own/small',
  })
  const large = scriptedModel([done], { spec: 'own/large' })
  const same = scriptedModel([], { spec: 'own/same' })
  const { executor } = scriptedHost([], {
    tiers: {
      fast: [
        { ...small, facts: { contextWindow: 10_000 } },
        { ...same, facts: { contextWindow: 10_000 } },
        { ...large, facts: { contextWindow: 100_000 } },
      ],
    },
    tools: [read(100)],
  })
  const run = executor.start(agent, 'go')
  const discarded: unknown[] = []
  run.on('attempt-discarded', ({ model, nextModel }) => discarded.push([model, nextModel]))
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.', steps: 3 })
  expect(discarded).toEqual([['own/small', 'own/large']])
  expect([small, same, large].map(({ requests }) => requests.length)).toEqual([5, 0, 1])
})

test('a request that is too large for every model ends the run, after one compaction', async () => {
  const { compactions, result, model } = await play([
    call(1, 100),
    call(2, 200),
    overflow,
    { text: 'Short.' },
    overflow,
  ])
  expect(result).toMatchObject({ status: 'error', stopReason: 'model-error', error: { code: 'context-overflow' } })
  expect(compactions).toHaveLength(1)
  expect(model.requests).toHaveLength(5)
})

test('the journal keeps all that a compaction takes away, and a resumed run sees what it saw', async () => {
  const checkpointer = recordingCheckpointer()
  const turns = [call(1, 100), call(2, 200), call(3, 9_000), { text: 'They read 1 and 2.' }]
  const options = { checkpointer, compaction: { keep: 0.005 } }
  const first = scriptedModel([...turns, { stalls: true }])
  const windowed = (model: Model): ExecutorOptions => ({
    tiers: { fast: { ...model, facts: { contextWindow: 10_000 } } },
    tools: [read(100)],
    ...options,
  })
  const host = scriptedHost([], windowed(first))
  const run = host.executor.start(agent, 'go', { runId: 'r' })
  await host.clock.advance(1)
  await host.executor.shutdown()
  await run.result

  const next = scriptedModel([done])
  const result = await scriptedHost([], windowed(next)).executor.resume('r').result
  expect(result).toMatchObject({ status: 'ok', steps: 4 })
  expect(result.messages).toHaveLength(8)
  expect(next.requests[0]?.messages).toEqual(first.requests[4]?.messages)
  expect(next.requests[0]?.messages).toHaveLength(4)
})
