import { StoreError } from '@executus/core'
import { expect, test } from 'vitest'

import { PersonaError } from './errors.ts'
import { memoryPersonaStore } from './memory-store.ts'
import type { Persona } from './persona.ts'
import { admin, ann, bob, kit, nobody } from './personas.test-kit.ts'
import { createPersonas, type PersonaDraft, type PersonasOptions } from './personas.ts'

const codeOf = (error: unknown) => (StoreError.is(error) || PersonaError.is(error) ? error.code : error)

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
  const changed = await personas.update(
    'p-1',
    { name: 'Chef', visibility: 'shared', scope: 'club' },
    { as: ann, version: 1 },
  )
  expect(changed).toEqual({
    ...made,
    name: 'Chef',
    visibility: 'shared',
    scope: 'club',
    version: 2,
    updatedAtMs: nowMs + 5,
  })
  expect(await personas.get('p-1', { as: ann })).toEqual(changed)
  expect(await personas.update('p-1', { visibility: 'private' }, { as: ann, version: 2 })).not.toHaveProperty('scope')
})

test('what is not one’s own cannot be changed, and what one does not see is not there', async () => {
  const { personas } = kit()
  await personas.create({ id: 'mine', name: 'mine' }, { as: ann })
  await personas.create({ id: 'ours', name: 'ours', visibility: 'shared', scope: 'club' }, { as: ann })
  await personas.create({ id: 'all', name: 'all', owner: 'ann', visibility: 'public' }, { as: admin })
  const inClub = { ...bob, scopes: ['club'] }
  const table = [
    { as: bob, seen: ['all'], mine: 'not-found', ours: 'not-found', all: 'forbidden' },
    { as: nobody, seen: ['all'], mine: 'not-found', ours: 'not-found', all: 'forbidden' },
    { as: inClub, seen: ['ours', 'all'], mine: 'not-found', ours: 'forbidden', all: 'forbidden' },
  ]
  for (const { as, seen, ...codes } of table) {
    expect((await personas.list({}, { as })).personas.map(({ id }) => id)).toEqual(seen)
    for (const [id, code] of Object.entries(codes)) {
      expect((await personas.get(id, { as }))?.id).toBe(code === 'not-found' ? undefined : id)
      expect(await personas.update(id, { name: 'x' }, { as, version: 1 }).catch(codeOf)).toBe(code)
      expect(await personas.remove(id, { as }).catch(codeOf)).toBe(code === 'not-found' ? false : code)
    }
  }
  for (const id of ['mine', 'ours', 'all']) {
    expect(await personas.update(id, { owner: 'bob' }, { as: admin, version: 1 })).toMatchObject({ owner: 'bob' })
    expect(await personas.remove(id, { as: bob })).toBe(true)
  }
})

test('only an admin makes personas for others, or gives one away', async () => {
  const { personas } = kit()
  expect(await personas.create({ name: 'a', owner: 'bob' }, { as: ann }).catch(codeOf)).toBe('forbidden')
  expect(await personas.create({ name: 'a' }, { as: nobody }).catch(codeOf)).toBe('forbidden')
  expect(await personas.create({ name: 'a', owner: 'bob' }, { as: admin })).toMatchObject({ owner: 'bob' })
  const { id } = await personas.create({ name: 'a' }, { as: ann })
  expect(await personas.update(id, { owner: 'bob' }, { as: ann, version: 1 }).catch(codeOf)).toBe('forbidden')
})

test('a change that is based on an older version is fenced, and told the newer one', async () => {
  const { personas } = kit()
  const { id } = await personas.create({ name: 'a' }, { as: ann })
  await personas.update(id, { name: 'b' }, { as: ann, version: 1 })
  const error: unknown = await personas
    .update(id, { name: 'c' }, { as: ann, version: 1 })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'fenced', message: 'Persona p-1 is at version 2 by now, not at 1' })
})

test('an owner has so many personas, and a name once', async () => {
  const { personas } = kit({ bounds: { maxPerOwner: 2 } })
  await personas.create({ name: 'a' }, { as: ann })
  expect(await personas.create({ name: 'A' }, { as: ann }).catch(codeOf)).toBe('exists')
  await personas.create({ name: 'b' }, { as: ann })
  expect(await personas.create({ name: 'c' }, { as: ann }).catch(codeOf)).toBe('too-many')
  await personas.create({ name: 'c' }, { as: bob })
})

test('who sees it is said within what the host allows and the scopes one is in', async () => {
  const { personas } = kit()
  const shared = { name: 'a', visibility: 'shared' } as const
  await expect(personas.create({ ...shared, scope: 'elsewhere' }, { as: ann })).rejects.toThrow(
    'one that its owner is in',
  )
  await expect(personas.create(shared, { as: ann })).rejects.toThrow('persona.scope')
  await expect(personas.create({ name: 'a', visibility: 'public' }, { as: ann })).rejects.toThrow(
    'Expected `persona.visibility` to be one of private, shared, got public',
  )
  await expect(personas.create({ name: 'a', scope: 'club' }, { as: ann })).rejects.toThrow('only with')
  const { id } = await personas.create({ name: 'a', owner: 'ann', visibility: 'public' }, { as: admin })
  expect(await personas.update(id, { name: 'b' }, { as: ann, version: 1 })).toMatchObject({ visibility: 'public' })
  const open = kit({ allow: { visibilities: ['public'] } }).personas
  expect(await open.create({ name: 'a', visibility: 'public' }, { as: ann })).toMatchObject({ visibility: 'public' })
  await expect(open.create({ name: 'b' }, { as: ann })).rejects.toThrow('one of public')
})

