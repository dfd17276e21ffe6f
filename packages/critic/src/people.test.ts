// Nobody is silent who waits for people, and none of their time is the run's.
import { type ApprovalDecision, type ApprovalRequest, approveLater, defineTool, staticPalette } from '@executus/core'
import { type FakeClock, fakeClock, recordingCheckpointer, type ScriptTurn } from '@executus/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { scriptedEscalator, watchedHost } from './critic.test-kit.ts'

/** A tool that people must allow, on a clock that is there by the time it is used. */
function askingTool(clock: () => FakeClock) {
  return defineTool({
    name: 'dig',
    description: 'Digs.',
    effect: 'read',
    approval: 'ask',
    input: z.object({}),
    run: () => new Promise((resolve) => void clock().after(10, () => resolve('dug'))),
  })
}

/** People who allow everything, after an hour. */
function slowPeople(clock: () => FakeClock) {
  const asked: string[] = []
  const ask = (requests: readonly ApprovalRequest[]) => {
    asked.push(...requests.map(({ runId }) => runId))
    return new Promise<readonly ApprovalDecision[]>((resolve) => {
      clock().after(3_600_000, () => resolve(requests.map(({ id }) => ({ id, isApproved: true }))))
    })
  }
  return { asked, ask }
}

const agent = { name: 'a', tools: ['dig'] }
const dig: ScriptTurn = { calls: [{ name: 'dig' }] }

test('a run that waits for people is not silent, however long they take', async () => {
  const escalator = scriptedEscalator()
  const clock = () => host.clock
  const options = { tools: [askingTool(clock)], approvals: slowPeople(clock) }
  const host = watchedHost([dig, { text: 'Done.' }], { escalator, hardDeadlineMs: 100_000 }, options)
  const run = host.executor.start(agent, 'go')
  await host.clock.advance(3_600_010)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(escalator.wakes).toEqual([])
  expect(host.clock.pending).toBe(0)
})

test('while a run below waits for people, neither it nor the run above is silent', async () => {
  const escalator = scriptedEscalator()
  const clock = () => host.clock
  const approvals = slowPeople(clock)
  const palette = staticPalette([{ name: 'child', description: 'Helps.', tools: ['dig'] }])
  const delegate = { calls: [{ name: 'agent__child', input: { task: 'help' }, id: 'c' }] }
  const turns = [delegate, dig, { text: 'Dug.' }, { text: 'Done.' }]
  const options = { tools: [askingTool(clock)], palette, approvals }
  const host = watchedHost(turns, { escalator, hardDeadlineMs: 100_000 }, options)
  const run = host.executor.start({ ...agent, palette: ['child'] }, 'go')
  await host.clock.advance(3_600_010)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.' })
  expect(approvals.asked).toEqual(['run-1/c'])
  expect(escalator.wakes).toEqual([])
})

test('a resumed run that still waits for people is not silent, though it does not say so again', async () => {
  // On the time at which fake clocks begin: what a run had is told by its segments.
  const checkpointer = recordingCheckpointer({ now: () => fakeClock().now() })
  const clock = () => second.clock
  const tools = [askingTool(clock)]
  const first = watchedHost([dig], {}, { tools, checkpointer, approvals: approveLater })
  expect(await first.executor.run(agent, 'go', { runId: 'r' })).toMatchObject({ status: 'suspended' })
  const escalator = scriptedEscalator({ action: 'kill', reason: 'silent' })
  const second = watchedHost([{ text: 'Done.' }], { escalator }, { tools, checkpointer, approvals: slowPeople(clock) })
  const run = second.executor.resume('r')
  await second.clock.advance(3_600_010)
  expect(await run.result).toMatchObject({ status: 'ok', output: 'Done.' })
})
