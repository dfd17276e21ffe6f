import { expect, test } from 'vitest'

import { toolHost } from '../tool-host.test-kit.ts'

test('notes are kept and listed for whom the run is', async () => {
  const { call } = await toolHost()
  expect(await call('list_notes', {})).toEqual({ isError: false, text: 'There are no notes.' })
  expect(await call('save_note', { text: 'Likes\n tea.' })).toMatchObject({ text: 'Kept as note 1: Likes\n tea.' })
  await call('save_note', { text: 'Has a dog.' })
  expect(await call('list_notes', {})).toMatchObject({ text: '1 (2026-01-06): Likes tea.\n2 (2026-01-06): Has a dog.' })
  expect(await call('list_notes', { text: 'DOG' })).toMatchObject({ text: '2 (2026-01-06): Has a dog.' })
  expect(await call('list_notes', { text: 'cat' })).toMatchObject({ text: 'None of the notes holds that.' })
  expect(await call('list_notes', {}, { caller: 'web:bob' })).toMatchObject({ text: 'There are no notes.' })
})

test.each([
  ['save_note', { text: 'Likes tea.' }],
  ['list_notes', {}],
  ['delete_note', { id: 1, text: 'Likes' }],
])('%s of a run that is for nobody is an error', async (name, input) => {
  const { call, notes } = await toolHost()
  expect(await call(name, input, {})).toMatchObject({ isError: true, text: expect.stringContaining('Nobody is known') })
  expect(notes.list('')).toEqual([])
})

test('a note is deleted when its person says yes, who is shown what it says', async () => {
  const { call, notes, asked } = await toolHost()
  notes.save('web:ann', 'Likes tea.', 'a')
  const deleted = await call('delete_note', { id: 1, text: 'Likes' })
  expect(deleted).toEqual({ isError: false, text: 'Note 1 is deleted: Likes tea.' })
  expect(asked).toMatchObject([
    { tool: 'delete_note', effect: 'destructive', resources: [{ kind: 'note', value: '1: Likes' }] },
  ])
  expect(await call('delete_note', { id: 1, text: 'Likes' })).toEqual({
    isError: false,
    text: 'There is no note 1, so nothing had to be deleted.',
  })
})

test('a note stays when its person says no, when it says something else, and when it is another person’s', async () => {
  const host = await toolHost()
  host.notes.save('web:ann', 'Likes tea.', 'a')
  host.say = { isApproved: false }
  expect(await host.call('delete_note', { id: 1, text: 'Likes' })).toMatchObject({ isError: true })
  host.say = { isApproved: true }
  expect(await host.call('delete_note', { id: 1, text: 'Hates tea.' })).toEqual({
    isError: true,
    text: 'delete_note failed: Note 1 says something else: Likes tea.',
  })
  expect(await host.call('delete_note', { id: 1, text: 'Likes' }, { caller: 'web:bob' })).toMatchObject({
    text: 'There is no note 1, so nothing had to be deleted.',
  })
  expect(host.notes.list('web:ann')).toHaveLength(1)
})

test('a run that goes on after a crash at any moment keeps a note once', async () => {
  const { callWithCrashes, notes } = await toolHost()
  const texts = await callWithCrashes('save_note', { text: 'Likes tea.' })
  expect(texts.length).toBeGreaterThan(4)
  expect(new Set(texts)).toEqual(new Set(['ok: Kept as note 1: Likes tea.']))
  expect(notes.list('web:ann')).toHaveLength(1)
})

test('a run that goes on after a crash at any moment may delete what it has deleted', async () => {
  const { callWithCrashes, notes } = await toolHost()
  notes.save('web:ann', 'Likes tea.', 'a')
  const texts = await callWithCrashes('delete_note', { id: 1, text: 'Likes tea.' })
  expect(new Set(texts)).toEqual(
    new Set(['ok: Note 1 is deleted: Likes tea.', 'ok: There is no note 1, so nothing had to be deleted.']),
  )
})
