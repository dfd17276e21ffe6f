// Any runs in any order, that grow, end, die and go on, while windows pass and clocks jump: no window gets more than it may,
// and each token is counted once, also of runs that are forked.
import type { Reservation } from '@executus/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { bookOf, check, infoOf, NEW, NOON_MS, resumed, spent } from './budget.test-kit.ts'
import { memoryBudgetStore } from './memory-store.ts'

const LIMIT = 20
const EVERY_MS = 1_000
/** The fork of a run is so many further on. */
const RUNS = 4

/** What a run is in the model: what it took, whether it took a step, and what it holds as long as its process lives. */
interface ModelRun {
  readonly runId: string
  /** What the run took that it was forked from. */
  readonly inherited: number
  tokens: number
  hasBegun: boolean
  /** Whether it was written down. */
  isKept: boolean
  reservation: Reservation | undefined
}

type Command =
  | { readonly type: 'reserve' | 'step' | 'settle' | 'die' | 'fork'; readonly run: number; readonly estimate: number }
  | { readonly type: 'pass'; readonly ms: number }

const aCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom<'reserve' | 'step' | 'settle' | 'die' | 'fork'>(
        ...(['reserve', 'reserve', 'step', 'step', 'step', 'settle', 'die', 'fork'] as const),
      ),
      run: fc.nat({ max: 2 * RUNS - 1 }),
      estimate: fc.nat({ max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.integer({ min: -1_500, max: 1_500 }) }),
  },
)

test('no window gets more than it may, and each token and run is counted once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aCommand, { maxLength: 60 }), async (commands) => {
      const world = createWorld()
      for (const command of commands) {
        await world.do(command)
        for (const { used, reserved } of await world.counts()) {
          for (const amount of [used.tokens, used.runs, reserved.tokens, reserved.runs]) {
            expect(Number.isSafeInteger(amount)).toBe(true)
            expect(amount).toBeGreaterThanOrEqual(0)
          }
          expect(used.tokens + reserved.tokens).toBeLessThanOrEqual(LIMIT)
        }
      }
      await world.endAll()
      const counts = await world.counts()
      const total = (amountOf: (one: (typeof counts)[number]) => number) =>
        counts.reduce((sum, one) => sum + amountOf(one), 0)
      expect(total(({ reserved }) => reserved.tokens + reserved.runs)).toBe(0)
      expect(total(({ used }) => used.tokens)).toBe(
        world.runs.reduce((sum, { tokens, inherited }) => sum + tokens - inherited, 0),
      )
      expect(total(({ used }) => used.runs)).toBe(world.runs.filter(({ hasBegun }) => hasBegun).length)
    }),
    { numRuns: 250 },
  )
})

/** A run that begins, or a fork of one that has taken something. */
function runOf(runId: string, inherited?: number): ModelRun {
  const tokens = inherited ?? 0
  const isKept = inherited !== undefined
  return { runId, inherited: tokens, tokens, hasBegun: false, isKept, reservation: undefined }
}

function createWorld() {
  const store = memoryBudgetStore()
  let estimate = 0
  const { budget, clock } = bookOf({
    store,
    limits: [{ window: { everyMs: EVERY_MS }, tokens: LIMIT, runs: 1_000 }],
    estimateOf: () => ({ tokens: estimate, seconds: 0 }),
  })
  let nowMs = NOON_MS
  const known = new Map<number, ModelRun>()
  const starts = new Set<number>()
  const pass = async (ms: number) => {
    nowMs += ms
    await clock.advance(nowMs - clock.now())
  }

  const reserve = async (run: ModelRun) => {
    starts.add(Math.floor(nowMs / EVERY_MS) * EVERY_MS)
    const answer = await budget.reserve(infoOf(run.runId), run.isKept ? resumed(spent(run.tokens)) : NEW)
    run.reservation = answer.ok ? answer.reservation : undefined
    run.isKept ||= answer.ok
    return run.reservation
  }
  const step = async (run: ModelRun) => {
    if (run.reservation === undefined) return
    run.hasBegun = true
    if ((await check(run.reservation, spent(run.tokens))) === undefined) run.tokens += 1
  }
  const settle = async (run: ModelRun) => {
    await run.reservation?.settle(spent(run.tokens))
    run.reservation = undefined
  }
  return {
    get runs() {
      return [...known.values()]
    },
    counts: () =>
      store.count(
        [...starts].map((startMs) => ({
          account: 'caller:ann',
          window: `every@${EVERY_MS}`,
          startMs,
          endMs: startMs + EVERY_MS,
        })),
      ),
    async do(command: Command) {
      if (command.type === 'pass') return pass(command.ms)
      estimate = command.estimate
      const run: ModelRun = known.get(command.run) ?? runOf(`r${command.run}`)
      known.set(command.run, run)
      if (command.type === 'reserve' && run.reservation === undefined) return reserve(run)
      if (command.type === 'step') return step(run)
      if (command.type === 'settle') return settle(run)
      if (command.type === 'die') run.reservation = undefined
      const place = command.run + RUNS
      if (command.type === 'fork' && run.isKept && !known.has(place)) known.set(place, runOf(`r${place}`, run.tokens))
    },
    /** Takes all up again that died, each in a window of its own, and ends it. */
    async endAll() {
      for (const run of known.values()) {
        if (run.reservation === undefined) {
          await pass(10 * EVERY_MS)
          const again = await reserve(run)
          run.hasBegun = true
          await check(again!, spent(run.tokens))
        }
        await settle(run)
      }
    },
  }
}
