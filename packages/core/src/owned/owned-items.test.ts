import { expect, test } from 'vitest'

import { StoreError } from '../store-error.ts'
import { OwnedError } from './errors.ts'
import { memoryOwnedStore } from './memory-owned-store.ts'
import { admin, ann, bob, kit, nobody, type NoteDraft, noteKind } from './note.test-kit.ts'

const codeOf = (error: unknown) => (StoreError.is(error) || OwnedError.is(error) ? error.code : error)
const draft = { name: 'tea', text: 'Buy tea.' }

test('a thing is private, its maker’s, of version 1 and of now, and a change leaves what it does not name', async () => {
  const { notes, clock } = kit()
  const nowMs = clock.now()
  const made = await notes.create(draft, { as: ann })
  expect(made).toEqual({
    ...draft,
    id: 'n-1',
    owner: 'ann',
    visibility: 'private',
    tags: [],
    version: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  })
  await clock.advance(5)
  const change = { name: 'Tea', visibility: 'shared', scope: 'club' } as const
  const changed = await notes.update('n-1', change, { as: ann, version: 1 })
  expect(changed).toEqual({ ...made, ...change, version: 2, updatedAtMs: nowMs + 5 })
  expect(await notes.get('n-1', { as: ann })).toEqual(changed)
  const hidden = await notes.update('n-1', { visibility: 'private', tags: ['x'] }, { as: ann, version: 2 })
  expect(hidden).toMatchObject({ text: 'Buy tea.', tags: ['x'], version: 3 })
  expect(hidden).not.toHaveProperty('scope')
})

test('what is not one’s own cannot be changed, and what one does not see is not there', async () => {
  const { notes } = kit()
  await notes.create({ ...draft, id: 'mine', name: 'mine' }, { as: ann })
  await notes.create({ ...draft, id: 'ours', name: 'ours', visibility: 'shared', scope: 'club' }, { as: ann })
  await notes.create({ ...draft, id: 'all', name: 'all', owner: 'ann', visibility: 'public' }, { as: admin })
  const inClub = { ...bob, scopes: ['club'] }
  const table = [
    { as: bob, seen: ['all'], mine: 'not-found', ours: 'not-found', all: 'forbidden' },
    { as: nobody, seen: ['all'], mine: 'not-found', ours: 'not-found', all: 'forbidden' },
    { as: inClub, seen: ['ours', 'all'], mine: 'not-found', ours: 'forbidden', all: 'forbidden' },
  ]
  for (const { as, seen, ...codes } of table) {
    expect((await notes.list({}, { as })).found.map(({ id }) => id)).toEqual(seen)
    for (const [id, code] of Object.entries(codes)) {
      expect((await notes.get(id, { as }))?.id).toBe(code === 'not-found' ? undefined : id)
      expect(await notes.update(id, { name: 'x' }, { as, version: 1 }).catch(codeOf)).toBe(code)
      expect(await notes.remove(id, { as }).catch(codeOf)).toBe(code === 'not-found' ? false : code)
    }
  }
  for (const id of ['mine', 'ours', 'all']) {
    expect(await notes.update(id, { owner: 'bob' }, { as: admin, version: 1 })).toMatchObject({ owner: 'bob' })
    expect(await notes.remove(id, { as: bob })).toBe(true)
  }
})

test('only an admin makes things for others, or gives one away', async () => {
  const { notes } = kit()
  const said = (error: unknown) => `${String(codeOf(error))}: ${(error as Error).message}`
  expect(await notes.create({ ...draft, owner: 'bob' }, { as: ann }).catch(said)).toBe(
    'forbidden: A note for somebody else can only be made by an admin',
  )
  expect(await notes.create(draft, { as: nobody }).catch(said)).toBe(
    'forbidden: A note is made by somebody, and nobody was named',
  )
  expect(await notes.create({ ...draft, owner: 'bob' }, { as: admin })).toMatchObject({ owner: 'bob' })
  const { id } = await notes.create(draft, { as: ann })
  expect(await notes.update(id, { owner: 'bob' }, { as: ann, version: 1 }).catch(codeOf)).toBe('forbidden')
  await notes.create({ ...draft, id: 'all', name: 'all', visibility: 'public' }, { as: admin })
  expect(await notes.remove('all', { as: ann }).catch(said)).toBe(
    'forbidden: Note all can only be changed by who made it',
  )
})

test('a change that is based on an older version is fenced, and told the newer one', async () => {
  const { notes } = kit()
  const { id } = await notes.create(draft, { as: ann })
  await notes.update(id, { name: 'b' }, { as: ann, version: 1 })
  const error: unknown = await notes
    .update(id, { name: 'c' }, { as: ann, version: 1 })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'fenced', message: 'Note n-1 is at version 2 by now, not at 1' })
})

test('an owner has so many, and a name once', async () => {
  const { notes } = kit({ maxPerOwner: 2 })
  const make = (name: string, as = ann) => notes.create({ ...draft, name }, { as })
  await make('a')
  expect(await make('A').catch(codeOf)).toBe('exists')
  await make('b')
  const error: unknown = await make('c').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'too-many', message: 'There may be no more than 2 notes of one owner' })
  await make('c', bob)
})

