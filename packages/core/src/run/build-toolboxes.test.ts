import { expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutorOptions } from '../config.ts'
import { staticPalette } from '../delegation/palette.ts'
import type { SessionToolFactory } from '../ports/session-tools.ts'
import type { RunResult } from '../result.ts'
import { scriptedHost, type ScriptTurn } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const tool = (name: string) =>
  defineTool({ name, description: name, effect: 'read', input: z.object({}), run: () => name })
const agent = { name: 'a', tools: ['own'], palette: ['child'] }
const palette = staticPalette([{ name: 'child', description: 'helps' }])
const makes =
  (...names: readonly string[]): SessionToolFactory =>
  () => ({ tools: names.map(tool) })

test('a run has the executor’s tools, then delegates, then the invocation’s, then those of its session', async () => {
  const { executor, model } = scriptedHost([{ text: 'Hi.' }], {
    tools: [tool('other'), tool('own')],
    palette,
    sessionTools: makes('session1'),
  })
  await executor.run(agent, 'go', { extraTools: [tool('extra')], sessionTools: makes('session2') })
  expect(model.requests[0]?.tools?.map(({ name }) => name)).toEqual([
    'own',
    'agent__child',
    'extra',
    'session1',
    'session2',
  ])
})

test.each<[string, ExecutorOptions, SessionToolFactory, string]>([
  ['a session tool and a named one', {}, makes('own'), 'own'],
  ['a session tool and a delegate', {}, makes('agent__child'), 'agent__child'],
  ['two session tools, but for the case', {}, makes('look', 'Look'), 'Look'],
  ['the session tools of the executor and of the invocation', { sessionTools: makes('look') }, makes('LOOK'), 'LOOK'],
  [
    'a tool that this run may not even use',
    { permissions: { rules: [{ decision: 'deny', tools: ['own'] }] } },
    makes('Own'),
    'Own',
  ],
])('a name that stands for %s ends the run before any model call', async (_, options, sessionTools, name) => {
  const { executor, model } = scriptedHost([{ text: 'never' }], { tools: [tool('own')], palette, ...options })
  expect(await executor.run(agent, 'go', { sessionTools })).toMatchObject({
    status: 'error',
    stopReason: 'fault',
    error: { message: `The run broke: Expected \`the tools of the run\` to have unique names, got \`${name}\` twice` },
    steps: 0,
  })
  expect(model.requests).toEqual([])
})

test('a session tool named answer clashes where an answer in a shape is asked for', async () => {
  const { executor } = scriptedHost([{ text: 'never' }])
  const output = z.object({ n: z.number() })
  expect(await executor.run({ name: 'a' }, 'go', { sessionTools: makes('answer'), output })).toMatchObject({
    stopReason: 'fault',
    error: { message: expect.stringContaining('got `answer` twice') },
  })
})

test('extra tools that clash are told at once', () => {
  const { executor } = scriptedHost([], { tools: [tool('own')] })
  expect(() => executor.start(agent, 'go', { extraTools: [tool('OWN')] })).toThrow('unique names, got `OWN` twice')
})

const image = { type: 'image', mediaType: 'image/png', source: { base64: 'AAAA' } } as const

test('session tools get the live run, may show it images, and see its whole result at the end', async () => {
  const log: string[] = []
  let after: RunResult | undefined
  const { executor, model } = scriptedHost([{ calls: [{ name: 'look' }] }, { text: 'Done.' }])
  const result = await executor.run({ name: 'a' }, 'go', {
    sessionTools: (session) => {
      log.push(`open ${session.info.runId} ${String(session.signal.aborted)}`)
      session.attachImages([image], 'the page')
      return Promise.resolve({
        tools: [tool('look')],
        postRun: (ended) => {
          log.push('postRun')
          after = ended
          return [{ name: 'shot.png', mediaType: 'image/png', source: { url: 'file:shot.png' } }]
        },
        cleanup: () => void log.push('cleanup'),
      })
    },
  })
  expect(log).toEqual(['open run-1 false', 'postRun', 'cleanup'])
  expect(model.requests[0]?.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'go' }] },
    { role: 'user', content: [{ type: 'text', text: 'the page' }, image] },
  ])
  const { artifacts, ...rest } = result
  expect(artifacts).toEqual([{ name: 'shot.png', mediaType: 'image/png', source: { url: 'file:shot.png' } }])
  expect(after).toEqual(rest)
  expect(after?.messages).toHaveLength(5)
})

