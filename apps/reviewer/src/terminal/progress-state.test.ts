import { expect, test } from 'vitest'

import { b1, b2, claude, security } from '../report/review.test-kit.ts'
import { tallyOf } from './progress-state.ts'
import { eventsOf, planOf, stateAfter } from './progress.test-kit.ts'

const plan = planOf({ members: [claude], lenses: [security], bundles: [b1, b2] })

test('a cell that runs is known from when on, until it has ended', () => {
  const events = eventsOf(plan)
  const begun = [
    [5, events.start('claude security b1')],
    [7, events.start('claude security b2')],
  ] as const
  expect(tallyOf(stateAfter(plan, begun), 'claude', 'security')).toEqual({
    total: 2,
    ok: 0,
    findings: 0,
    failed: 0,
    skipped: 0,
    running: new Map([
      ['b1', 5],
      ['b2', 7],
    ]),
  })
  const state = stateAfter(plan, [...begun, [9, events.ok('claude security b2', 4)]])
  expect(tallyOf(state, 'claude', 'security')).toMatchObject({ ok: 1, findings: 4, running: new Map([['b1', 5]]) })
  expect(state).toMatchObject({ done: 1, total: 2, findings: 4, costUsd: { knownUsd: 0.5 }, files: 2, bundles: 2 })
})

test('the reason of a cell that failed outlives that of one that was not begun', () => {
  const events = eventsOf(plan)
  const failed = events.hole('claude security b1', 'failed', '429')
  const skipped = events.hole('claude security b2', 'skipped', 'stopped')
  for (const order of [
    [failed, skipped],
    [skipped, failed],
  ])
    expect(
      tallyOf(
        stateAfter(
          plan,
          order.map((event) => [0, event] as const),
        ),
        'claude',
        'security',
      ),
    ).toMatchObject({ failed: 1, skipped: 1, reason: '429' })
})

test('verdicts are counted once refuting has begun', () => {
  const verdict = { type: 'refute-end', done: 1, total: 2, verdict: 'unverified' } as const
  expect(stateAfter(plan, [[0, verdict]]).refuting).toBeUndefined()
  expect(
    stateAfter(plan, [
      [0, { type: 'refute-start', clusters: 2 }],
      [0, verdict],
    ]).refuting,
  ).toEqual({
    done: 1,
    total: 2,
    confirmed: 0,
    refuted: 0,
    unverified: 1,
  })
})
