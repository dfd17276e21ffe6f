import { StoreError } from '@executus/core/store-error'
import { expect, test } from 'vitest'

import { createCheckpoints } from './checkpoints.ts'
import { memoryJournalStore } from './memory-store.ts'
import { agent, pureHost, task, turnOf } from './pure-host.test-kit.ts'

/** A run that delegates once, on a store that cannot close the record of `runId` the first time. */
function host(runId: string) {
  const store = memoryJournalStore()
  const settle = store.settle.bind(store)
  let isFull = true
  store.settle = (claim, outcome) => {
    if (claim.runId !== runId || !isFull) return settle(claim, outcome)
    isFull = false
    return Promise.reject(new StoreError('full', 'no room'))
  }
  const checkpoints = createCheckpoints(store)
  const { executor } = pureHost({ checkpointer: checkpoints, effect: () => {} }, ({ system, messages }) =>
    system === 'child' ? { text: 'helped' } : turnOf(messages) === 0 ? { calls: [task] } : { text: 'done' },
  )
  return { executor, checkpoints }
}

test('what a delegated run has come to is kept, though its record could not be closed at first', async () => {
  const { executor, checkpoints } = host('r/c0')
  expect(await executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ status: 'ok', output: 'done' })
  expect(await checkpoints.find('r/c0')).toMatchObject({
    status: 'settled',
    outcome: { status: 'ok', output: 'helped' },
  })
})

test('a run whose record could not be closed is not gone on with: it is closed when it is looked for next', async () => {
  const { executor, checkpoints } = host('r')
  expect(await executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ status: 'ok', output: 'done' })
  expect(await checkpoints.find('r')).toMatchObject({ status: 'running' })
  expect((await checkpoints.list({ limit: 9, claimableOnly: true })).runs).toEqual([])
  expect(await checkpoints.find('r')).toMatchObject({ status: 'settled', outcome: { status: 'ok', output: 'done' } })
})
