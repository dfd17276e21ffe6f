import { fakeClock } from '@executus/llm/testing'
import { expect, test } from 'vitest'

import { JournalError } from '../errors.ts'
import type { RunInfo } from '../run-info.ts'
import { recordingCheckpointer } from '../testing/index.ts'
import type { Call, Checkpointer } from './checkpointer.ts'
import { Door } from './door.ts'

const stop = { cause: undefined, onStop: () => () => {} }

function call<T>(key: string, run: () => Promise<T>): Call<T> {
  return { key, kind: 'tool', replay: 'rerun', timeoutMs: 1_000, run }
}

async function openDoor(change: Partial<Checkpointer> = {}) {
  const checkpointer = await recordingCheckpointer().begin({ runId: 'r' } as RunInfo)
  return new Door(Object.assign(checkpointer!, change), true, stop, fakeClock())
}

test('a door refuses an effect that begins while another is under way, and is free again when that has settled', async () => {
  const door = await openDoor()
  const { promise: gate, resolve: open } = Promise.withResolvers<number>()
  const first = door.step(call('tool:a', () => gate))
  const second = door.step(call('tool:b', () => Promise.resolve(2)))
  await expect(second).rejects.toThrow('The door was asked for tool:b while tool:a is under way; use a batch')
  await expect(door.note([{ type: 'phase-end' }])).rejects.toThrow('while tool:a is under way')

  open(1)
  expect(await first).toEqual({ ok: true, value: 1 })
  expect(await door.step(call('tool:b', () => Promise.resolve(2)))).toEqual({ ok: true, value: 2 })
})

test('what a checkpointer throws is a JournalError of the storage, and its own JournalErrors stay what they are', async () => {
  const note = () => {
    throw new RangeError('disk full')
  }
  const full = (await openDoor({ note })).note([{ type: 'phase-end' }])
  await expect(full).rejects.toMatchObject({ code: 'storage', cause: { message: 'disk full' } })
  const lost = new JournalError('fenced', 'gone')
  const fenced = await openDoor({ note: () => Promise.reject(lost) })
  await expect(fenced.note([{ type: 'phase-end' }])).rejects.toBe(lost)
})

test('a door does not wait for ever for a checkpointer that hangs when its run has stopped', async () => {
  const clock = fakeClock()
  const checkpointer = await recordingCheckpointer().begin({ runId: 'r' } as RunInfo)
  Object.assign(checkpointer!, { note: () => new Promise(() => {}) })
  const door = new Door(checkpointer!, true, { cause: 'stopped', onStop: () => () => {} }, clock)
  const noted = door.note([{ type: 'phase-end' }]).catch((error: unknown) => error)
  await clock.advance(5_000)
  expect(await noted).toMatchObject({ code: 'storage', message: 'The journal failed at a note' })
  expect(clock.pending).toBe(0)
})
