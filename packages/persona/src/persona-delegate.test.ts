import { defineTool, type Palette, staticPalette, joinPalettes } from '@executus/core'
import { scriptedHost, type ScriptTurn } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { objectSchema } from './object-schema.ts'
import { admin, ann, bob, kit } from './personas.test-kit.ts'

const tool = (name: string, visibility: 'public' | 'private' = 'public') =>
  defineTool({ name, description: name, effect: 'read', visibility, input: objectSchema({}), run: () => name })
const tools = [tool('look'), tool('search'), tool('own', 'private')]
const host = (palette: Palette, turns: readonly ScriptTurn[]) => scriptedHost(turns, { palette, tools })
const ask = (name: string): ScriptTurn => ({ calls: [{ name: `agent__${name}`, input: { task: 'soup' } }] })
const boss = { name: 'boss', tools: ['look', 'own'], palette: ['cook', 'baker'] }

test('a run delegates to a persona of its caller, as to an agent from outside', async () => {
  const { personas } = kit({ allow: { tools: 'any' } })
  const agent = { description: 'Cooks.', instructions: 'You cook.', tools: ['look', 'search', 'own'] }
  await personas.create({ name: 'cook', agent }, { as: ann })
  const { executor, model } = host(personas.palette(), [ask('cook'), { text: 'Soup.' }, { text: 'Served.' }])
  expect(await executor.run(boss, 'go', { caller: 'ann' })).toMatchObject({ status: 'ok', output: 'Served.' })
  expect(model.requests[0]?.tools?.map(({ name, description }) => [name, description])).toEqual([
    ['look', 'look'],
    ['own', 'own'],
    ['agent__cook', 'Cooks.'],
  ])
  // Not `search`, which its parent may not have, nor `own`, which is for the host's own agents.
  expect(model.requests[1]).toMatchObject({ system: 'You cook.', tools: [{ name: 'look' }] })
})

test('a persona is for those who see it, and an admin’s run sees no more than its caller', async () => {
  const { personas } = kit()
  await personas.create({ name: 'cook' }, { as: ann })
  await personas.create({ name: 'baker', visibility: 'shared', scope: 'club' }, { as: ann })
  const seen = async (invocation: object) => {
    const { executor, model } = host(personas.palette(), [{ text: 'Done.' }])
    await executor.run({ ...boss, tools: [] }, 'go', invocation)
    return (model.requests[0]?.tools ?? []).map(({ name }) => name)
  }
  expect(await seen({ caller: 'ann' })).toEqual(['agent__cook', 'agent__baker'])
  expect(await seen({ caller: 'bob' })).toEqual([])
  expect(await seen({ caller: 'bob', guild: 'club' })).toEqual(['agent__baker'])
  expect(await seen({ guild: 'club' })).toEqual(['agent__baker'])
  expect(await seen({ caller: admin.id! })).toEqual([])
})

test('the host says in which scopes a caller is', async () => {
  const { personas } = kit({ scopesOf: ({ channel }) => Promise.resolve([channel!]) })
  await personas.create({ name: 'cook', visibility: 'shared', scope: 'club' }, { as: ann })
  const { executor, model } = host(personas.palette(), [{ text: 'Done.' }])
  await executor.run(boss, 'go', { caller: bob.id!, channel: 'club' })
  expect(model.requests[0]?.tools?.map(({ name }) => name)).toContain('agent__cook')
})

test('the host’s own agents come first where it joins them so', async () => {
  const { personas } = kit()
  await personas.create({ name: 'cook', agent: { description: 'a stranger' } }, { as: ann })
  const own = staticPalette([{ name: 'cook', description: 'the host’s' }])
  const { executor, model } = host(joinPalettes(own, personas.palette()), [{ text: 'Done.' }])
  await executor.run({ ...boss, tools: [] }, 'go', { caller: 'ann' })
  expect(model.requests[0]?.tools?.map(({ description }) => description)).toEqual(['the host’s'])
})

test('what is no agent any more is left out and logged', async () => {
  const { memoryPersonaStore } = await import('./persona-store.ts')
  const store = memoryPersonaStore()
  const { personas, logger } = kit({ store })
  const made = await personas.create({ name: 'cook' }, { as: ann })
  await store.update({ ...made, version: 2, agent: { phases: [] } }, { expectVersion: 1 })
  const { executor, model } = host(personas.palette(), [{ text: 'Done.' }])
  expect(await executor.run({ ...boss, tools: [] }, 'go', { caller: 'ann' })).toMatchObject({ status: 'ok' })
  expect(model.requests[0]?.tools ?? []).toEqual([])
  expect(logger.lines).toMatchObject([{ message: 'persona cook cannot be delegated to' }])
})

test('personas that name each other all the same are stopped by core', async () => {
  const { memoryPersonaStore } = await import('./persona-store.ts')
  const store = memoryPersonaStore()
  const { personas } = kit({ store })
  const cook = await personas.create({ name: 'cook', agent: { palette: ['baker'] } }, { as: ann })
  await personas.create({ name: 'baker' }, { as: ann })
  const [baker] = (await personas.list({ text: 'baker' }, { as: ann })).personas
  await store.update({ ...baker!, version: 2, agent: { palette: [cook.name] } }, { expectVersion: 1 })
  const { executor, model } = host(personas.palette(), [
    ask('cook'),
    ask('baker'),
    ...Array.from({ length: 3 }, () => ({ text: 'Done.' })),
  ])
  expect(await executor.run({ ...boss, tools: [] }, 'go', { caller: 'ann' })).toMatchObject({ status: 'ok' })
  expect(model.requests[2]?.tools ?? []).toEqual([])
})
