import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { eventProgress } from './event-progress.ts'
import { eventsOf, planOf, recordedOutput } from './progress.test-kit.ts'

test('every event is one JSON line that names models, lenses and bundles and holds none of the change', async () => {
  const clock = fakeClock()
  const output = recordedOutput()
  const plan = planOf()
  const progress = eventProgress({ plan, output, clock })
  const events = eventsOf(plan)
  progress.note(events.plan())
  await clock.advance(250)
  progress.note(events.start('gpt tests b1'))
  progress.note(events.hole('gpt tests b1', 'failed', 'no\nanswer'))
  progress.note(events.ok('claude tests b1', 3))
  progress.note({ type: 'stopping', why: 'interrupted' })
  progress.note({ type: 'stopping', why: 'interrupted' })
  progress.note({ type: 'refute-start', clusters: 1 })
  progress.note({ type: 'refute-end', done: 1, total: 1, verdict: 'confirmed' })
  progress.logger.warn('the model rests', new Error('429'))
  progress.end()
  const lines = output.written.join('').split('\n')
  expect(lines.pop()).toBe('')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      type: 'plan',
      atMs: 0,
      cells: 4,
      files: 1,
      skipped: 2,
      models: ['claude', 'gpt'],
      lenses: ['security', 'tests'],
      bundles: ['b1'],
      isDemo: false,
    },
    { type: 'cell-start', atMs: 250, model: 'gpt', lens: 'tests', bundle: 'b1' },
    {
      type: 'cell-end',
      atMs: 250,
      model: 'gpt',
      lens: 'tests',
      bundle: 'b1',
      status: 'failed',
      reason: 'no\nanswer',
      elapsedMs: 0,
      done: 1,
      total: 4,
      totalCostUsd: { knownUsd: 0.5, hasUnknown: false },
    },
    {
      type: 'cell-end',
      atMs: 250,
      model: 'claude',
      lens: 'tests',
      bundle: 'b1',
      status: 'ok',
      findings: 3,
      refused: 0,
      elapsedMs: 1_500,
      costUsd: 0.01,
      done: 2,
      total: 4,
      totalCostUsd: { knownUsd: 0.5, hasUnknown: false },
    },
    { type: 'stopping', atMs: 250, why: 'interrupted' },
    { type: 'refute-start', atMs: 250, clusters: 1 },
    { type: 'refute-end', atMs: 250, done: 1, total: 1, verdict: 'confirmed' },
    { type: 'warning', atMs: 250, message: 'the model rests: 429' },
  ])
})
