import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { lineProgress } from './line-progress.ts'
import { eventsOf, planOf, recordedOutput } from './progress.test-kit.ts'

function lines(isDemo = false) {
  const clock = fakeClock()
  const output = recordedOutput({ isTTY: false })
  const plan = planOf({ isDemo })
  const progress = lineProgress({ plan, output, clock })
  return { clock, progress, events: eventsOf(plan), said: () => output.written.join('').split('\n').slice(0, -1) }
}

test('a log has a line for each cell that is done, with the reason of each that failed', async () => {
  const { clock, progress, events, said } = lines()
  progress.note(events.plan())
  progress.note(events.start('claude security b1'))
  progress.note(events.ok('claude security b1', 1))
  progress.note(events.hole('gpt security b1', 'failed', '429 \u001B[31mtoo many\nrequests'))
  progress.note(events.hole('claude tests b1', 'skipped', 'the review was stopped before'))
  progress.note(events.hole('gpt tests b1', 'timeout', 'no answer in 300 s'))
  progress.note({ type: 'refute-start', clusters: 2 })
  progress.note({ type: 'refute-end', done: 1, total: 2, verdict: 'refuted' })
  progress.note({ type: 'refute-end', done: 2, total: 2, verdict: 'unverified' })
  progress.logger.warn('the model rests')
  await clock.advance(12_300)
  progress.end()
  expect(said()).toEqual([
    'executus-review: 1 file (2 not reviewed), 4 cells (2 models x 2 lenses x 1 bundle)',
    'executus-review: [1/4] ok claude x security b1: 1 finding (1.5 s)',
    'executus-review: [2/4] FAILED gpt x security b1: 429 too many requests (0.0 s)',
    'executus-review: [3/4] SKIPPED claude x tests b1: the review was stopped before',
    'executus-review: [4/4] TIMEOUT gpt x tests b1: no answer in 300 s (0.0 s)',
    'executus-review: trying to refute 2 findings',
    'executus-review: 0 confirmed, 1 refuted, 1 not verified',
    'executus: warning: the model rests',
    'executus-review: ended after 12.3 s, $0.50',
  ])
})

test('when nothing was said for half a minute, a line says that it lives', async () => {
  const { clock, progress, events, said } = lines(true)
  progress.note(events.plan())
  progress.note(events.start('gpt tests b1'))
  await clock.advance(29_999)
  expect(said()).toHaveLength(1)
  await clock.advance(30_001)
  expect(said().slice(1)).toEqual([
    'executus-review: still at work: 0 of 4 cells done, 1 running, 30.0 s',
    'executus-review: still at work: 0 of 4 cells done, 1 running, 1 min 0 s',
  ])
  progress.note({ type: 'refute-start', clusters: 3 })
  await clock.advance(30_000)
  expect(said().at(-1)).toBe('executus-review: still at work: 0 of 3 findings looked at again, 1 min 30 s')
  progress.end()
  progress.end()
  await clock.advance(100_000)
  expect(said().at(-1)).toBe('executus-review: ended after 1 min 30 s')
})

test('a stop is told once, when it is asked for and not again when it takes effect', () => {
  const { progress, said } = lines()
  progress.note({ type: 'stopping', why: 'interrupted' })
  progress.note({ type: 'stopping', why: 'interrupted' })
  expect(said()).toEqual(['executus-review: stopping: what runs is finished first, a second Ctrl-C ends now'])
})
