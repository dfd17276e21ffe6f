// Whatever a checkpointer does, a run comes to its one end; one whose journal fails does not go on as if it were kept.
import { expect, test } from 'vitest'
import { z } from 'zod'

import { type Aftermath, MISDEEDS, type Suspect, survive, testSuspects, type Wiring } from './hostile-ports.test-kit.ts'
import type { Checkpointer, CheckpointerFactory } from './journal/checkpointer.ts'
import { approveLater } from './permission/approvals.ts'
import { recordingCheckpointer } from './testing/index.ts'
import { defineTool } from './tool/define-tool.ts'

const asking = defineTool({ name: 'probe', description: 'x', input: z.object({}), approval: 'ask', run: () => 'seen' })

/** A checkpointer that works, but for what `changed` says. */
function checkpointerBut(changed: Partial<Checkpointer>): CheckpointerFactory {
  const good = recordingCheckpointer({ now: () => 0 })
  const open = (one: Checkpointer | undefined) => (one === undefined ? undefined : Object.assign(one, changed))
  return {
    begin: (info) => good.begin(info).then(open),
    reopen: (runId) => good.reopen(runId).then(open),
  }
}

const method = (name: keyof Checkpointer, isHarmless: boolean, wiring: Wiring = {}): Suspect => ({
  port: `checkpointer.${name}`,
  isHarmless,
  wire: (evil) => ({
    ...wiring,
    options: { checkpointer: checkpointerBut({ [name]: evil }), ...wiring.options },
  }),
})

/** A record that is gone on with, and whose field holds what it should not. */
const record = (name: 'history' | 'info'): Suspect => ({
  port: `${name} of a record that is reopened`,
  isHarmless: false,
  isField: true,
  wire: (give) => {
    const good = recordingCheckpointer({ now: () => 0 })
    const reopen = async () => Object.assign((await good.begin({} as never))!, { [name]: give() })
    return { options: { checkpointer: { ...good, reopen } }, start: (executor) => executor.resume('run-1') }
  },
})

testSuspects([
  {
    port: 'checkpointer.begin',
    isHarmless: true,
    hangsRun: true,
    wire: (begin) => ({ options: { checkpointer: { begin, reopen: begin } } }),
  },
  {
    port: 'checkpointer.begin of a run that must be durable',
    isHarmless: false,
    wire: (begin) => ({ options: { checkpointer: { begin, reopen: begin }, requireDurable: true } }),
  },
  {
    port: 'checkpointer.reopen',
    isHarmless: false,
    wire: (reopen) => ({
      options: { checkpointer: { begin: reopen, reopen } },
      start: (executor) => executor.resume('run-1'),
    }),
  },
  method('step', false),
  method('batch', false),
  method('note', false, { turns: [{}, { text: 'done.' }] }),
  method('suspend', false, { options: { approvals: approveLater, tools: [asking] } }),
  method('complete', true),
  method('fail', false, { turns: [] }),
  method('leave', false, {
    start: (executor) => {
      const run = executor.start({ name: 'helper', tools: ['probe'] }, 'go')
      run.on('step-start', () => executor.shutdown())
      return run
    },
  }),
  {
    port: 'checkpointer.lost',
    isHarmless: false,
    isField: true,
    wire: (give) => ({
      options: {
        checkpointer: {
          reopen: () => Promise.resolve(undefined),
          begin: async (info) =>
            Object.assign((await recordingCheckpointer({ now: () => 0 }).begin(info))!, { lost: give() }),
        },
      },
    }),
  },
  record('history'),
  record('info'),
])

const HISTORIES: readonly (readonly [string, readonly unknown[]])[] = [
  ['nothing', [undefined]],
  ['an entry of no type', [{}]],
  ['an unknown entry', [{ type: 'news', atMs: 0 }]],
  ['a reply that is none', [{ type: 'result', kind: 'model', key: 'model:1', value: null, atMs: 0 }]],
  ['a reply without content', [{ type: 'result', kind: 'model', key: 'model:1', value: { message: {} }, atMs: 0 }]],
  ['results of nothing', [{ type: 'tool-results', atMs: 0 }]],
  ['a time that is none', [{ type: 'limits', steps: 'many', timeMs: {}, atMs: Number.NaN }]],
  [
    'the end of a phase that is not there',
    [
      { type: 'phase-end', atMs: 0 },
      { type: 'phase-end', atMs: 0 },
    ],
  ],
  ['a message that is none', [{ type: 'message', from: 'mail', message: 5, atMs: 0 }]],
]

test.each(HISTORIES)('a record whose history holds %s is not gone on with for ever', async (_, history) => {
  const good = recordingCheckpointer({ now: () => 0 })
  const { result } = await survive(
    {
      port: 'history',
      isHarmless: false,
      wire: () => ({
        options: {
          checkpointer: {
            ...good,
            reopen: async () => Object.assign((await good.begin(INFO as never))!, { history }),
          },
        },
        start: (executor) => executor.resume('run-1'),
      }),
    },
    MISDEEDS[0]!,
  )
  expect(['error', 'ok', 'rejected', 'timeout']).toContain(result.status)
})

const INFO = {
  runId: 'run-1',
  rootRunId: 'run-1',
  ancestors: [],
  agent: { name: 'helper', tools: ['probe'] },
  tier: 'fast',
  model: 'scripted/model',
  input: [{ role: 'user', content: [{ type: 'text', text: 'go' }] }],
  limits: {},
  isFirstParty: true,
  rules: [],
  startedAtMs: 0,
}

test.each(MISDEEDS.filter(({ kind }) => kind !== 'rubbish'))(
  'a run whose journal $name at an effect ends as one that can be resumed',
  async (misdeed) => {
    const { result }: Aftermath = await survive(method('step', false), misdeed)
    expect(result).toMatchObject({ durable: false, error: expect.any(Error) })
    expect(['interrupted', 'timeout']).toContain(result.status)
  },
)
