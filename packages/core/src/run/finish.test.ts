import { expect, test } from 'vitest'

import type { ExecutorOptions } from '../config.ts'
import type { Budget } from '../ports/budget.ts'
import type { Delivery } from '../ports/delivery.ts'
import { recordingCheckpointer, scriptedHost, type ScriptTurn } from '../testing/index.ts'

/** A delivery that keeps what it brings where. */
function recordingDelivery() {
  const delivered: unknown[] = []
  const keep =
    (what: string): Delivery['deliver'] =>
    (result, { target, idempotencyKey, signal }) => {
      delivered.push([what, result.output, target, idempotencyKey, signal.aborted])
      return Promise.resolve()
    }
  return { delivered, delivery: { deliver: keep('answer'), deliverError: keep('error') } }
}

const stalls: ScriptTurn = { stalls: true }

test.each<[string, readonly ScriptTurn[], ExecutorOptions, string, string]>([
  ['answers', [{ text: 'Hi.' }], {}, 'completed', 'answer'],
  ['fails', [], {}, 'failed', 'error'],
  ['times out', [stalls], { limits: { timeoutMs: 5 } }, 'failed', 'error'],
  [
    'is killed',
    [stalls],
    {
      critic: {
        watch: (run) => ({ event: ({ type }) => (type === 'step-start' ? run.kill('x') : undefined), close() {} }),
      },
    },
    'failed',
    'error',
  ],
])(
  'a run that %s is told to its target once, on a fresh signal, and its record is closed',
  async (_, turns, options, status, what) => {
    const checkpointer = recordingCheckpointer()
    const { delivery, delivered } = recordingDelivery()
    const { executor, clock } = scriptedHost(turns, { checkpointer, delivery, ...options })
    const run = executor.start({ name: 'a' }, 'go', { runId: 'r', deliverTo: { chat: 7 } })
    await clock.advance(5)
    const { output } = await run.result
    expect(delivered).toEqual([[what, output, { chat: 7 }, 'r/delivery', false]])
    expect(checkpointer.records.get('r')?.status).toBe(status)
    expect(clock.pending).toBe(0)
  },
)

test('a cancelled run records its end, and tells its target', async () => {
  const checkpointer = recordingCheckpointer()
  const { delivery, delivered } = recordingDelivery()
  const { executor, clock } = scriptedHost([stalls], { checkpointer, delivery })
  const run = executor.start({ name: 'a' }, 'go', { runId: 'r', deliverTo: 'ann' })
  await clock.advance(1)
  run.abort('enough')
  await run.result
  expect(delivered).toEqual([['error', '', 'ann', 'r/delivery', false]])
  expect(checkpointer.records.get('r')).toMatchObject({
    status: 'failed',
    outcome: { status: 'cancelled', stopReason: 'cancelled', error: 'The run was cancelled: enough' },
  })
})

test('a durable run that a shutdown interrupts is left, and tells nobody; one that keeps nothing tells its target', async () => {
  const checkpointer = recordingCheckpointer()
  const kept = recordingDelivery()
  const durable = scriptedHost([stalls], { checkpointer, delivery: kept.delivery })
  durable.executor.start({ name: 'a' }, 'go', { runId: 'r', deliverTo: 'ann' })
  await durable.clock.advance(1)
  await durable.executor.shutdown()
  expect(checkpointer.records.get('r')?.status).toBe('left')
  expect(kept.delivered).toEqual([])

  const lost = recordingDelivery()
  const light = scriptedHost([stalls], { delivery: lost.delivery })
  light.executor.start({ name: 'a' }, 'go', { deliverTo: 'ann' })
  await light.clock.advance(1)
  await light.executor.shutdown()
  expect(lost.delivered).toEqual([['error', '', 'ann', 'run-1/delivery', false]])
})

test('what a run took is settled before its record is closed: nobody takes it up again after that', async () => {
  const checkpointer = recordingCheckpointer()
  const statuses: unknown[] = []
  const settle = () => void statuses.push(checkpointer.records.get('r')?.status)
  const budget: Budget = { reserve: () => Promise.resolve({ ok: true, reservation: { settle } }) }
  const { executor } = scriptedHost([{ text: 'Hi.' }], { checkpointer, budget })
  expect(await executor.run({ name: 'a' }, 'go', { runId: 'r' })).toMatchObject({ status: 'ok', durable: true })
  expect(statuses).toEqual(['running'])
  expect(checkpointer.records.get('r')?.status).toBe('completed')
})

test('a run without a target delivers nothing', async () => {
  const { delivery, delivered } = recordingDelivery()
  await scriptedHost([{ text: 'Hi.' }], { delivery }).executor.run({ name: 'a' }, 'go')
  expect(delivered).toEqual([])
})

