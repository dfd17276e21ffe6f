import { expect } from 'vitest'

import type { RunEvent } from '../event.ts'
import type { RunResult } from '../result.ts'
import { faultsOf } from './legal-transcript.test-kit.ts'
import type { RandomScript } from './random-script.test-kit.ts'

/** What must be true of all events of a run that has ended. `isJammed`: its journal hung, so it could not wait for all. */
export function checkEvents(events: readonly RunEvent[], result: RunResult, isJammed: boolean): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1))
  expect(events.filter(({ type }) => type === 'run-end')).toEqual([events.at(-1)])
  expect(events.at(-1)).toMatchObject({ type: 'run-end', result })
  const open = new Set<string>()
  const left = new Set<string>()
  for (const event of events)
    if (event.type === 'tool-call-start') {
      expect(open.has(event.callId) && !left.delete(event.callId), `${event.callId} begins twice`).toBe(false)
      open.add(event.callId)
    } else if (event.type === 'tool-call-end') {
      expect(open.delete(event.callId), `${event.callId} ends and has not begun`).toBe(true)
      left.delete(event.callId)
    } else if (event.type === 'child-event' && isSuspension(event.event)) {
      left.add(event.callId)
    }
  if (!isJammed)
    expect([...open].toSorted(), 'calls without an end').toEqual(
      result.status === 'suspended' ? [...left].toSorted() : [],
    )
}

function isSuspension(event: RunEvent): boolean {
  return event.type === 'run-end' && event.result.status === 'suspended'
}

/** What must be true of any result. `added`: the steps that the run was given beyond its limits. */
export function checkResult(script: RandomScript, result: RunResult, added: number): void {
  const { status, stopReason, messages, phases = [], steps, usage, elapsedMs, output } = result
  const isUnopened = status === 'rejected' || messages.length === 0
  if (!isUnopened) expect(faultsOf(messages)).toEqual([])
  for (const phase of phases) expect(faultsOf(phase.messages)).toEqual([])
  expect(stopReason).not.toBe('fault')
  expect(stopReason).not.toBe('port')
  if (status !== 'ok') expect(result.error).toBeInstanceOf(Error)
  expect(typeof output).toBe('string')
  for (const [name, count] of Object.entries({ ...usage, isEstimated: 0, elapsedMs, steps }))
    expect(Number.isFinite(count) && count >= 0, `${name} is ${count}`).toBe(true)
  const ceiling = (script.limits.maxSteps! + added) * Math.max(1, script.phases)
  expect(steps).toBeLessThanOrEqual(ceiling)
  if (status === 'ok' && script.output !== 'none') expect(result.object).toEqual({ a: expect.any(Number) as number })
}
