import { type FakeClock, fakeClock } from '@executus/llm/testing'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { RunResult } from '../result.ts'
import { recordingCheckpointer, type RecordingCheckpointer } from '../testing/index.ts'
import { faultsOf } from './legal-transcript.test-kit.ts'
import { decide, type Effect, randomHost, type RandomHost, RECONCILED } from './random-host.test-kit.ts'
import { type RandomScript, randomScript, REPLAYABLE } from './random-script.test-kit.ts'
import type { RunHandle } from './run-handle.ts'

/** Enough to meet each kind of entry at each place, in about two seconds in all. */
export const RUNS = 80

interface Played {
  readonly host: RandomHost
  readonly result: RunResult
  /** How often somebody spoke to the run, or gave it more. */
  readonly said: number
}

interface Talk {
  /** Steps after which something is said to the run, and those after which it is given another step. */
  readonly steerAfter: readonly number[]
  readonly extendAfter: readonly number[]
}

const SILENT: Talk = { steerAfter: [], extendAfter: [] }

const talk: fc.Arbitrary<Talk> = fc.record({
  steerAfter: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
  extendAfter: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 1 }),
})

/** Plays a script to its end, a run that waits for people included; or goes on with what a crash left. */
async function play(
  script: RandomScript,
  clock: FakeClock,
  checkpointer: RecordingCheckpointer | undefined,
  { steerAfter, extendAfter }: Talk,
  isResumed = false,
): Promise<Played> {
  const host = randomHost(script, clock, checkpointer && { checkpointer })
  let said = 0
  const listen = (handle: RunHandle) => {
    handle.on('step-end', ({ step }) => {
      if (steerAfter.includes(step)) void handle.steer(`also ${step}`)
      if (extendAfter.includes(step)) handle.extend({ steps: 1 })
      said += [...steerAfter, ...extendAfter].filter((one) => one === step).length
    })
    return handle
  }
  const resume = (approvals: RunResult) =>
    host.executor.resume('r', {
      invocation: host.output,
      approvals: approvals.status === 'suspended' ? approvals.approvals.map(decide) : [],
    })
  const first = isResumed
    ? host.executor.resume('r', { invocation: host.output })
    : host.executor.start(host.agent, host.input, { runId: 'r', ...host.output })
  let result = await untilEnd(listen(first), clock)
  for (let round = 0; round < 100 && result.status === 'suspended'; round++)
    result = await untilEnd(listen(resume(result)), clock)
  host.wakeDeaf()
  return { host, result, said }
}

async function untilEnd(handle: RunHandle, clock: FakeClock): Promise<RunResult> {
  let result: RunResult | undefined
  void handle.result.then((ended) => (result = ended))
  for (let round = 0; round < 200; round++) {
    await clock.advance(round < 2 ? 0 : 40_000)
    if (result !== undefined) return result
  }
  throw new Error('the run does not end')
}

/** What two plays of a script must agree upon. */
function comparable(result: RunResult): object {
  const { elapsedMs: _elapsedMs, durable: _durable, ...rest } = result
  return rest
}

/** Whether the model was told of a call that nobody may make again, so that it may have gone another way. */
function isInDoubt({ records }: RecordingCheckpointer): boolean {
  const kept = JSON.stringify([...records.values()].map(({ entries }) => entries))
  return kept.includes('outcome is unknown') || kept.includes(RECONCILED)
}

test('a run with a recorder comes to the same end as one without', async () => {
  await fc.assert(
    fc.asyncProperty(randomScript(REPLAYABLE), talk, async (given, said) => {
      const clock = fakeClock()
      // Without a record there is nothing that could wait for people.
      const script = given.asking === 'later' ? { ...given, asking: 'port' as const } : given
      const without = await play(script, clock, undefined, said)
      const recorded = await play(script, clock, recordingCheckpointer({ now: () => clock.now() }), said)
      expect(comparable(recorded.result)).toEqual(comparable(without.result))
      expect(keysOf(recorded.host)).toEqual(keysOf(without.host))
      expect(without.result.durable).toBe(false)
      expect(recorded.result.durable).toBe(true)
    }),
    { numRuns: RUNS },
  )
})