/** A run that has answered, and what another process delivers that goes on after so many of its entries. */
async function deliveredTwice(how: Pick<Delivery, 'replay'>) {
  const whole = recordingCheckpointer()
  const first = recordingDelivery()
  const delivery = { ...first.delivery, ...how }
  await scriptedHost([{ text: 'Hi.' }], { checkpointer: whole, delivery }).executor.run({ name: 'a' }, 'go', {
    runId: 'r',
    deliverTo: 'ann',
  })
  expect(first.delivered).toHaveLength(1)
  const { entries } = whole.records.get('r')!
  const intent = entries.findIndex((entry) => entry.type === 'intent' && entry.key === 'delivery')

  const resumed = async (count: number) => {
    const again = recordingDelivery()
    const after = whole.afterCrash(count)
    const options = { checkpointer: after, delivery: { ...again.delivery, ...how } }
    const { executor, logger } = scriptedHost([{ text: 'Hi.' }], options)
    expect(await executor.resume('r').result).toMatchObject({ status: 'ok', output: 'Hi.' })
    return { delivered: again.delivered.length, warnings: logger.lines.map(({ message }) => message) }
  }
  return { intent, resumed }
}

test('a delivery that is idempotent is made again where a crash interrupted it, and not where it was made', async () => {
  const { intent, resumed } = await deliveredTwice({ replay: 'idempotent' })
  expect(await resumed(intent)).toEqual({ delivered: 1, warnings: [] })
  expect(await resumed(intent + 1)).toEqual({ delivered: 1, warnings: [] })
  expect(await resumed(intent + 2)).toEqual({ delivered: 0, warnings: [] })
})

test('what was delivered, or may have been, is not delivered again after a crash', async () => {
  const { intent, resumed } = await deliveredTwice({})
  expect(await resumed(intent)).toEqual({ delivered: 1, warnings: [] })
  expect(await resumed(intent + 1)).toEqual({
    delivered: 0,
    warnings: ['the answer of run r may have been delivered before a crash, and is not sent again'],
  })
  expect(await resumed(intent + 2)).toEqual({ delivered: 0, warnings: [] })
})

const broken = () => expect.fail('broken')
const rejecting = () => Promise.reject(new Error('broken'))

test.each<[string, ExecutorOptions]>([
  ['its delivery throws', { delivery: { deliver: broken, deliverError: broken } }],
  ['its delivery rejects', { delivery: { deliver: rejecting, deliverError: rejecting } }],
  [
    'its budget cannot be settled',
    { budget: { reserve: () => Promise.resolve({ ok: true, reservation: { settle: broken } }) } },
  ],
  ['its place at the guard cannot be left', { dispatchGuard: { enter: () => ({ ok: true, leave: broken }) } }],
  ['its record cannot be closed', { checkpointer: closingBadly() }],
])('a run has its outcome although %s, which is logged', async (_, options) => {
  const { executor, logger } = scriptedHost([{ text: 'Hi.' }], options)
  const result = await executor.run({ name: 'a' }, 'go', { deliverTo: 'ann', requestKey: 'x' })
  expect(result).toMatchObject({ status: 'ok', stopReason: 'answered', output: 'Hi.' })
  expect(logger.lines).toMatchObject([{ level: 'error', details: { message: 'broken' } }])
})

function closingBadly() {
  const base = recordingCheckpointer()
  return {
    ...base,
    begin: async (info: Parameters<typeof base.begin>[0]) => ({ ...(await base.begin(info))!, complete: rejecting }),
  }
}

test('ports that never settle hold the end of a run for ten seconds each, and their signal says so', async () => {
  let signal: AbortSignal | undefined
  const { executor, clock, logger } = scriptedHost([{ text: 'Hi.' }], {
    delivery: {
      deliver: (_, context) => {
        ;({ signal } = context)
        return new Promise(() => {})
      },
      deliverError: broken,
    },
    budget: { reserve: () => Promise.resolve({ ok: true, reservation: { settle: () => new Promise(() => {}) } }) },
  })
  const run = executor.start({ name: 'a' }, 'go', { deliverTo: 'ann' })
  await clock.advance(20_000)
  expect(await run.result).toMatchObject({ status: 'ok', elapsedMs: 0 })
  expect(signal?.aborted).toBe(true)
  expect(logger.lines.map(({ message }) => message)).toContain('the delivery of run run-1 failed')
  expect(clock.pending).toBe(0)
})

test('what comes while a run ends changes nothing of its outcome', async () => {
  const { executor, clock } = scriptedHost([{ text: 'Hi.' }], {
    delivery: { deliver: () => new Promise((resolve) => clock.after(500, resolve)), deliverError: broken },
  })
  const run = executor.start({ name: 'a', limits: { timeoutMs: 100 } }, 'go', { deliverTo: 'ann' })
  await clock.advance(1)
  run.abort('too late')
  expect(run.extend({ steps: 1 })).toBe(false)
  expect(await run.steer('one more thing')).toEqual({ delivered: false })
  await clock.advance(500)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Hi.' })
})
