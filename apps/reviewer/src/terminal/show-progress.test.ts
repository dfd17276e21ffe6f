import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { eventsOf, planOf, recordedOutput } from './progress.test-kit.ts'
import { showProgress } from './show-progress.ts'

test.each([
  ['a person at a terminal sees a grid', {}, 'grid'],
  ['colours may be unwanted', { isPlain: true }, 'grid'],
  ['a build server gets lines', { isCi: true }, 'lines'],
  ['so does a terminal that can only write on', { isDumb: true }, 'lines'],
  ['and what is no terminal', { isTTY: false }, 'lines'],
  ['who asked for events gets them anywhere', { hasEvents: true, isCi: true }, 'events'],
])('%s', (_, given, expected) => {
  const { isTTY = true, ...options } = given as { isTTY?: boolean; isPlain?: boolean }
  const output = recordedOutput({ isTTY })
  const plan = planOf()
  const flags = { isCi: false, isPlain: false, isDumb: false, isUtf8: true, hasEvents: false, ...options }
  const progress = showProgress({ ...flags, plan, output, clock: fakeClock() })
  progress.note(eventsOf(plan).plan())
  progress.end()
  const written = output.written.join('')
  const kind = written.startsWith('{') ? 'events' : written.includes('\u001B[?25l') ? 'grid' : 'lines'
  expect(kind).toBe(expected)
  expect(written.includes('\u001B[1m')).toBe(expected === 'grid' && options.isPlain !== true)
})
