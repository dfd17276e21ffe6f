import { getEventListeners } from 'node:events'

import { type FakeClock, fakeClock } from '@executus/llm/testing'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { RunEvent, RunEventName } from '../event.ts'
import type { Checkpointer, CheckpointerFactory } from '../journal/checkpointer.ts'
import type { ApprovalRequest } from '../permission/approvals.ts'
import type { Critic, WatchedRun } from '../ports/critic.ts'
import type { RunResult } from '../result.ts'
import { recordingCheckpointer, type RecordingCheckpointer } from '../testing/index.ts'
import { checkEvents, checkResult } from './legal-run.test-kit.ts'
import type { SteerReceipt } from './mailbox.ts'
import { decide, type Effect, randomHost, type RandomHost } from './random-host.test-kit.ts'
import { ANYTHING, type RandomScript, randomScript } from './random-script.test-kit.ts'
import type { RunHandle } from './run-handle.ts'

/** Enough to meet each kind of moment at each kind of event, in about two seconds. */
export const RUNS = 800

type Deed =
  | { readonly type: 'steer' | 'nudge' | 'abort' | 'abort-safe' | 'signal' | 'kill' | 'fence' | 'jam' | 'decide' }
  | { readonly type: 'extend'; readonly steps: number; readonly timeMs: number }
  | { readonly type: 'shutdown'; readonly graceMs: number }
  | { readonly type: 'skip'; readonly ms: number }

/** Something that is done to a run when it has told of so many events; 0 is before the first one. */
interface Moment {
  readonly at: number
  /** In the very event, or when all has reacted to it. */
  readonly isAtOnce: boolean
  readonly deed: Deed
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('steer', 'nudge', 'decide') }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('abort', 'abort-safe', 'signal', 'kill', 'fence', 'jam') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('extend'), steps: fc.nat(2), timeMs: fc.constantFrom(0, 5_000) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('shutdown'), graceMs: fc.constantFrom(0, 700) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('skip'), ms: fc.constantFrom(800, 3_000, 70_000) }) },
)

const moments: fc.Arbitrary<readonly Moment[]> = fc.array(fc.record({ at: fc.nat(14), isAtOnce: fc.boolean(), deed }), {
  maxLength: 4,
})

test('whatever is done to a run at whatever moment: it ends once, legally, and lets go of everything', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomScript(ANYTHING),
      fc.boolean(),
      fc.array(moments, { minLength: 1, maxLength: 3 }),
      async (script, isDurable, segments) => {
        const clock = fakeClock()
        const checkpointer = isDurable ? recordingCheckpointer({ now: () => clock.now() }) : undefined
        const journey: Journey = { effects: [], addedSteps: 0, words: 0 }
        let last: RunResult | undefined
        for (const each of segments) {
          last = await live(script, clock, checkpointer, each, last, journey)
          if (last.status !== 'suspended' && last.status !== 'interrupted') break
        }
        const once = journey.effects.filter(({ tool }) => tool === 'write' || tool === 'wipe').map(({ key }) => key)
        expect(once).toEqual([...new Set(once)])
      },
    ),
    { numRuns: RUNS },
  )
})

/** One process in which the run begins, or goes on, and all that must be true of it afterwards. */
async function live(
  script: RandomScript,
  clock: FakeClock,
  checkpointer: RecordingCheckpointer | undefined,
  todo: readonly Moment[],
  before: RunResult | undefined,
  journey: Journey,
): Promise<RunResult> {
  const lost = new AbortController()
  const jammed = new AbortController()
  const watched: WatchedRun[] = []
  const host = randomHost(script, clock, {
    ...(checkpointer && { checkpointer: faulty(checkpointer, lost.signal, jammed.signal) }),
    critic: criticOf(watched),
  })
  const controller = new AbortController()
  const { signal } = controller
  const waited = before?.status === 'suspended' ? before.approvals : []
  const handle =
    before === undefined
      ? host.executor.start(host.agent, host.input, { runId: 'r', signal, ...host.output })
      : host.executor.resume('r', {
          invocation: { signal, ...host.output },
          approvals: waited.map(decide),
        })
  const scene: Scene = {
    host,
    handle,
    controller,
    lost,
    jammed,
    watched,
    clock,
    receipts: [],
    late: new Set(tooLate(waited, clock)),
    skipMs: 0,
    journey,
  }
  const { events, result } = await untilEnd(scene, todo)
  const begun = host.effects.length
  // Where the journal hangs, runs below may still be giving it up.
  const timers = jammed.signal.aborted ? 0 : clock.pending
  for (const { answer } of host.asked.splice(0)) answer(true)
  host.wakeDeaf()
  await clock.advance(100_000)

  expect({
    effectsAfterTheEnd: host.effects.slice(begun),
    timers: timers + clock.pending,
    listeners: [...getEventListeners(signal, 'abort'), ...getEventListeners(lost.signal, 'abort')],
    faults: host.faults,
    allowedTooLate: host.effects.filter(({ key }) => scene.late.has(key)),
  }).toEqual({ effectsAfterTheEnd: [], timers: 0, listeners: [], faults: [], allowedTooLate: [] })
  checkEvents(events, result, jammed.signal.aborted)
  checkResult(script, result, journey.addedSteps)
  await checkMail(scene, result)
  journey.effects.push(...host.effects)
  return result
}

