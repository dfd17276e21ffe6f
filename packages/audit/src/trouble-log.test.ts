import { expect, test } from 'vitest'

import { auditScene, call, eventsOf, infoOf } from './audit.test-kit.ts'

test('what was dropped in a burst is told when the store takes more a minute later, or when the audit closes', async () => {
  const { audit, clock, logger } = auditScene({ maxBuffered: 5, flushAfterMs: 10 })
  const recorder = audit.open(infoOf('r'), { isResumed: false })
  const calls = eventsOf('r', ...Array.from({ length: 11 }, (_, n) => call(String(n))))
  const told = () => logger.lines.map(({ message }) => message)
  for (const event of calls.slice(0, 10)) recorder.event(event)
  await clock.advance(60_000)
  expect(told()).toEqual(['the audit dropped 1 entries and failed to write 0 times'])
  recorder.event(calls[10]!)
  await clock.advance(10)
  expect(told()[1]).toBe('the audit dropped 4 entries and failed to write 0 times')
  await clock.advance(1_000)
  for (const event of calls.slice(0, 10)) recorder.event(event)
  expect(told()).toHaveLength(2)
  await audit.close()
  expect(told().slice(2)).toEqual(['the audit dropped 5 entries and failed to write 0 times'])
})