const stalls: ScriptTurn = { stalls: true }

test.each<[string, readonly ScriptTurn[], ExecutorOptions, string]>([
  ['answers', [{ text: 'Hi.' }], {}, 'ok'],
  ['fails', [], {}, 'error'],
  ['times out', [stalls], { limits: { timeoutMs: 10 } }, 'timeout'],
  ['breaks before its first step', [], { tools: [tool('session')] }, 'error'],
  [
    'cannot deliver',
    [{ text: 'Hi.' }],
    { delivery: { deliver: () => expect.fail('x'), deliverError: () => expect.fail('x') } },
    'ok',
  ],
])('session tools are let go of once when the run %s', async (_, turns, options, status) => {
  const log: string[] = []
  const { executor, clock } = scriptedHost(turns, options)
  const run = executor.start({ name: 'a', ...(options.tools && { tools: ['session'] }) }, 'go', {
    deliverTo: 'ann',
    sessionTools: () => ({
      tools: [tool('session')],
      postRun: (result) => {
        log.push(`postRun ${result.status}`)
        return []
      },
      cleanup: () => void log.push('cleanup'),
    }),
  })
  await clock.advance(10)
  expect(await run.result).toMatchObject({ status })
  expect(log).toEqual([`postRun ${status}`, 'cleanup'])
})

test('session tools that throw at the end hurt nobody, and those beside them are let go of all the same', async () => {
  const log: string[] = []
  const { executor, logger } = scriptedHost([{ text: 'Hi.' }], {
    sessionTools: () => ({
      tools: [],
      postRun: () => Promise.reject(new Error('no post')),
      cleanup: () => expect.fail('no cleanup'),
    }),
  })
  const result = await executor.run({ name: 'a' }, 'go', {
    sessionTools: () => ({
      tools: [],
      postRun: () => [{ name: 'x', mediaType: 'text/plain', source: { text: 'x' } }],
      cleanup: () => void log.push('cleanup'),
    }),
  })
  expect(result).toMatchObject({ status: 'ok', artifacts: [{ name: 'x' }] })
  expect(log).toEqual(['cleanup'])
  expect(logger.lines).toMatchObject([
    { message: 'postRun of run run-1 failed', details: { message: 'no post' } },
    { message: 'cleanup of run run-1 failed', details: { message: 'no cleanup' } },
  ])
})

test('a factory that fails ends the run, and what others had made is let go of', async () => {
  const log: string[] = []
  const { executor, model } = scriptedHost([], {
    sessionTools: () => ({ tools: [], cleanup: () => void log.push('cleanup') }),
  })
  const sessionTools = () => Promise.reject(new Error('no browser'))
  expect(await executor.run({ name: 'a' }, 'go', { sessionTools })).toMatchObject({
    status: 'error',
    stopReason: 'port',
    error: { message: 'The session tools failed: no browser' },
  })
  expect(log).toEqual(['cleanup'])
  expect(model.requests).toEqual([])
})

test('session tools that come when the run has stopped are let go of, once', async () => {
  const log: string[] = []
  let make: () => void = () => {}
  const { executor, clock } = scriptedHost([])
  const run = executor.start({ name: 'a' }, 'go', {
    sessionTools: () =>
      new Promise((resolve) => (make = () => resolve({ tools: [], cleanup: () => void log.push('cleanup') }))),
  })
  await clock.advance(1)
  run.abort()
  expect(await run.result).toMatchObject({ status: 'cancelled', steps: 0 })
  make()
  await clock.advance(1)
  expect(log).toEqual(['cleanup'])
})
