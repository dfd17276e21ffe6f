import { defineTool, type JsonObject, type Palette } from '@executus/core'
import { scriptedHost, type ScriptTurn } from '@executus/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { memorySkillStore } from './skill-store.ts'
import { ann, kit } from './skills.test-kit.ts'
import type { SkillDraft } from './skills.ts'

const tool = (name: string, visibility: 'public' | 'private' = 'public') =>
  defineTool({ name, description: name, effect: 'read', visibility, input: z.object({}), run: () => name })
const tools = [tool('look'), tool('search'), tool('own', 'private')]
const host = (palette: Palette, turns: readonly ScriptTurn[]) => scriptedHost(turns, { palette, tools })
const boss = { name: 'boss', tools: ['look', 'own'], palette: ['sum-up', 'other'] }
const draft: SkillDraft = {
  name: 'sum-up',
  description: 'Sums up.',
  inputs: [
    { name: 'pages', type: 'integer', minimum: 1 },
    { name: 'tone', type: 'string', default: 'dry' },
  ],
  prompt: 'Sum up {{pages}} pages, {{tone}}.',
  agent: { instructions: 'You sum up.', tools: ['look', 'search'] },
}
const call = (input: JsonObject): ScriptTurn => ({ calls: [{ name: 'skill__sum-up', input }] })

test('a skill is called with its inputs, wrong ones come back, and it is an agent from outside', async () => {
  const { skills } = kit({ allow: { tools: 'any' } })
  await skills.create({ ...draft, agent: { ...draft.agent, tools: ['look', 'search', 'own'] } }, { as: ann })
  const { executor, model } = host(skills.palette(), [
    call({ pages: 0 }),
    call({ pages: 3, tone: '{{pages}}' }),
    { text: 'Short.' },
    { text: 'Done.' },
  ])
  expect(await executor.run(boss, 'go', { caller: 'ann' })).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(model.requests[0]?.tools?.at(-1)).toEqual({
    name: 'skill__sum-up',
    description: 'Sums up.',
    inputSchema: {
      type: 'object',
      properties: { pages: { type: 'integer', minimum: 1 }, tone: { type: 'string', default: 'dry' } },
      required: ['pages'],
      additionalProperties: false,
    },
  })
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    content: [
      {
        isError: true,
        content: [{ text: 'skill__sum-up was not called: pages: expected a whole number of at least 1.' }],
      },
    ],
  })
  expect(model.requests[2]).toMatchObject({
    system: 'You sum up.',
    messages: [{ content: [{ text: 'Sum up 3 pages, {{pages}}.' }] }],
    tools: [{ name: 'look' }],
  })
  expect(model.requests[3]?.messages.at(-1)).toMatchObject({ content: [{ content: [{ text: 'Short.' }] }] })
})

test('a skill is for those who see it', async () => {
  const { skills } = kit()
  await skills.create(draft, { as: ann })
  await skills.create({ ...draft, name: 'other', visibility: 'shared', scope: 'club' }, { as: ann })
  const seen = async (invocation: object) => {
    const { executor, model } = host(skills.palette(), [{ text: 'Done.' }])
    await executor.run({ ...boss, tools: [] }, 'go', invocation)
    return (model.requests[0]?.tools ?? []).map(({ name }) => name)
  }
  expect(await seen({ caller: 'ann' })).toEqual(['skill__sum-up', 'skill__other'])
  expect(await seen({ caller: 'bob' })).toEqual([])
  expect(await seen({ caller: 'bob', guild: 'club' })).toEqual(['skill__other'])
})

test('inputs that leave nothing to do are told to the model', async () => {
  const { skills } = kit()
  await skills.create({ ...draft, inputs: [{ name: 'what', type: 'string' }], prompt: '{{what}}' }, { as: ann })
  const { executor, model } = host(skills.palette(), [call({ what: ' ' }), { text: 'Done.' }])
  expect(await executor.run(boss, 'go', { caller: 'ann' })).toMatchObject({ status: 'ok' })
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    content: [{ isError: true, content: [{ text: expect.stringContaining('nothing to do') }] }],
  })
})

test('a skill of phases gives each of them its prompt', async () => {
  const { skills } = kit()
  const phases = [
    { name: 'read', instructions: 'Read.' },
    { name: 'write', instructions: 'Write about {{read}}.' },
  ]
  await skills.create({ ...draft, agent: { phases } }, { as: ann })
  const { executor, model } = host(skills.palette(), [
    call({ pages: 1 }),
    { text: 'tea' },
    { text: 'Tea.' },
    { text: 'Done.' },
  ])
  expect(await executor.run(boss, 'go', { caller: 'ann' })).toMatchObject({ status: 'ok' })
  for (const index of [1, 2])
    expect(model.requests[index]?.messages[0]).toMatchObject({ content: [{ text: 'Sum up 1 pages, dry.' }] })
  expect(model.requests[2]?.system).toContain('Write about tea.')
})

test('what is no skill any more is left out and logged', async () => {
  const store = memorySkillStore()
  const { skills, logger } = kit({ store })
  const made = await skills.create(draft, { as: ann })
  const old = { ...made, version: 2, inputs: [{ name: 'a', type: 'date' }] as never }
  await store.update(old, { expectVersion: 1 })
  const { executor, model } = host(skills.palette(), [{ text: 'Done.' }])
  expect(await executor.run({ ...boss, tools: [] }, 'go', { caller: 'ann' })).toMatchObject({ status: 'ok' })
  expect(model.requests[0]?.tools ?? []).toEqual([])
  expect(logger.lines).toMatchObject([{ message: 'skill sum-up cannot be called' }])
})
