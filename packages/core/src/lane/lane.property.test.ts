import assert from 'node:assert/strict'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { FairQueue } from './fair-queue.ts'
import { createLane } from './lane.ts'
import type { Lease } from './lease.ts'

const settle = () => new Promise(setImmediate)

const KEYS = ['a', 'b', 'c'] as const
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('acquire'), key: fc.constantFrom(...KEYS) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('release'), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('abort'), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('yield'), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('return'), pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('settle') }) },
)

test('whatever is acquired, released, aborted and yielded: never too many run, no slot idles while one waits, all settle', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(action, { maxLength: 60 }),
      async (concurrency, program) => {
        const lane = createLane({ concurrency, maxQueued: 8, weights: { b: 2 } })
        const leases: Lease[] = []
        const away: (() => void)[] = []
        const controllers: AbortController[] = []
        const requests: Promise<unknown>[] = []
        const acquire = async (key: string, signal: AbortSignal) => {
          const lease = await lane.acquire(key, { signal }).catch(() => undefined)
          if (lease !== undefined) leases.push(lease)
        }
        const act = async (step: (typeof program)[number]) => {
          if ('key' in step) {
            const controller = new AbortController()
            controllers.push(controller)
            requests.push(acquire(step.key, controller.signal))
          } else if ('pick' in step && step.type === 'release') {
            leases.splice(step.pick % (leases.length + 1), 1)[0]?.release()
          } else if ('pick' in step && step.type === 'abort') {
            controllers.splice(step.pick % (controllers.length + 1), 1)[0]?.abort()
          } else if ('pick' in step && step.type === 'yield') {
            const work = Promise.withResolvers<undefined>()
            const lease = leases[step.pick % (leases.length + 1)]
            if (lease !== undefined) {
              away.push(() => work.resolve(undefined))
              requests.push(lease.yieldWhile(work.promise))
            }
          } else if ('pick' in step) {
            away.splice(step.pick % (away.length + 1), 1)[0]?.()
          } else {
            await settle()
          }
        }
        for (const step of program) {
          await act(step)
          const { running, queued, keys } = lane.stats
          expect(running).toBeLessThanOrEqual(concurrency)
          expect(queued).toBeLessThanOrEqual(8)
          expect(queued === 0 || running === concurrency).toBe(true)
          expect(Object.values(keys).reduce((total, each) => total + each.running, 0)).toBe(running)
          expect(Object.values(keys).reduce((total, each) => total + each.queued, 0)).toBe(queued)
        }
        // What is under way ends; then everyone must have been served.
        const drained = lane.drain()
        for (const resolve of away) resolve()
        for (let round = 0; round <= program.length; round += 1) {
          for (const lease of leases.splice(0)) lease.release()
          await settle()
        }
        await Promise.all(requests)
        await drained
        expect(lane.stats).toEqual({ running: 0, queued: 0, keys: {} })
      },
    ),
    { numRuns: 150 },
  )
})

const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: fc.constantFrom(...KEYS) }) },
  { weight: 3, arbitrary: fc.constant({ take: true }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat() }) },
)

test('whatever joins and leaves: keys are first in first out, and nobody is passed by more than its share', () => {
  const weights = { a: 1, b: 2, c: 5 }
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (program) => {
      const queue = new FairQueue<Job>((key) => weights[key as keyof typeof weights])
      let waiting: Job[] = []
      for (const step of program) {
        if ('add' in step) {
          const job: Job = { key: step.add, passes: { a: 0, b: 0, c: 0 }, leave: () => {} }
          job.leave = queue.add(step.add, job)
          waiting.push(job)
        } else if ('take' in step) {
          const { first } = queue
          const taken = queue.take()
          assert.equal(taken, first)
          assert.equal(taken === undefined, waiting.length === 0)
          if (taken === undefined) continue
          assert.equal(
            waiting.find(({ key }) => key === taken.key),
            taken,
          )
          waiting = waiting.filter((job) => job !== taken)
          for (const key of KEYS) {
            const head = waiting.find((job) => job.key === key)
            if (head === undefined || key === taken.key) continue
            head.passes[taken.key] += 1
            assert.ok(head.passes[taken.key] <= weights[taken.key])
          }
        } else {
          const [job] = waiting.splice(step.remove % (waiting.length + 1), 1)
          job?.leave()
          job?.leave()
          // A new head of its key starts where the old one stood.
          const next = waiting.find(({ key }) => key === job?.key)
          if (job !== undefined && next !== undefined) next.passes = addPasses(next.passes, job.passes)
        }
        expect(queue.size).toBe(waiting.length)
        for (const key of KEYS) expect(queue.sizeOf(key)).toBe(waiting.filter((job) => job.key === key).length)
      }
    }),
  )
})

interface Job {
  readonly key: keyof Passes
  passes: Passes
  leave: () => void
}

/** How often each key was served while a job was the first of its own. */
type Passes = Record<(typeof KEYS)[number], number>

function addPasses(a: Passes, b: Passes): Passes {
  return { a: a.a + b.a, b: a.b + b.b, c: a.c + b.c }
}
