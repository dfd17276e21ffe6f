// Whatever a model, a tool, a listener or a source of settings does, a run comes to its one end.
import type { ModelReply } from '@executus/llm'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { MISDEEDS, probe, type Suspect, survive, testSuspects, type Wiring } from './hostile-ports.test-kit.ts'
import type { RunHandle } from './run/run-handle.ts'
import { recordingCheckpointer, scriptedHost } from './testing/index.ts'
import { defineTool } from './tool/define-tool.ts'
import type { Tool } from './tool/tool.ts'

const definition = { name: 'probe', description: 'x', input: z.object({}) }
const tooled = (changed: Partial<Tool>): Wiring => ({ options: { tools: [{ ...probe, ...changed }] } })
const modelled = (stream: unknown): Wiring => ({
  options: { tiers: { fast: { spec: 'own/model', stream: stream as never } } },
})
const helper = { name: 'helper', tools: ['probe'] }
const schema = (validate: unknown) =>
  ({
    '~standard': { version: 1, vendor: 'own', validate, jsonSchema: { input: () => ({ type: 'object' }) } },
  }) as never

/** A reply that is right, but for one field. */
const reply = (changed: object): ModelReply => ({
  message: {
    role: 'assistant',
    content: [{ type: 'text', text: 'done.' }],
    origin: { provider: 'a', api: 'b', model: 'c' },
  },
  stopReason: 'stop',
  ...changed,
})

const listening = (listen: (run: RunHandle) => unknown): Wiring => ({
  start: (executor) => {
    const run = executor.start(helper, 'go')
    void listen(run)
    return run
  },
})

/** A run that a crash left in the middle of a call which must not be made twice. */
const inDoubt = (reconcile: Tool['reconcile']): Wiring => {
  const crashed = recordingCheckpointer({ now: () => 0 })
  const once = { ...probe, replay: 'once' as const, reconcile: reconcile! }
  return {
    options: {
      tools: [once],
      checkpointer: {
        ...crashed,
        reopen: async () => {
          const before = recordingCheckpointer({ now: () => 0 })
          await scriptedHost([{ calls: [{ name: 'probe' }] }, { text: 'done.' }], {
            tools: [once],
            checkpointer: before,
          }).executor.run(helper, 'go')
          // The intent of the call is the third entry.
          return before.afterCrash(3).reopen('run-1')
        },
      },
    },
    turns: [{ text: 'done.' }],
    start: (executor) => executor.resume('run-1'),
  }
}

testSuspects([
  { port: 'tool.run', isHarmless: true, wire: (run) => tooled({ run }) },
  {
    port: 'tool.run without time',
    isHarmless: false,
    wire: (run) => tooled({ run, timeoutMs: Number.POSITIVE_INFINITY }),
  },
  { port: 'tool.parse', isHarmless: true, wire: (parse) => tooled({ parse }) },
  { port: 'tool.resources', isHarmless: true, wire: (resources) => tooled({ resources }) },
  { port: 'tool.reconcile', isHarmless: false, wire: inDoubt },
  {
    port: 'the schema of a tool',
    isHarmless: true,
    wire: (validate) => ({
      options: { tools: [defineTool({ ...definition, input: schema(validate), run: () => 'seen' })] },
    }),
  },
  {
    port: 'the schema of an answer',
    isHarmless: false,
    wire: (validate) => ({
      invocation: { output: schema(validate) },
      turns: [{ text: '{}' }, { text: '{}' }, { text: '{}' }],
    }),
  },
  {
    port: 'a tool of the invocation',
    isHarmless: true,
    wire: (run) => ({ invocation: { extraTools: [{ ...probe, run }] }, agent: { tools: [] } }),
  },
  {
    port: 'a tool of the session',
    isHarmless: true,
    wire: (run) => ({ options: { sessionTools: () => ({ tools: [{ ...probe, run }] }) }, agent: { tools: [] } }),
  },
  { port: 'model.stream', isHarmless: false, isField: true, wire: modelled },
  { port: 'model.stream().result', isHarmless: false, wire: (result) => modelled(() => ({ result })) },
  {
    port: 'the message of a reply',
    isHarmless: false,
    isField: true,
    wire: (give) => modelled(() => ({ result: async () => reply({ message: give() }) })),
  },
  {
    port: 'the content of a reply',
    isHarmless: false,
    isField: true,
    wire: (give) =>
      modelled(() => ({ result: async () => reply({ message: { role: 'assistant', content: give() } }) })),
  },
  {
    port: 'a part of a reply',
    isHarmless: false,
    isField: true,
    wire: (give) =>
      modelled(() => ({ result: async () => reply({ message: { role: 'assistant', content: [give()] } }) })),
  },
  {
    port: 'a call of a reply',
    isHarmless: false,
    isField: true,
    wire: (give) =>
      modelled(() => ({
        result: async () =>
          reply({
            message: {
              role: 'assistant',
              content: [{ type: 'tool-call', id: give(), name: give(), argumentsText: give() }],
            },
          }),
      })),
  },
  {
    port: 'the stop reason of a reply',
    isHarmless: false,
    isField: true,
    wire: (give) => modelled(() => ({ result: async () => reply({ stopReason: give() }) })),
  },
  {
    port: 'the usage of a reply',
    isHarmless: false,
    isField: true,
    wire: (give) => modelled(() => ({ result: async () => reply({ usage: give() }) })),
  },
  {
    port: 'an event of a model',
    isHarmless: false,
    isField: true,
    wire: (give) =>
      modelled(() => ({
        result: async (emit: (event: unknown) => void) => {
          emit(give())
          emit({ type: 'text-delta', text: give() })
          return reply({})
        },
      })),
  },
  { port: 'a listener', isHarmless: true, wire: (listener) => listening((run) => run.on('step-start', listener)) },
  {
    port: 'a listener for the end',
    isHarmless: true,
    wire: (listener) => listening((run) => run.on('run-end', listener)),
  },
  {
    port: 'a reader of the events',
    isHarmless: true,
    isSilent: true,
    wire: (evil) =>
      listening(async (run) => {
        try {
          for await (const event of run.events()) if (event.type === 'step-end') await (evil() as unknown)
        } catch {
          // A reader's fault is the reader's.
        }
      }),
  },
] satisfies readonly Suspect[])

