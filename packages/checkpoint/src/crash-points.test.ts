import type { Agent } from '@executus/core'
import type { ModelRequest } from '@executus/llm'
import { expect, test } from 'vitest'

import { createCheckpoints } from './checkpoints.ts'
import { agent, call, type PureAnswer, pureHost, task, turnOf } from './pure-host.test-kit.ts'
import { type CrashedHost, crashPoints, openMemoryStores } from './testing/index.ts'
import { stoppingStore } from './testing/stopping-store.ts'

interface Scene {
  readonly answer: (request: ModelRequest) => PureAnswer
  readonly agent?: Agent
  readonly host?: { readonly contextWindow?: number; readonly outputChars?: number }
  readonly decide?: (request: { readonly id: string }) => { readonly id: string; readonly isApproved: boolean }
}

/** Turns of the run above, and of those below. */
function turns(own: readonly PureAnswer[], child: readonly PureAnswer[] = [], grandchild: readonly PureAnswer[] = []) {
  return ({ system = '', messages }: ModelRequest): PureAnswer => {
    const mine = system.startsWith('grandchild') ? grandchild : system.startsWith('child') ? child : own
    return mine[turnOf(messages)] ?? { text: 'done' }
  }
}

const scenes: Readonly<Record<string, Scene>> = {
  'one loop': { answer: turns([{ calls: [call('read', 1)] }, { calls: [call('write', 2)] }, { text: 'well' }]) },
  'parallel tools': {
    answer: turns([
      { calls: [call('read', 1), call('write', 2), call('same', 3), call('write', 4), call('read', 5)] },
      { calls: [call('write', 6), call('write', 7)] },
    ]),
  },
  phases: {
    agent: {
      ...agent,
      phases: [
        { name: 'one', instructions: 'first' },
        { name: 'two', instructions: 'after {{one}}' },
      ],
    },
    answer: ({ system = '', messages }) =>
      turnOf(messages) === 0 ? { calls: [call('write', system.length)] } : { text: `did ${system.slice(-6)}` },
  },
  approval: {
    answer: turns([
      { calls: [call('destroy', 1), call('read', 2), call('destroy', 3)] },
      { calls: [call('destroy', 4)] },
    ]),
    decide: ({ id }) => ({ id, isApproved: !id.endsWith('c2') }),
  },
  'delegated runs': {
    answer: turns(
      [{ calls: [task, call('write', 1)] }, { calls: [task] }],
      [{ calls: [call('write', 2), { name: 'agent__grandchild', input: { task: 'help' } }] }, { text: 'child done' }],
      [{ calls: [call('write', 3)] }, { text: 'grandchild done' }],
    ),
  },
  'delegated runs that ask': {
    answer: turns(
      [{ calls: [task, call('destroy', 1)] }],
      [{ calls: [call('destroy', 2)] }, { calls: [call('destroy', 3)] }, { text: 'child done' }],
    ),
  },
  compaction: {
    host: { contextWindow: 2_000, outputChars: 3_000 },
    answer: ({ system = '', messages, tools = [] }) => {
      if (tools.length === 0 && system.includes('summarise')) return { text: 'they did things' }
      const turn = turnOf(messages)
      return turn < 5 ? { calls: [call('read', turn), call('write', turn)] } : { text: 'done' }
    },
  },
}

test.each(Object.keys(scenes))(
  'a run that crashes at any write comes to the same end, and does nothing twice: %s',
  async (name) => {
    const scene = scenes[name]!
    const report = await crashPoints({
      createExecutor: (host) => pureHost(host, scene.answer, scene.host).executor,
      agent: scene.agent ?? agent,
      input: 'go',
      ...(scene.decide && { decide: scene.decide }),
    })
    expect(report.problems).toEqual([])
    expect(report.writes).toBeGreaterThan(4)
  },
)

const lives = Object.keys(scenes).flatMap((name) => [10, 11, 14].map((writes) => [name, writes] as const))

test.each(lives)(
  'a run of which every process dies comes to an end, and does nothing twice: %s, %i writes each',
  async (name, writes) => {
    const scene = scenes[name]!
    const stores = openMemoryStores()
    const effects: string[] = []
    let status: string | undefined
    for (let life = 0; life < 100 && status !== 'settled'; life++) {
      const owner = await stores.connect()
      const checkpointer = createCheckpoints(stoppingStore(owner, writes, life % 2 === 0 ? 'before' : 'unheard'))
      const host = { checkpointer, effect: (key: string) => effects.push(key) }
      const { executor } = pureHost(host, scene.answer, scene.host)
      const own = scene.agent ?? agent
      let result = life === 0 ? await executor.run(own, 'go', { runId: 'r' }) : await executor.resume('r').result
      for (let round = 0; round < 9 && result.status === 'suspended'; round++) {
        const yes = result.approvals.map(({ id }) => ({ id, isApproved: true }))
        result = await executor.resume('r', { approvals: yes }).result
      }
      await stores.kill!(owner)
      status = (await (await stores.connect()).find('r'))?.status
    }
    expect(status).toBe('settled')
    expect(new Set(effects).size).toBe(effects.length)
  },
)

test('crashPoints() finds what a store forgets', async () => {
  const open = () => {
    const stores = openMemoryStores()
    const connect = async () => {
      const owner = await stores.connect()
      const read = owner.read.bind(owner)
      owner.read = async (runId) => (await read(runId)).filter(({ type }) => type !== 'intent')
      return owner
    }
    return { ...stores, connect }
  }
  const createExecutor = (host: CrashedHost) => pureHost(host, scenes['one loop']!.answer).executor
  const { problems } = await crashPoints({ createExecutor, agent, input: 'go', open })
  expect(problems).toContain('after write 5: crash-points/tool:call_2_0_1 was done 2 times')
})