test('a name means one’s own, else what is shared with one, else the oldest that is public', async () => {
  const { personas } = kit({ allow: { visibilities: ['private', 'shared', 'public'] } })
  const make = (draft: Partial<PersonaDraft>) => personas.create({ name: 'cook', ...draft }, { as: admin })
  await make({ id: 'eve', owner: 'eve', visibility: 'public' })
  await make({ id: 'dan', owner: 'dan', visibility: 'public' })
  await make({ id: 'club', owner: 'carl', visibility: 'shared', scope: 'club' })
  await make({ id: 'bob', owner: 'bob' })
  const idFor = async (as: typeof ann) => (await personas.find('COOK', { as }))?.id
  expect([await idFor(ann), await idFor(bob), await idFor(nobody)]).toEqual(['club', 'bob', 'eve'])
  expect(await personas.find('baker', { as: ann })).toBeUndefined()
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

test('what is broken in a text is mended before it is kept', async () => {
  const { personas } = kit()
  const made = await personas.create({ name: 'a', agent: { instructions: 'x\ud800' } }, { as: ann })
  expect(made.agent.instructions).toBe('x\ufffd')
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

test('a persona that is damaged is logged, and an admin can remove it', async () => {
  const store = memoryPersonaStore()
  const damaged = { ...store }
  Object.assign(damaged, {
    create: store.create.bind(store),
    update: store.update.bind(store),
    close: store.close.bind(store),
    find: () => Promise.reject(new StoreError('corrupt', 'damaged')),
    list: () => Promise.resolve({ found: [], damaged: ['p-1'] }),
    remove: () => Promise.resolve(true),
  })
  const { personas, logger } = kit({ store: damaged })
  expect(await personas.list({}, { as: ann })).toEqual({ personas: [] })
  expect(await personas.find('a', { as: nobody })).toBeUndefined()
  expect(logger.lines.map(({ message }) => message)).toEqual([
    'What is kept of persona p-1 is damaged',
    'What is kept of persona p-1 is damaged',
  ])
  expect(await personas.remove('p-1', { as: ann }).catch(codeOf)).toBe('corrupt')
  expect(await personas.remove('p-1', { as: admin })).toBe(true)
})

test('what was given to somebody else meanwhile is not removed by who had it', async () => {
  const store = memoryPersonaStore()
  const { personas } = kit({ store })
  const made = await personas.create({ name: 'a' }, { as: ann })
  await personas.update(made.id, { owner: 'bob' }, { as: admin, version: 1 })
  store.find = () => Promise.resolve(made) // as it was when ann looked
  expect(await personas.remove(made.id, { as: ann }).catch(codeOf)).toBe('fenced')
  expect((await personas.list({}, { as: bob })).personas.length).toBe(1)
})

test('a page has 50, or as many as were asked for', async () => {
  const { personas } = kit()
  for (let index = 0; index < 60; index++) await personas.create({ name: `n${index}` }, { as: ann })
  const first = await personas.list({}, { as: ann })
  expect(first.personas.length).toBe(50)
  const { personas: rest, next } = await personas.list({ after: first.next! }, { as: ann })
  expect([rest.map(({ name }) => name).at(-1), rest.length, next]).toEqual(['n59', 10, undefined])
  expect((await personas.list({ text: 'N5', limit: 3 }, { as: ann })).personas.map(({ name }) => name)).toEqual([
    'n5',
    'n50',
    'n51',
  ])
})

test('mistakes of the caller name what was wrong', async () => {
  const wrong: readonly (readonly [PersonasOptions, string])[] = [
    [{ storage: 1 } as never, 'no option `storage`'],
    [{ store: {} as never }, 'options.store'],
    [{ allow: { tiers: [] } }, 'options.allow.tiers'],
    [{ allow: { tools: 'all' as never } }, 'options.allow.tools'],
    [{ allow: { visibilities: ['all' as never] } }, 'options.allow.visibilities'],
    [{ allow: { maxLimits: { maxSteps: 0 } } }, 'options.allow.maxLimits.maxSteps'],
    [{ bounds: { maxPhases: -1 } }, 'options.bounds.maxPhases'],
    [{ scopesOf: 'guild' as never }, 'options.scopesOf'],
    [{ clock: {} as never }, 'options.clock'],
  ]
  for (const [options, message] of wrong) expect(() => createPersonas(options)).toThrow(message)
  const { personas } = kit()
  for (const as of [undefined, {}, { roles: [] }, { ...ann, id: 7 }, { ...ann, scopes: 'club' }])
    await expect(personas.list({}, { as: as as never })).rejects.toThrow(/`as/)
  await expect(personas.list({ limit: 0 }, { as: ann })).rejects.toThrow('query.limit')
  await expect(personas.get('', { as: ann })).rejects.toThrow('id')
  await expect(personas.update('p', {}, { as: ann, version: 0 })).rejects.toThrow('version')
})

test('close() closes the store', async () => {
  const { personas } = kit()
  await personas.close()
  expect(await personas.list({}, { as: ann }).catch(codeOf)).toBe('closed')
})

test('agentOf() gives the agent under the persona’s name', () => {
  const persona = { name: 'a', agent: { instructions: 'x', tier: 'smart' } } as Persona
  expect(kit().personas.agentOf(persona)).toEqual({ name: 'a', instructions: 'x', tier: 'smart' })
})