test('who sees it is said within what the host allows and the scopes one is in', async () => {
  const { notes } = kit()
  const refused = async (more: Partial<NoteDraft>, message: string) =>
    expect(notes.create({ ...draft, ...more }, { as: ann })).rejects.toThrow(message)
  await refused({ visibility: 'shared', scope: 'elsewhere' }, 'Expected `note.scope` to be one that its owner is in')
  await refused({ visibility: 'shared' }, 'note.scope')
  await refused({ visibility: 'all' as never }, 'note.visibility')
  await refused({ visibility: 'public' }, 'Expected `note.visibility` to be one of private, shared, got public')
  await refused({ scope: 'club' }, 'to be set only with')
  const { id } = await notes.create({ ...draft, owner: 'ann', visibility: 'public' }, { as: admin })
  expect(await notes.update(id, { name: 'b' }, { as: ann, version: 1 })).toMatchObject({ visibility: 'public' })
  const open = kit({ visibilities: ['public'] }).notes
  expect(await open.create({ ...draft, visibility: 'public' }, { as: ann })).toMatchObject({ visibility: 'public' })
  await expect(open.create({ ...draft, name: 'b' }, { as: ann })).rejects.toThrow('one of public')
})

test('a name means one’s own, else what is shared with one, else the oldest that is public', async () => {
  const { notes } = kit()
  const make = (more: Partial<NoteDraft>) => notes.create({ ...draft, ...more }, { as: admin })
  await make({ id: 'eve', owner: 'eve', visibility: 'public' })
  await make({ id: 'dan', owner: 'dan', visibility: 'public' })
  await make({ id: 'club', owner: 'carl', visibility: 'shared', scope: 'club' })
  await make({ id: 'bob', owner: 'bob' })
  const idFor = async (as: typeof ann) => (await notes.find('TEA', { as }))?.id
  expect([await idFor(ann), await idFor(bob), await idFor(nobody)]).toEqual(['club', 'bob', 'eve'])
  expect(await notes.find('milk', { as: ann })).toBeUndefined()
})

test('what is broken in a text is mended before it is kept', async () => {
  const { notes } = kit()
  expect((await notes.create({ ...draft, text: 'x\ud800' }, { as: ann })).text).toBe('x\ufffd')
})

test('one that is damaged is logged, and an admin can remove it', async () => {
  const store = memoryOwnedStore(noteKind)
  store.find = () => Promise.reject(new StoreError('corrupt', 'damaged'))
  store.list = () => Promise.resolve({ found: [], damaged: ['n-1'] })
  store.remove = () => Promise.resolve(true)
  const { notes, logger } = kit({ store })
  expect(await notes.list({}, { as: ann })).toEqual({ found: [] })
  expect(await notes.find('a', { as: nobody })).toBeUndefined()
  expect(logger.lines.map(({ message }) => message)).toEqual([
    'What is kept of note n-1 is damaged',
    'What is kept of note n-1 is damaged',
  ])
  expect(await notes.remove('n-1', { as: ann }).catch(codeOf)).toBe('corrupt')
  expect(await notes.remove('n-1', { as: admin })).toBe(true)
})

test('what was given to somebody else meanwhile is not removed by who had it', async () => {
  const store = memoryOwnedStore(noteKind)
  const { notes } = kit({ store })
  const made = await notes.create(draft, { as: ann })
  await notes.update(made.id, { owner: 'bob' }, { as: admin, version: 1 })
  store.find = () => Promise.resolve(made) // as it was when ann looked
  expect(await notes.remove(made.id, { as: ann }).catch(codeOf)).toBe('fenced')
  expect((await notes.list({}, { as: bob })).found.length).toBe(1)
})

test('a page has 50, or as many as were asked for', async () => {
  const { notes } = kit()
  for (let index = 0; index < 60; index++) await notes.create({ ...draft, name: `n${index}` }, { as: ann })
  const first = await notes.list({}, { as: ann })
  expect(first.found.length).toBe(50)
  const { found, next } = await notes.list({ after: first.next! }, { as: ann })
  expect([found.map(({ name }) => name).at(-1), found.length, next]).toEqual(['n59', 10, undefined])
  const names = (await notes.list({ text: 'N5', limit: 3 }, { as: ann })).found.map(({ name }) => name)
  expect(names).toEqual(['n5', 'n50', 'n51'])
})

test('mistakes of the caller name what was wrong, and nothing is kept', async () => {
  const { notes } = kit()
  for (const as of [undefined, {}, { roles: [] }, { ...ann, id: 7 }, { ...ann, scopes: 'club' }])
    await expect(notes.create(draft, { as: as as never })).rejects.toThrow(/`as/)
  for (const [wrong, message] of [
    [{ id: '' }, 'note.id'],
    [{ name: ' ' }, 'note.name'],
    [{ name: 7 as never }, 'note.name'],
    [{ text: undefined }, 'note.text'],
    [{ colour: 'red' }, 'Expected `note` to have no option `colour`'],
  ] as const)
    await expect(notes.create({ ...draft, ...wrong } as NoteDraft, { as: ann })).rejects.toThrow(message)
  await expect(notes.list({ limit: 0 }, { as: ann })).rejects.toThrow('query.limit')
  await expect(notes.list({ seenBy: {} } as never, { as: ann })).rejects.toThrow('no option `seenBy`')
  await expect(notes.get('', { as: ann })).rejects.toThrow('id')
  await expect(notes.update('n', {}, { as: ann, version: 0 })).rejects.toThrow('version')
  await expect(notes.update('n', { id: 'm' } as never, { as: ann, version: 1 })).rejects.toThrow('no option `id`')
  await expect(notes.remove('n', {} as never)).rejects.toThrow('`as`')
  expect(await notes.list({}, { as: admin })).toEqual({ found: [] })
})

test('close() closes the store', async () => {
  const { notes } = kit()
  await notes.close()
  expect(await notes.list({}, { as: ann }).catch(codeOf)).toBe('closed')
})
