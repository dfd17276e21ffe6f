import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { playProgram } from './play-program.test-kit.ts'
import { randomProgram } from './random-program.test-kit.ts'

/** Some thousands find no more; these take about a second. */
const RUNS = 300

test('whatever crashes, is shut down, approved or cancelled, and when: a run ends, and nothing is done that must not be', async () => {
  await fc.assert(
    fc.asyncProperty(randomProgram, async (program) => {
      const { problems, journals } = await playProgram(program)
      expect(problems.length === 0 ? 'all is well' : [...problems, journals].join('\n')).toBe('all is well')
    }),
    { numRuns: RUNS },
  )
}, 60_000)
