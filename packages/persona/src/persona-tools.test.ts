import type { ToolContext } from '@executus/core'
import type { Viewer } from '@executus/core/owned'
import { scriptedHost } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { personaTools } from './persona-tools.ts'
import { ann, bob, kit } from './personas.test-kit.ts'

function toolKit(as: Viewer = ann) {
  const { personas } = kit()
  const tools = personaTools(personas, { principalOf: () => Promise.resolve(as) })
  const call = async (name: string, input: unknown, change: Partial<ToolContext> = {}) => {
    const tool = tools.find((one) => one.name === name)!
    const parsed = await tool.parse(input)
    if (!parsed.ok) return parsed.problem
    return tool.run(parsed.value, { idempotencyKey: 'run/1', attempt: 1, ...change } as ToolContext)
  }
  return { personas, tools, call }
}

test('an agent is made, shown, changed and listed in a conversation', async () => {
  const { personas } = kit()
  const tools = personaTools(personas, { principalOf: ({ caller }) => ({ id: caller!, roles: [], isAdmin: false }) })
  const names = tools.map(({ name }) => name)
  const { executor, model } = scriptedHost(
    [
      { calls: [{ name: 'create_agent', input: { name: 'cook', description: 'Cooks.', tools: ['look'] } }] },
      { calls: [{ name: 'read_agent', input: { name: 'cook' } }] },
      { calls: [{ name: 'update_agent', input: { name: 'cook', version: 1, instructions: 'Cook.' } }] },
      { calls: [{ name: 'list_agents', input: {} }] },
      { text: 'Made.' },
    ],
    { tools },
  )
  const result = await executor.run({ name: 'maker', tools: names }, 'Make me a cook', { caller: 'ann' })
  expect(result).toMatchObject({ status: 'ok', output: 'Made.' })
  expect((await personas.list({}, { as: ann })).personas).toMatchObject([
    {
      name: 'cook',
      owner: 'ann',
      visibility: 'private',
      version: 2,
      agent: { description: 'Cooks.', instructions: 'Cook.', tools: ['look'] },
    },
  ])
  const answers = model.requests.slice(1).map((request) => {
    const [part] = request.messages.at(-1)!.content as unknown as readonly { content: readonly { text: string }[] }[]
    return JSON.parse(part!.content[0]!.text) as unknown
  })
  const summary = { name: 'cook', description: 'Cooks.', visibility: 'private', isMine: true, version: 1 }
  expect(answers).toEqual([
    summary,
    { ...summary, tools: ['look'] },
    { ...summary, version: 2 },
    { agents: [{ ...summary, version: 2 }] },
  ])
})

test('a second attempt finds what the first has made', async () => {
  const { call, personas } = toolKit()
  const made = await call('create_agent', { name: 'cook' })
  await expect(call('create_agent', { name: 'cook' })).rejects.toMatchObject({ code: 'exists' })
  await expect(call('create_agent', { name: 'cook' }, { idempotencyKey: 'run/2' })).rejects.toMatchObject({
    code: 'exists',
  })
  expect(await call('create_agent', { name: 'cook' }, { attempt: 2 })).toEqual(made)
  await expect(call('create_agent', { name: 'cook' }, { attempt: 2, idempotencyKey: 'run/2' })).rejects.toThrow(
    'ann has',
  )
  expect((await personas.list({}, { as: ann })).personas.length).toBe(1)
})

test('arguments that are none are worded for the model', async () => {
  const { call } = toolKit()
  expect(await call('create_agent', {})).toBe('name: is missing')
  expect(await call('create_agent', { name: 7, tools: ['a', 1], colour: 'red', visibility: 'all' })).toBe(
    'colour: unknown; name: expected a string; tools: expected a list of strings; ' +
      'visibility: expected one of private, shared, public',
  )
  expect(await call('update_agent', { name: 'a', version: '1' })).toBe('version: expected an integer')
  for (const wrong of [null, 'a', []]) expect(await call('list_agents', wrong)).toBe('expected an object')
  expect(await call('list_agents', JSON.parse('{"__proto__": 1}'))).toBe('__proto__: unknown')
})

test('a model may do what the one it works for may, and is told why not', async () => {
  const { call, personas } = toolKit(bob)
  await personas.create({ name: 'secret' }, { as: ann })
  await expect(call('read_agent', { name: 'secret' })).rejects.toThrow('There is no agent secret; list_agents shows')
  await expect(call('update_agent', { name: 'secret', version: 1 })).rejects.toThrow('There is no agent secret')
  await expect(call('create_agent', { name: 'a', tools: ['shell'] })).rejects.toThrow('allowed (look,search)')
  await call('create_agent', { name: 'a' })
  await expect(call('update_agent', { name: 'a', version: 2 })).rejects.toThrow('is at version 1 by now')
  expect(await call('update_agent', { name: 'a', version: 1, newName: 'b' })).toMatchObject({ name: 'b', version: 2 })
})

test('the tools say what they do, and mistakes of the host are told', () => {
  const { personas, tools } = toolKit()
  expect(tools.map(({ name, effect, replay }) => [name, effect, replay])).toEqual([
    ['list_agents', 'read', 'rerun'],
    ['read_agent', 'read', 'rerun'],
    ['create_agent', 'write', 'idempotent'],
    ['update_agent', 'write', 'once'],
  ])
  expect(tools[2]!.spec.inputSchema).toMatchObject({
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: { visibility: { enum: ['private', 'shared', 'public'] }, tools: { type: 'array' } },
  })
  expect(() => personaTools({} as never, { principalOf: () => ann })).toThrow('personas')
  expect(() => personaTools(personas, {} as never)).toThrow('options.principalOf')
})
