import { expect, test } from 'vitest'

import { toolHost } from '../tool-host.test-kit.ts'

test('what is saved under a key that was used is the note of then', async () => {
  const { notes } = await toolHost()
  const first = notes.save('ann', ' Likes tea. ', 'run-1/tool:a')
  expect(first).toEqual({ id: 1, text: 'Likes tea.', atMs: Date.UTC(2026, 0, 6, 12) })
  expect(notes.save('ann', 'Likes tea.', 'run-1/tool:a')).toEqual(first)
  expect(notes.save('ann', 'Likes tea.', 'run-1/tool:b')).toMatchObject({ id: 2 })
  expect(notes.list('ann')).toHaveLength(2)
})

test('the notes of one person are not those of another', async () => {
  const { notes } = await toolHost()
  const { id } = notes.save('ann', 'Likes tea.', 'a')
  expect(notes.list('bob')).toEqual([])
  expect(notes.get('bob', id)).toBeUndefined()
  expect(notes.remove('bob', id)).toBe(false)
  expect(notes.list('ann')).toHaveLength(1)
  expect(notes.remove('ann', id)).toBe(true)
  expect(notes.remove('ann', id)).toBe(false)
})

test('a person has 500 notes at most, whatever others have', async () => {
  const { notes } = await toolHost()
  for (let count = 0; count < 500; count++) notes.save('ann', `Note ${count}`, `a${count}`)
  expect(() => notes.save('ann', 'One more', 'more')).toThrow('There are 500 notes already, which is the most')
  expect(notes.save('ann', 'Note 7', 'a7')).toMatchObject({ id: 8 })
  expect(notes.save('bob', 'One more', 'more')).toMatchObject({ text: 'One more' })
}, 30_000)

test('a note has some words, and 2,000 characters at most', async () => {
  const { notes } = await toolHost()
  expect(() => notes.save('ann', ' \n', 'a')).toThrow(RangeError)
  expect(() => notes.save('ann', 'x'.repeat(2_001), 'a')).toThrow('2000 characters at most, and this one has 2001')
  expect(notes.save('ann', 'x'.repeat(2_000), 'a').text).toHaveLength(2_000)
})
