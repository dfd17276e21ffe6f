import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { liveProgress } from './live-progress.ts'
import { eventsOf, planOf, recordedOutput } from './progress.test-kit.ts'
import { virtualScreen } from './virtual-screen.test-kit.ts'

function live(size: { readonly columns?: number; readonly rows?: number } = {}) {
  const clock = fakeClock()
  const output = recordedOutput(size)
  const plan = planOf()
  const hooks = new Set<() => void>()
  const onExit = (restore: () => void) => {
    hooks.add(restore)
    return () => void hooks.delete(restore)
  }
  const progress = liveProgress({ plan, output, clock, hasColor: false, isUtf8: true, onExit })
  const shown = () => virtualScreen(output.written.join(''))
  return { clock, output, progress, hooks, shown, events: eventsOf(plan) }
}

test('a grid is drawn over in place, and stays with what came of it', async () => {
  const { clock, progress, shown, events } = live()
  expect(shown().lines[2]).toBe('  claude  ·              ·')
  progress.note(events.start('claude security b1'))
  await clock.advance(100)
  progress.note(events.ok('claude security b1', 2))
  await clock.advance(2_400)
  expect(shown().lines).toEqual([
    'reviewing 1 file · 1 bundle · 2 models × 2 lenses   $0.50  0:02',
    '          security       tests',
    '  claude  ✔ 2            ·',
    '  gpt     ·              ·',
    '  1 of 4 cells · 2 findings · ^C ends early',
  ])
  progress.end()
  expect(shown().lines.at(-1)).toBe('  1 of 4 cells · 2 findings')
  expect(shown().lines).toHaveLength(5)
})

test('it is drawn at most ten times a second, and once a second when nothing happens', async () => {
  const { clock, output, progress, events } = live()
  for (let time = 0; time < 1_000; time += 1) {
    progress.note(events.start('claude security b1'))
    await clock.advance(1)
  }
  expect(output.written.length).toBeGreaterThan(8)
  expect(output.written.length).toBeLessThanOrEqual(11)
  await clock.advance(100)
  const before = output.written.length
  await clock.advance(5_000)
  expect(output.written.length - before).toBe(5)
})

test('the cursor is hidden once and given back at the end, after which nothing is written', async () => {
  const { clock, output, progress, hooks, shown, events } = live()
  expect(shown().isCursorShown).toBe(false)
  progress.note(events.start('claude security b1'))
  progress.end()
  expect(shown()).toMatchObject({ isCursorShown: true, isWrapping: true })
  const written = output.written.length
  progress.end()
  progress.note(events.start('gpt tests b1'))
  await clock.advance(10_000)
  expect(output.written).toHaveLength(written)
  expect(hooks.size).toBe(0)
})

test('when the process ends without an end, the cursor is given back too', async () => {
  const { clock, output, progress, hooks, shown } = live()
  for (const restore of hooks) restore()
  expect(shown().isCursorShown).toBe(true)
  const written = output.written.length
  await clock.advance(5_000)
  progress.end()
  expect(output.written).toHaveLength(written)
})

test('a warning stands above the grid, which is whole below it, and cannot steer the terminal', () => {
  const { progress, shown } = live()
  progress.logger.warn('the model gpt\u001B[2J rests', new Error('429\u202E'))
  progress.logger.error('lost')
  expect(shown().lines.slice(0, 4)).toEqual([
    'executus: warning: the model gpt rests: 429',
    'executus: error: lost',
    'reviewing 1 file · 1 bundle · 2 models × 2 lenses   $0.00  0:00',
    '          security       tests',
  ])
  expect(shown().lines).toHaveLength(7)
})

test('a warning after the end draws no grid', () => {
  const { progress, shown } = live()
  progress.end()
  progress.logger.warn('late')
  expect(shown().lines.slice(5)).toEqual(['', 'executus: warning: late'])
})

test('a terminal that became narrower is drawn over from where the first line now begins', async () => {
  const { clock, output, shown } = live({ columns: 80 })
  output.columns = 40
  output.written.length = 0
  await clock.advance(1_000)
  // The head and the foot are two rows of 40 columns now, the others one each.
  expect(output.written[0]).toContain('\r\u001B[7A')
  expect(shown().lines.every((line) => line.length <= 40)).toBe(true)
})
