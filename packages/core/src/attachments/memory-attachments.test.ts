import { fakeClock } from '@executus/llm/testing'
import { expect, test } from 'vitest'

import { memoryAttachments } from './memory-attachments.ts'
import type { Attachment } from './pending-attachments.ts'

const file = (name: string, bytes = 3): Attachment => ({
  type: 'file',
  mediaType: 'application/pdf',
  name,
  source: { base64: 'A'.repeat((bytes * 4) / 3) },
})
const image: Attachment = { type: 'image', mediaType: 'image/png', source: { url: 'https://example.com/a.png' } }

test('take() gives what was put under its key, in order, and empties it', async () => {
  const pending = memoryAttachments()
  expect(await pending.put('ann', file('a.pdf'))).toEqual({ kept: true })
  await pending.put('ben', file('b.pdf'))
  await pending.put('ann', image)
  expect(await pending.take('ann')).toEqual({ attachments: [file('a.pdf'), image], expired: [] })
  expect(await pending.take('ann')).toEqual({ attachments: [], expired: [] })
  expect(await pending.take('ben')).toEqual({ attachments: [file('b.pdf')], expired: [] })
})

test('what was not taken in time is dropped, and its taker is told what it was, once', async () => {
  const clock = fakeClock()
  const pending = memoryAttachments({ clock, ttlMs: 1_000 })
  await pending.put('ann', file('old.pdf'))
  await clock.advance(600)
  await pending.put('ann', file('young.pdf'))
  await clock.advance(399)
  await pending.put('ben', image)
  await clock.advance(1)
  expect(await pending.take('ann')).toEqual({
    attachments: [file('young.pdf')],
    expired: [{ type: 'file', mediaType: 'application/pdf', name: 'old.pdf' }],
  })
  await clock.advance(1_000)
  expect(await pending.take('ben')).toEqual({ attachments: [], expired: [{ type: 'image', mediaType: 'image/png' }] })
  expect(await pending.take('ben')).toEqual({ attachments: [], expired: [] })
  expect(clock.pending).toBe(0)
})

test('put() says what is too much, of files, of bytes and of keys', async () => {
  const pending = memoryAttachments({ maxPerKey: 2, maxBytesPerKey: 9, maxKeys: 2, maxBytes: 15 })
  expect(await pending.put('ann', file('a', 12))).toEqual({ kept: false, reason: 'too-large' })
  await pending.put('ann', file('a'))
  expect(await pending.put('ann', file('b', 9))).toEqual({ kept: false, reason: 'too-large' })
  expect(await pending.put('ann', file('b', 6))).toEqual({ kept: true })
  expect(await pending.put('ann', file('c'))).toEqual({ kept: false, reason: 'too-many' })
  expect(await pending.put('ben', file('a', 9))).toEqual({ kept: false, reason: 'full' })
  expect(await pending.put('ben', file('a', 6))).toEqual({ kept: true })
  expect(await pending.put('eve', file('a'))).toEqual({ kept: false, reason: 'full' })
  await pending.take('ann')
  expect(await pending.put('eve', file('a', 9))).toEqual({ kept: true })
})

test('what has expired makes room', async () => {
  const clock = fakeClock()
  const pending = memoryAttachments({ clock, ttlMs: 1_000, maxKeys: 1, maxBytes: 3 })
  await pending.put('ann', file('a'))
  expect(await pending.put('ben', file('b'))).toEqual({ kept: false, reason: 'full' })
  await clock.advance(1_000)
  expect(await pending.put('ben', file('b'))).toEqual({ kept: true })
})

test('labels of what has expired do not add up: the oldest keys and the tails of long names go', async () => {
  const clock = fakeClock()
  const pending = memoryAttachments({ clock, ttlMs: 1_000 })
  for (let number = 0; number < 1_005; number += 1) {
    await pending.put(`key-${number}`, file('x'.repeat(300)))
    await clock.advance(1_000)
  }
  expect(await pending.take('key-4')).toEqual({ attachments: [], expired: [] })
  expect(await pending.take('key-5')).toMatchObject({ expired: [{ name: `${'x'.repeat(199)}…` }] })
})

test('a wrong option or attachment is refused at once', () => {
  expect(() => memoryAttachments({ ttlMs: 0 })).toThrow(
    new RangeError('Expected `ttlMs` to be an integer of 1 or more, got `0`'),
  )
  expect(() => memoryAttachments({ ttl: 1 } as object)).toThrow(TypeError)
  const { put } = { put: (value: unknown) => memoryAttachments().put('ann', value as Attachment) }
  expect(() => put({ type: 'text', text: 'x' })).toThrow(
    new RangeError("Expected `attachment.type` to be one of image, file, audio, got `'text'`"),
  )
  expect(() => put({ type: 'image', mediaType: 'image/png' })).toThrow('`attachment.source`')
})