test('a run that is resumed after any entry of its journal comes to the same end, and does nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(randomScript(REPLAYABLE), fc.oneof(fc.constant(SILENT), talk), async (script, said) => {
      const clock = fakeClock()
      const whole = recordingCheckpointer({ now: () => clock.now() })
      const { result, host, said: spoken } = await play(script, clock, whole, said)
      expect(host.faults).toEqual([])
      expect(doneWrongly(summaryOf(recordingCheckpointer()), host)).toEqual(NOTHING_WRONG)
      for (let count = 0; count < whole.length; count++) {
        const after = whole.afterCrash(count)
        const before = summaryOf(after)
        const resumed = await play(script, clock, after, SILENT, true)
        const name = `after ${count} of ${whole.length} entries`
        const faults = [...resumed.host.faults, ...faultsOf(resumed.result.messages)]
        expect({ name, faults, ...doneWrongly(before, resumed.host) }).toEqual({ name, faults: [], ...NOTHING_WRONG })
        const mustBeSame = before.said === spoken && !isInDoubt(after)
        const expected = mustBeSame ? result : resumed.result
        expect({ name, ...comparable(resumed.result) }).toEqual({ name, ...comparable(expected) })
      }
    }),
    { numRuns: RUNS },
  )
})

test('a run whose journal fails at any write ends as interrupted, does nothing more, and can be resumed to the same end', async () => {
  await fc.assert(
    fc.asyncProperty(randomScript(REPLAYABLE), fc.nat(), fc.boolean(), async (script, pick, isForGood) => {
      const clock = fakeClock()
      const whole = recordingCheckpointer({ now: () => clock.now() })
      const { result } = await play(script, clock, whole, SILENT)
      if (whole.length === 0) return
      const failAt = pick % whole.length
      let writes = 0
      let isBroken = true
      const failing = recordingCheckpointer({
        now: () => clock.now(),
        onWrite() {
          const isNow = isForGood ? writes >= failAt : writes === failAt
          writes += 1
          if (isBroken && isNow) throw new Error('disk full')
        },
      })
      const stopped = await play(script, clock, failing, SILENT)
      expect(writes).toBeGreaterThan(failAt)
      expect(stopped.result).toMatchObject({ status: 'interrupted', stopReason: 'storage' })
      const effectsAtFailure = stopped.host.effects.length
      isBroken = false
      const before = summaryOf(failing)
      const resumed = await play(script, clock, failing, SILENT, true)
      expect(stopped.host.effects.length).toBe(effectsAtFailure)
      expect(doneWrongly(before, resumed.host)).toEqual(NOTHING_WRONG)
      const expected = isInDoubt(failing) ? resumed.result : result
      expect(comparable(resumed.result)).toEqual(comparable(expected))
    }),
    { numRuns: RUNS },
  )
})

interface Kept {
  readonly results: ReadonlySet<string>
  readonly intents: ReadonlySet<string>
  /** What was said to the run, and is kept. */
  readonly said: number
}

function summaryOf({ records }: RecordingCheckpointer): Kept {
  const all = [...records].flatMap(([runId, { entries }]) => entries.map((entry) => ({ runId, entry })))
  const keptKeys = (type: 'intent' | 'result') =>
    new Set(all.flatMap(({ runId, entry }) => (entry.type === type ? [`${runId}/${entry.key}`] : [])))
  const said = all.filter(
    ({ entry }) => entry.type === 'limits' || (entry.type === 'message' && entry.from === 'mail'),
  ).length
  return { results: keptKeys('result'), intents: keptKeys('intent'), said }
}

/** Sorted: calls of one step are side by side, and a recorder may take its time with each. */
function keysOf({ effects }: RandomHost): readonly string[] {
  return effects.map(({ key }) => key).toSorted()
}

/** What must not be done after a crash: a thing whose result is kept, a thing twice, and one of class `once` that had begun. */
function doneWrongly({ results, intents }: Kept, host: RandomHost): typeof NOTHING_WRONG {
  const { effects } = host
  const keys = keysOf(host)
  return {
    again: effects.filter(({ key }) => results.has(key)),
    twice: keys.filter((key, index) => keys[index + 1] === key),
    inDoubt: effects.filter(({ key, tool }) => (tool === 'write' || tool === 'wipe') && intents.has(key)),
  }
}

const NOTHING_WRONG: {
  readonly again: readonly Effect[]
  readonly twice: readonly string[]
  readonly inDoubt: readonly Effect[]
} = { again: [], twice: [], inDoubt: [] }
