import type { AuditEntry } from '@executus/audit'
import { type RunEvent, systemClock } from '@executus/core'
import { recordingLogger, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test } from 'vitest'

import type { TrailItem } from '../../view/entry.ts'
import { openBatteries } from '../open-batteries.ts'
import { testBot, testSettings } from '../test-bot.test-kit.ts'
import { trailAfter, trailOfAudit } from './trail.ts'

type Body = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Partial<Event> & Pick<Event, 'type'>
    : never
  : never

const after = (...events: Body[]): readonly TrailItem[] =>
  events.reduce<readonly TrailItem[]>((trail, event) => trailAfter(trail, event as RunEvent), [])
const start = (callId: string, tool = 'think'): Body => ({ type: 'tool-call-start', callId, tool, argumentsText: '{}' })
const end = (callId: string, text: string, isError = false): Body => ({
  type: 'tool-call-end',
  callId,
  tool: 'think',
  elapsedMs: 1.4,
  result: { type: 'tool-result', callId, name: 'think', content: [{ type: 'text', text }], isError },
})

test('text that streams is one item for each step, and a call shows what became of it', () => {
  const trail = after(
    { type: 'text-delta', step: 1, text: 'One ' },
    { type: 'text-delta', step: 1, text: 'moment.' },
    start('a'),
    end('a', 'gone', true),
    { type: 'text-delta', step: 2, text: 'No.' },
  )

  expect(trail).toEqual([
    { type: 'text', step: 1, text: 'One moment.' },
    { type: 'tool', callId: 'a', tool: 'think', input: '{}', state: 'failed', result: 'gone', elapsedMs: 1 },
    { type: 'text', step: 2, text: 'No.' },
  ])
})

test('what a model said before its attempt was discarded is not shown', () => {
  const trail = after(
    { type: 'text-delta', step: 1, text: 'Before' },
    { type: 'text-delta', step: 2, text: 'Wrong' },
    { type: 'attempt-discarded', step: 2 },
    { type: 'text-delta', step: 2, text: 'Right' },
  )

  expect(trail.map((item) => item.type === 'text' && item.text)).toEqual(['Before', 'Right'])
})

test('what delegated runs do is shown with whom they were delegated to, at any depth', () => {
  const child = (callId: string, event: Body): Body => ({ type: 'child-event', callId, event: event as RunEvent })
  const trail = after(
    start('a', 'agent__researcher'),
    child('a', start('b', 'skill__water-plan')),
    child('a', child('b', start('c', 'web_fetch'))),
    child('a', child('b', end('c', 'rain'))),
    child('a', { type: 'text-delta', step: 1, text: 'not shown' }),
    end('a', 'done'),
  )

  expect(trail).toMatchObject([
    { callId: 'a', state: 'done' },
    { callId: 'a/b', by: ['researcher'], state: 'running' },
    { callId: 'a/b/c', by: ['researcher', 'water-plan'], state: 'done', result: 'rain' },
  ])
})

test('a call that is begun again after a restart is shown once', () => {
  expect(after(start('a'), start('a'), end('a', 'x'))).toMatchObject([{ callId: 'a', state: 'done' }])
})

test('a trail is bounded, and so is each call of it', () => {
  const many = after(...Array.from({ length: 300 }, (_, index) => start(`call ${index}`)))
  expect(many).toHaveLength(200)
  expect(many.at(-1)).toMatchObject({ callId: 'call 299' })

  const [call] = after({ ...start('a'), argumentsText: 'x'.repeat(9_999) } as Body, end('a', '😀'.repeat(9_999)))
  if (call?.type !== 'tool') throw new Error('There is no call')
  expect(call.input.length).toBeLessThanOrEqual(600)
  expect(call.result!.length).toBeLessThanOrEqual(1_200)
  expect(call.result!.isWellFormed()).toBe(true)
})

test('the audit of a run tells what was shown of it', async () => {
  const calls: ScriptTurn = {
    text: 'I write it down.',
    calls: [
      { name: 'save_note', input: { text: 'likes ferns' } },
      { name: 'delete_note', input: { id: 99, text: 'x' } },
      { name: 'save_note', input: { text: 7 } },
    ],
  }
  const model = scriptedModel([calls, { calls: [{ name: 'list_notes' }] }, { text: 'Done.' }])
  const bot = await testBot({ model })
  await bot.say('Remember that I like ferns')
  const { questionId } = await bot.question()
  await bot.bot.decide(questionId, 'decline', { id: 'test:ann', name: 'Ann' })
  const [answer] = await bot.answers(1)
  await bot.close({ graceMs: 0 })

  const batteries = await openBatteries({
    settings: testSettings(bot.folder),
    toolNames: [],
    secrets: [],
    onBudgetWarning: () => {},
    clock: systemClock,
    logger: recordingLogger(),
  })
  const entries: readonly AuditEntry[] = await batteries.audit.entries(answer!.runId!)
  await batteries.close()

  const rounded = (items: readonly TrailItem[]) =>
    items.map((item) => (item.type === 'tool' ? { ...item, elapsedMs: 0 } : item))
  expect(rounded(trailOfAudit(entries).slice(0, -1))).toEqual(rounded(answer!.trail))
})