interface Scene {
  readonly host: RandomHost
  readonly handle: RunHandle
  readonly controller: AbortController
  readonly lost: AbortController
  readonly jammed: AbortController
  readonly watched: WatchedRun[]
  readonly clock: FakeClock
  readonly receipts: { readonly text: string; readonly receipt: Promise<SteerReceipt> }[]
  /** Keys of the calls that people allowed when it was too late. */
  readonly late: Set<string>
  readonly journey: Journey
  skipMs: number
}

/** What adds up over the processes of a run. */
interface Journey {
  readonly effects: Effect[]
  addedSteps: number
  words: number
}

const NAMES: readonly RunEventName[] = [
  'run-start',
  'phase-start',
  'phase-end',
  'step-start',
  'text-delta',
  'reasoning-delta',
  'attempt-discarded',
  'tool-call-start',
  'tool-call-end',
  'approval-request',
  'approval-decision',
  'compaction',
  'limits-raised',
  'child-event',
  'steer-delivered',
  'step-end',
  'run-end',
]

async function untilEnd(scene: Scene, todo: readonly Moment[]) {
  const { handle, clock, host, controller } = scene
  const events: RunEvent[] = []
  const waiting: Deed[] = []
  const ended: { result?: RunResult } = {}
  const due = () => {
    for (const { isAtOnce, deed: what } of todo.filter((each) => each.at === events.length))
      if (isAtOnce) act(scene, what)
      else waiting.push(what)
  }
  for (const name of NAMES)
    handle.on(name, (event) => {
      events.push(event)
      due()
    })
  const read = readAll(handle)
  void handle.result.then((result) => (ended.result = result))
  due()
  // What hangs is given up in its time; only people may take longer than all of the run's.
  for (let round = 0; ended.result === undefined && round < 60; round++) {
    await clock.advance(scene.skipMs + (round < 6 ? 0 : round * 200))
    scene.skipMs = 0
    for (const what of waiting.splice(0)) act(scene, what)
  }
  if (ended.result === undefined) {
    expect(host.asked.length).toBeGreaterThan(0)
    controller.abort()
    await clock.advance(10_000)
  }
  const { result } = ended
  if (result === undefined) throw new Error('The run has not ended')
  expect(await read).toEqual(events)
  return { events, result }
}

async function readAll(handle: RunHandle): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of handle.events()) events.push(event)
  return events
}

function act(scene: Scene, what: Deed): void {
  const { handle, host, controller, lost, jammed, watched, clock, receipts, late, journey } = scene
  const text = `word ${journey.words++}`
  if (what.type === 'steer') receipts.push({ text, receipt: handle.steer(text) })
  else if (what.type === 'nudge')
    receipts.push(...watched.slice(0, 1).map((run) => ({ text, receipt: run.nudge(text) })))
  else if (what.type === 'kill') watched[0]?.kill('enough')
  else if (what.type === 'abort') handle.abort('enough')
  else if (what.type === 'abort-safe') handle.abort(undefined, { at: 'safe-point' })
  else if (what.type === 'signal') controller.abort(new Error('gone'))
  else if (what.type === 'fence') lost.abort()
  else if (what.type === 'jam') jammed.abort()
  else if (what.type === 'shutdown') void host.executor.shutdown({ graceMs: what.graceMs })
  else if (what.type === 'skip') scene.skipMs += what.ms
  else if (what.type === 'extend')
    journey.addedSteps += handle.extend({ steps: what.steps, timeMs: what.timeMs }) ? what.steps : 0
  else
    for (const { requests, answer } of host.asked.splice(0)) {
      for (const key of tooLate(requests, clock)) late.add(key)
      answer(true)
    }
}

/** Keys of the calls that can no longer be allowed. */
function tooLate(requests: readonly ApprovalRequest[], clock: FakeClock): readonly string[] {
  return requests
    .filter(({ expiresAtMs }) => expiresAtMs <= clock.now())
    .map(({ runId, callId }) => `${runId}/tool:${callId}`)
}

function criticOf(watched: WatchedRun[]): Critic {
  return {
    watch(run) {
      watched.push(run)
      return { event: () => {}, close: () => {} }
    },
  }
}

/** The same, but that another process may claim its runs, and that its disk may hang. */
function faulty(factory: RecordingCheckpointer, lost: AbortSignal, jammed: AbortSignal): CheckpointerFactory {
  const wrap = (opened: Checkpointer): Checkpointer => ({
    ...opened,
    lost,
    note: (entries) => (jammed.aborted ? new Promise(() => {}) : opened.note(entries)),
  })
  return {
    begin: async (info) => wrap((await factory.begin(info))!),
    async reopen(runId) {
      const opened = await factory.reopen(runId)
      return opened && wrap(opened)
    },
  }
}

/** Each letter is answered, and the answer is true. */
async function checkMail({ receipts }: Scene, { messages, phases = [] }: RunResult): Promise<void> {
  const said = JSON.stringify([messages, phases])
  for (const { text, receipt } of receipts)
    expect({ text, delivered: (await receipt).delivered }).toEqual({ text, delivered: said.includes(`"${text}"`) })
}
