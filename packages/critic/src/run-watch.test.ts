import type { RunEventBody } from '@executus/core'
import { type FakeClock, fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import type { CriticOptions } from './critic-options.ts'
import { type FakeRun, fakeRun, NEW, scriptedEscalator } from './critic.test-kit.ts'
import { createCritic } from './critic.ts'
import type { Escalator } from './escalator.ts'

const silent: RunEventBody = {
  type: 'step-end',
  step: 1,
  message: { role: 'assistant', content: [] },
  stopReason: 'paused',
}

function watched(options: CriticOptions, run?: (clock: FakeClock) => FakeRun) {
  const clock = fakeClock()
  const fake = run?.(clock) ?? fakeRun(clock)
  const watch = createCritic({ clock, ...options }).watch(fake, NEW)
  const tell = (...bodies: readonly RunEventBody[]) => {
    for (const body of bodies) watch.event(fake.event(body))
  }
  return { clock, run: fake, watch, tell }
}

/** Answers `value` after `ms`. */
function slow(ms: number, value: object, clock: () => FakeClock): Escalator & { asked: number } {
  return {
    asked: 0,
    decide() {
      this.asked += 1
      return new Promise((resolve) => void clock().after(ms, () => resolve(value as never)))
    },
  }
}

test('nothing is asked or done after a kill, not even about what the kill itself brings about', async () => {
  const escalator = scriptedEscalator({ action: 'kill', reason: 'one' }, { action: 'kill', reason: 'two' })
  const kills: string[] = []
  const { clock, tell } = watched({ escalator, patterns: { monologue: 2 } }, (time) => ({
    ...fakeRun(time),
    kill(reason) {
      kills.push(reason)
      tell(silent, silent, silent, silent)
    },
  }))
  await clock.advance(90_000)
  tell(silent, silent, silent, silent)
  await clock.advance(900_000)
  expect(kills).toEqual(['one'])
  expect(escalator.wakes).toHaveLength(1)
  expect(clock.pending).toBe(0)
})

test('a run that has told its end is not watched any more', () => {
  const { clock, tell } = watched({})
  tell({ type: 'run-end', result: {} as never })
  expect(clock.pending).toBe(0)
})

test('one question is asked at a time', async () => {
  const escalator = slow(20_000, { action: 'wait' }, () => host.clock)
  const host = watched({ escalator, patterns: { monologue: 2 } })
  await host.clock.advance(90_000)
  host.tell(silent, silent, silent, silent)
  expect(escalator.asked).toBe(1)
})

test('a verdict on a pattern holds though the run goes on', async () => {
  const escalator = slow(20_000, { action: 'nudge', text: 'Do something.' }, () => host.clock)
  const host = watched({ escalator, patterns: { monologue: 2 } })
  host.tell(silent, silent, { type: 'step-start', step: 3 })
  await host.clock.advance(20_000)
  expect(host.run.done).toEqual(['nudge Do something.'])
})

test('a verdict does not take back that a model is asked again in a while', async () => {
  const escalator = slow(20_000, { action: 'wait' }, () => host.clock)
  const host = watched({ escalator })
  await host.clock.advance(100_000)
  const error = new Error('busy')
  host.tell({ type: 'attempt-discarded', step: 1, model: 'm', error, nextModel: 'm', waitMs: 500_000 })
  await host.clock.advance(589_999)
  expect(escalator.asked).toBe(1)
  await host.clock.advance(1)
  expect(escalator.asked).toBe(2)
})

test('an extension of steps gives no time, one of nothing gives another window', async () => {
  const escalator = scriptedEscalator({ action: 'extend', steps: 2 }, { action: 'extend' })
  const { clock, run } = watched({ escalator })
  await clock.advance(180_000)
  expect(run.done).toEqual(['extend 2 0', 'extend 0 90000'])
})

test('an extension gives ten minutes and twenty steps at most', async () => {
  const escalator = scriptedEscalator({ action: 'extend', steps: 21, timeMs: 600_001 })
  const { clock, run } = watched({ escalator })
  await clock.advance(90_000)
  expect(run.done).toEqual(['extend 20 600000'])
})

test('an extension is never endless, whatever the options are', () => {
  const escalator = scriptedEscalator({ action: 'extend' })
  const forever = Number.POSITIVE_INFINITY
  const options = { escalator, idleMs: forever, maxExtension: { timeMs: forever }, patterns: { monologue: 2 } }
  const { run, tell } = watched(options)
  tell(silent, silent)
  expect(run.done).toEqual([`extend 0 ${Number.MAX_SAFE_INTEGER}`])
})

test('an extension’s word counts as a nudge, and goes unsaid when there have been enough', async () => {
  const escalator = scriptedEscalator({ action: 'nudge', text: 'One.' }, { action: 'extend', steps: 1, text: 'Two.' })
  const lines: string[] = []
  const logger = { warn: (message: string) => void lines.push(message), error() {} }
  const { clock, run } = watched({ escalator, maxNudges: 1, logger })
  await clock.advance(180_000)
  expect(run.done).toEqual(['nudge One.', 'extend 1 0'])
  expect(lines).toEqual(['run r was not nudged again: 1 times is the most'])
})

const start = { type: 'step-start', step: 1 } as const
const ask = { type: 'approval-request', step: 1, requests: [] } as const
const call = { type: 'tool-call-start', step: 1, callId: 'c', tool: 't', argumentsText: '' } as const
const result = { type: 'tool-result', callId: 'c', name: 't', content: [], isError: false } as const
const end = { type: 'tool-call-end', step: 1, callId: 'c', tool: 't', result, elapsedMs: 1 } as const

test.each<[string, readonly RunEventBody[], 'model' | 'tools' | 'other', readonly string[]]>([
  ['before its first step', [], 'other', []],
  ['while a model is asked', [start], 'model', []],
  ['while tools are at work', [start, call, { ...call, callId: 'd', tool: 'u' }], 'tools', ['t', 'u']],
  ['while one of two tools is at work', [start, call, { ...call, callId: 'd', tool: 'u' }, end], 'tools', ['u']],
  ['after its tools', [start, call, end], 'other', []],
  ['after people were asked', [start, ask], 'other', []],
  ['between two steps', [start, silent], 'other', []],
])('a run that falls silent %s is told as such', async (_, bodies, during, tools) => {
  const escalator = scriptedEscalator()
  const { clock, tell } = watched({ escalator })
  tell(...bodies)
  await clock.advance(90_000)
  expect(escalator.wakes[0]!.cause).toMatchObject({ during, tools: tools.map((tool) => ({ tool, forMs: 90_000 })) })
})

test('of two watches of one run, the newer one knows of the runs below it', async () => {
  const clock = fakeClock()
  const escalator = scriptedEscalator()
  const critic = createCritic({ clock, escalator })
  const older = critic.watch(fakeRun(clock), NEW)
  critic.watch(fakeRun(clock), NEW)
  older.close()
  critic.watch(fakeRun(clock, { runId: 'r/c', parentRunId: 'r' }), NEW)
  await clock.advance(90_000)
  expect(escalator.wakes.map(({ info }) => info.runId)).toEqual(['r/c'])
})

test.each([
  ['was resumed', true, 1],
  ['begins', false, 0],
])('a run that %s with more time than its limits say was extended before: %s', async (_, isResumed, extensions) => {
  const clock = fakeClock()
  const escalator = scriptedEscalator()
  createCritic({ clock, escalator }).watch(fakeRun(clock, { timeoutMs: 700_000 }), { isResumed })
  await clock.advance(90_000)
  expect(escalator.wakes).toMatchObject([{ extensions }])
})

test('a run that waits for people is not silent though no event says so, and has a whole window afterwards', async () => {
  const escalator = scriptedEscalator()
  const { clock, run } = watched({ escalator })
  run.pause()
  await clock.advance(900_000)
  run.resume()
  await clock.advance(89_999)
  expect(escalator.wakes).toEqual([])
  await clock.advance(1)
  expect(escalator.wakes).toHaveLength(1)
})
