import { OwnedError } from '@executus/core/owned'
import { expect, test } from 'vitest'

import type { Persona } from './persona.ts'
import { admin, ann, bob, kit, nobody } from './personas.test-kit.ts'
import { createPersonas, type PersonaDraft, type PersonasOptions } from './personas.ts'

test('a persona is private, its maker’s, of version 1 and of now', async () => {
  const { personas, clock } = kit()
  const nowMs = clock.now()
  const made = await personas.create({ name: 'Cook', agent: { instructions: 'Cook.' } }, { as: ann })
  expect(made).toEqual({
    id: 'p-1',
    name: 'Cook',
    owner: 'ann',
    visibility: 'private',
    agent: { instructions: 'Cook.' },
    version: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  })
  await clock.advance(5)
  const change = { name: 'Chef', agent: { tools: ['look'] } }
  const changed = await personas.update('p-1', change, { as: ann, version: 1 })
  expect(changed).toEqual({ ...made, ...change, version: 2, updatedAtMs: nowMs + 5 })
  expect(await personas.get('p-1', { as: ann })).toEqual(changed)
  expect(await personas.find('chef', { as: ann })).toEqual(changed)
  await expect(personas.update('p-1', {}, { as: ann, version: 1 })).rejects.toMatchObject({
    code: 'fenced',
    message: 'Persona p-1 is at version 2 by now, not at 1',
  })
})

test('how many there may be, who may see them and how they are called is as the host says', async () => {
  const { personas } = kit({ allow: { visibilities: ['public'] }, bounds: { maxPerOwner: 2 } })
  const make = (name: string, visibility: 'private' | 'public') => personas.create({ name, visibility }, { as: ann })
  await expect(make('a', 'private')).rejects.toThrow('`persona.visibility` to be one of public')
  const made = await make('a', 'public')
  await make('b', 'public')
  expect(await make('c', 'public').catch((error: unknown) => OwnedError.is(error) && error.code)).toBe('too-many')
  expect(await personas.list({ limit: 1, text: 'A' }, { as: nobody })).toEqual({ personas: [made] })
  expect(await personas.list({ limit: 1 }, { as: nobody })).toEqual({ personas: [made], next: expect.any(String) })
})

const WRONG: readonly (readonly [unknown, string])[] = [
  [{ name: '' }, 'persona.name'],
  [{ name: ' a' }, 'persona.name'],
  [{ name: 'a\nb' }, 'persona.name'],
  [{ name: 'a\u202eb' }, 'persona.name'],
  [{ name: 'x'.repeat(65) }, 'at most 64 characters'],
  [{ name: 7 }, 'persona.name'],
  [{ name: 'a', id: '' }, 'persona.id'],
  [{ name: 'a', colour: 'red' }, 'no option `colour`'],
  [{ name: 'a', visibility: 'all' }, 'persona.visibility'],
  [{ name: 'a', agent: null }, 'persona.agent'],
  [{ name: 'a', agent: { name: 'b' } }, 'no `name`'],
  [{ name: 'a', agent: { color: 'red' } }, 'no option `color`'],
  [{ name: 'a', agent: { instructions: 'x'.repeat(32_001) } }, 'persona.agent.instructions'],
  [{ name: 'a', agent: { description: 'x'.repeat(1_025) } }, 'persona.agent.description'],
  [{ name: 'a', agent: { tools: Array.from({ length: 65 }, () => 'look') } }, 'persona.agent.tools'],
  [{ name: 'a', agent: { palette: ['x'.repeat(300)] } }, 'persona.agent.palette[0]'],
  [
    { name: 'a', agent: { phases: Array.from({ length: 9 }, () => ({ name: 'p', instructions: 'x' })) } },
    'agent.phases',
  ],
  [{ name: 'a', agent: { phases: [{ name: 'p', instructions: 'x'.repeat(32_001) }] } }, 'phases[0].instructions'],
  [{ name: 'a', agent: { phases: [{ name: 'p', instructions: '{{q}}' }] } }, 'phases before it'],
  [{ name: 'a', agent: { phases: [null] } }, 'agent.phases[0]'],
  [{ name: 'a', agent: { limits: { maxSteps: Number.POSITIVE_INFINITY } } }, 'agent.limits.maxSteps'],
  [{ name: 'a', agent: { limits: { maxSteps: 13 } } }, 'maxSteps up to 12'],
  [{ name: 'a', agent: { tools: ['shell'] } }, 'stay within what is allowed (look,search), got `shell`'],
  [{ name: 'a', agent: { tier: 'anthropic/claude-opus' } }, 'got `anthropic/claude-opus`'],
]

