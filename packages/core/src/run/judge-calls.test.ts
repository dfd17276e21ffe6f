import { expect, test } from 'vitest'
import { z } from 'zod'

import type { CallToJudge, Permissions } from '../permission/policy.ts'
import { scriptedHost } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const agent = { name: 'helper', tools: ['save'] }

/** Runs one call of `save` under `permissions`; gives what the tool got and what the model read. */
async function judged(permissions: Permissions, input: object = { path: 'a.txt' }) {
  const got: unknown[] = []
  const host = scriptedHost([{ calls: [{ name: 'save', input: input as never }] }, { text: 'Done.' }], {
    permissions,
    tools: [
      defineTool({
        name: 'save',
        description: 'Saves.',
        input: z.object({ path: z.string(), deep: z.object({ list: z.array(z.number()) }).optional() }),
        resources: ({ path }) => [{ kind: 'path', value: path }],
        run: (given) => {
          got.push(given)
          return 'saved'
        },
      }),
    ],
  })
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(60_000)
  const { messages } = await run.result
  return { got, logger: host.logger, answer: messages.find(({ role }) => role === 'tool')?.content[0] }
}
const text = (said: string) => ({ content: [{ text: said }] })

test('the very objects that were judged reach the tool, frozen through and through', async () => {
  let seen: CallToJudge | undefined
  const { got } = await judged(
    {
      judge(call) {
        seen = call
        return 'allow'
      },
    },
    { path: 'a.txt', deep: { list: [1] } },
  )
  expect(got[0]).toBe(seen?.input)
  expect(got[0]).toEqual({ path: 'a.txt', deep: { list: [1] } })
  const { deep } = got[0] as { readonly deep: { readonly list: readonly number[] } }
  expect([got[0], deep, deep.list].map((each) => Object.isFrozen(each))).toEqual([true, true, true])
  expect(seen).toMatchObject({
    tool: { name: 'save' },
    resources: [{ kind: 'path', value: 'a.txt' }],
    asker: {
      runId: 'run-1',
      agent: 'helper',
      principal: { roles: [], isAdmin: false },
      isFirstParty: true,
      canAsk: false,
    },
  })
})

test.each<[string, Permissions['judge'], string]>([
  ['denies', () => 'deny', 'save was not called: it is not permitted here.'],
  ['denies with a reason', () => ({ decision: 'deny', reason: 'too late' }), 'save was not called: too late.'],
  [
    'asks where nobody can be asked',
    () => Promise.resolve('ask' as const),
    'save was not called: it needs the word of a person, and none can be asked here.',
  ],
  ['throws', () => expect.fail('broken'), 'save was not called: whether it is permitted could not be found out.'],
  [
    'rejects',
    () => Promise.reject(new Error('broken')),
    'save was not called: whether it is permitted could not be found out.',
  ],
  ['says nothing', () => undefined as never, 'save was not called: whether it is permitted could not be found out.'],
  [
    'says something else',
    () => ({ decision: 'maybe' }) as never,
    'save was not called: whether it is permitted could not be found out.',
  ],
  [
    'never answers',
    () => new Promise(() => {}),
    'save was not called: whether it is permitted could not be found out.',
  ],
])('a call is not made when the judge %s', async (_, judge, said) => {
  const { got, answer } = await judged({ judge: judge! })
  expect(got).toEqual([])
  expect(answer).toMatchObject({ isError: true, ...text(said) })
})

test('a judge can only tighten: what a rule denies it is not asked about', async () => {
  let asked = 0
  const { got, answer } = await judged({
    rules: [{ decision: 'deny', resources: ['path:a.*'], reason: 'a is taken' }],
    judge() {
      asked += 1
      return 'allow'
    },
  })
  expect(got).toEqual([])
  expect(asked).toBe(0)
  expect(answer).toMatchObject({ isError: true, ...text('save was not called: a is taken.') })
})

test('a judge’s allow does not lift what a rule asks for', async () => {
  const { got } = await judged({ rules: [{ decision: 'ask', resources: ['path:*'] }], judge: () => 'allow' })
  expect(got).toEqual([])
})

test('the invocation’s rules tighten the executor’s, for the run and those below it', async () => {
  const { executor, model } = scriptedHost([{ text: 'Done.' }], {
    permissions: { mode: 'trusted' },
    tools: [defineTool({ name: 'save', description: 'x', input: z.object({}), run: () => '' })],
  })
  await executor.run(agent, 'go', { permissions: { mode: 'readonly' } })
  expect(model.requests[0]?.tools).toEqual([])
})

test('who may see a tool is judged by the principal that the identity gives', async () => {
  const tool = defineTool({ name: 'save', description: 'x', input: z.object({}), run: () => '' })
  const host = (caller: string) => {
    const { executor, model } = scriptedHost([{ text: 'Done.' }], {
      tools: [tool],
      permissions: { rules: [{ decision: 'deny', unless: { roles: ['staff'] } }] },
      identity: {
        principalOf: (who) =>
          Promise.resolve({ id: who.caller!, roles: who.caller === 'ann' ? ['staff'] : [], isAdmin: false }),
      },
    })
    return executor.run(agent, 'go', { caller }).then(() => model.requests[0]?.tools?.length)
  }
  expect([await host('ann'), await host('bob')]).toEqual([1, 0])
})