test('a critic may say anything at any time', async () => {
  const { result, host } = await survive(
    {
      port: 'the controls of a critic',
      isHarmless: true,
      wire: () => ({
        options: {
          critic: {
            watch(run) {
              const meddle = () => {
                void run.nudge(undefined as never)
                void run.nudge({} as never)
                for (const more of [
                  undefined,
                  null,
                  { steps: -1 },
                  { steps: Number.NaN },
                  { timeMs: 'x' },
                  { days: 1 },
                ])
                  expect(() => run.extend(more as never)).toThrow(/Expected/)
                run.extend({ steps: 1, timeMs: 1 })
                void run.progress()
              }
              return {
                event: ({ type }) => (type === 'step-end' || type === 'run-end' ? meddle() : undefined),
                close() {
                  meddle()
                  run.kill('too late')
                },
              }
            },
          },
        },
        turns: [{ calls: [{ name: 'probe' }] }, { text: 'done.' }, { text: 'done.' }, { text: 'done.' }],
      }),
    },
    MISDEEDS[0]!,
  )
  expect(result.status).toBe('ok')
  expect(host.clock.pending).toBe(0)
})

test.each<[string, unknown]>([
  ['a text', 'stuck'],
  ['nothing', undefined],
  ['a symbol', Symbol('x')],
  ['an object', Object.create(null)],
])('a critic that kills with %s, twice, ends a run once as killed', async (_, reason) => {
  const { result } = await survive(
    {
      port: 'critic.kill',
      isHarmless: false,
      wire: () => ({
        options: {
          critic: {
            watch: (run) => ({
              event({ type }) {
                if (type !== 'step-start') return
                run.kill(reason as never)
                run.kill('again')
              },
              close() {},
            }),
          },
        },
      }),
    },
    MISDEEDS[0]!,
  )
  expect(result).toMatchObject({ status: 'killed', error: { code: 'killed' } })
})

test.each(MISDEEDS)('a source of settings that $name hurts neither runs nor the shutdown', async (misdeed) => {
  let change: (change: unknown) => void = () => {}
  const host = scriptedHost([{ text: 'done.' }], {
    config: {
      current: undefined,
      load: () => Promise.resolve({}),
      watch: (listener) => {
        change = listener as never
        return () => misdeed.do() as never
      },
    },
  })
  for (const strange of [undefined, null, 7, {}, { ok: true }, { ok: true, value: 7 }, { ok: false }]) change(strange)
  if (misdeed.kind === 'rubbish') change({ ok: true, value: misdeed.do() })
  expect(await host.executor.run({ name: 'a' }, 'go')).toMatchObject({ status: 'ok' })
  await host.executor.shutdown()
  expect(host.logger.lines.length).toBeGreaterThan(0)
})

const notTexts = MISDEEDS.filter(({ name }) => name !== 'gives a text' && !name.startsWith('rejects'))

test.each(notTexts)('a maker of ids that $name is found out at once', (misdeed) => {
  const { executor } = scriptedHost([{ text: 'done.' }], { ids: { next: () => misdeed.do() as string } })
  let isRefused = false
  try {
    executor.start({ name: 'a' }, 'go')
  } catch {
    isRefused = true // a revoked proxy can be thrown, and not be looked at
  }
  expect(isRefused).toBe(true)
})
