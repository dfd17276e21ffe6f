import { expect, test } from 'vitest'

import { memoryDispatchGuard } from './dispatch-guard.ts'

test('one request is let in once, and told which run has it', async () => {
  const guard = memoryDispatchGuard()
  expect(await guard.enter('message-1', 'run-1')).toMatchObject({ ok: true })
  expect(await guard.enter('message-1', 'run-2')).toEqual({ ok: false, runningId: 'run-1' })
  expect(await guard.enter('message-2', 'run-3')).toMatchObject({ ok: true })
})

test('who has left lets the next one in, and cannot turn that one out', async () => {
  const guard = memoryDispatchGuard()
  const first = await guard.enter('message-1', 'run-1')
  if (first.ok) first.leave()
  expect(await guard.enter('message-1', 'run-2')).toMatchObject({ ok: true })
  if (first.ok) first.leave()
  expect(await guard.enter('message-1', 'run-3')).toEqual({ ok: false, runningId: 'run-2' })
})