test.each(WRONG)('%j is refused, and nothing is kept', async (draft, message) => {
  const { personas } = kit()
  const error: unknown = await personas.create(draft as PersonaDraft, { as: ann }).catch((thrown: unknown) => thrown)
  expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
  expect((error as Error).message).toContain(message)
  expect((await personas.list({}, { as: admin })).personas).toEqual([])
  const { id } = await personas.create({ name: 'sound' }, { as: ann })
  await expect(personas.update(id, draft as PersonaDraft, { as: ann, version: 1 })).rejects.toThrow(/^Expected/)
  expect(await personas.get(id, { as: ann })).toMatchObject({ name: 'sound', version: 1, agent: {} })
})

test('palettes that lead back are refused, whoever closes the circle', async () => {
  const { personas } = kit()
  const make = (name: string, palette: readonly string[]) =>
    personas.create({ id: name, name, agent: { palette } }, { as: ann })
  await expect(make('a', ['A'])).rejects.toThrow('Expected `persona.agent.palette` not to lead back, got `a -> a`')
  await make('a', ['b', 'x'])
  await make('b', ['c', 'x'])
  await expect(make('c', ['x', 'a'])).rejects.toThrow('got `c -> a -> b -> c`')
  await make('c', ['x'])
  await expect(personas.update('c', { agent: { palette: ['b'] } }, { as: ann, version: 1 })).rejects.toThrow(
    'c -> b -> c',
  )
  await expect(personas.update('c', { name: 'x' }, { as: ann, version: 1 })).rejects.toThrow('x -> x')
  // A renamed one is not in the way of its old name.
  expect(await personas.update('a', { name: 'z' }, { as: ann, version: 1 })).toMatchObject({ name: 'z' })
  expect(await personas.update('c', { agent: { palette: ['a'] } }, { as: ann, version: 1 })).toMatchObject({
    version: 2,
  })
  // Nor is what is kept of it until it is saved.
  await personas.update('b', { name: 'n', agent: { palette: ['b'] } }, { as: ann, version: 1 })
  // Bob's `b` is another.
  await personas.create({ name: 'c', agent: { palette: ['b'] } }, { as: bob })
})

test('mistakes of the caller name what was wrong', async () => {
  const wrong: readonly (readonly [PersonasOptions, string])[] = [
    [{ storage: 1 } as never, 'no option `storage`'],
    [{ store: {} as never }, 'options.store'],
    [{ allow: { tiers: [] } }, 'options.allow.tiers'],
    [{ allow: { palettes: ['a'] } as never }, 'no option `palettes`'],
    [{ bounds: { maxPhases: -1 } }, 'options.bounds.maxPhases'],
    [{ scopesOf: 'guild' as never }, 'options.scopesOf'],
  ]
  for (const [options, message] of wrong) expect(() => createPersonas(options)).toThrow(message)
})

test('agentOf() gives the agent under the persona’s name, without what is not allowed any more', () => {
  const agent = { instructions: 'x', tier: 'smart', tools: ['look'], palette: ['b'] }
  const persona = { name: 'a', agent } as unknown as Persona
  expect(kit().personas.agentOf(persona)).toEqual({ name: 'a', ...agent })
  const { personas, logger } = kit({ allow: { tiers: 'any', tools: [], palette: [] } })
  expect(personas.agentOf(persona)).toEqual({ name: 'a', ...agent, tools: [], palette: [] })
  expect(logger.lines.map(({ message }) => message)).toEqual([
    'persona a names look in its tools, which is not allowed',
    'persona a names b in its palette, which is not allowed',
  ])
})
