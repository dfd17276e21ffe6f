import { type RunEventBody, userMessage } from '@executus/core'
import { fakeClock } from '@executus/core/testing'
import { expect, test } from 'vitest'

import { fakeRun } from './critic.test-kit.ts'
import { RecentEvents } from './recent-events.ts'

const clock = fakeClock(1_000)
const run = fakeRun(clock)
const told = (...bodies: readonly RunEventBody[]) => {
  const recent = new RecentEvents()
  for (const body of bodies) recent.note(run.event(body))
  return recent.list()
}
const content = [
  { type: 'text', text: 'rain' },
  { type: 'image', source: { kind: 'base64', data: '' } },
] as never
const part = { type: 'tool-result', callId: 'c', name: 'weather', content } as const

test.each<[RunEventBody, string]>([
  [{ type: 'run-start', agent: 'a', model: 'm', isResumed: false }, 'a on m'],
  [{ type: 'phase-start', phase: 'p', index: 0, model: 'm' }, 'p'],
  [{ type: 'phase-end', phase: 'p', index: 0, output: 'done' }, 'p: done'],
  [{ type: 'step-start', step: 3 }, 'step 3'],
  [
    { type: 'attempt-discarded', step: 1, model: 'm', error: new Error('busy'), nextModel: 'n', waitMs: 5 },
    'm: busy; asks n in 5 ms',
  ],
  [{ type: 'tool-call-start', step: 1, callId: 'c', tool: 'weather', argumentsText: '{}' }, 'weather {}'],
  [
    { type: 'tool-call-end', step: 1, callId: 'c', tool: 'weather', result: { ...part, isError: false }, elapsedMs: 1 },
    'weather: rain\n[image]',
  ],
  [
    { type: 'tool-call-end', step: 1, callId: 'c', tool: 'weather', result: { ...part, isError: true }, elapsedMs: 1 },
    'weather failed: rain\n[image]',
  ],
  [{ type: 'approval-request', step: 1, requests: [{ tool: 'pay' }] as never }, 'waits for a person to allow pay'],
  [
    {
      type: 'approval-decision',
      step: 1,
      decisions: [
        { id: 'q', isApproved: true },
        { id: 'p', isApproved: false },
      ],
    },
    'allowed, declined',
  ],
  [
    {
      type: 'compaction',
      step: 1,
      strategy: 'shrink',
      tokensBefore: 9,
      tokensAfter: 4,
      messagesBefore: 2,
      messagesAfter: 2,
    },
    'shrink: 9 tokens became 4',
  ],
  [{ type: 'limits-raised', step: 1, maxSteps: 2, timeoutMs: 3 }, '2 steps, 3 ms'],
  [{ type: 'steer-delivered', step: 1, message: userMessage('Hurry.') }, 'Hurry.'],
  [
    {
      type: 'step-end',
      step: 1,
      message: { role: 'assistant', content: [{ type: 'text', text: 'Hm.' }] },
      stopReason: 'stop',
    },
    'stop: Hm.',
  ],
  [
    { type: 'child-event', step: 1, callId: 'c', event: run.event({ type: 'step-start', step: 2 }) },
    'step-start step 2',
  ],
  [{ type: 'run-end', result: { status: 'ok' } as never }, 'ok'],
])('$type is told in short', (body, text) => {
  expect(told(body)).toEqual([{ type: body.type, atMs: 1_000, text }])
})

test('an event that cannot be told is told by its name', () => {
  const error = undefined as unknown as Error
  const discarded = { type: 'attempt-discarded', step: 1, model: 'm', error, nextModel: 'm', waitMs: 0 } as const
  expect(told(discarded)).toEqual([{ type: 'attempt-discarded', atMs: 1_000, text: '' }])
})

test('the last fifty events are told, oldest first, each cut', () => {
  const recent = told(...Array.from({ length: 130 }, (_, step) => ({ type: 'step-start', step }) as const))
  expect(recent.map(({ text }) => text)).toEqual(Array.from({ length: 50 }, (_, index) => `step ${index + 80}`))
  const [long] = told({ type: 'phase-start', phase: `${'x'.repeat(399)}😀`, index: 0, model: 'm' })
  expect(long!.text).toBe(`${'x'.repeat(399)}\ufffd…`)
})

test('what is being streamed is told as one delta, by its end, until the step ends or is tried again', () => {
  const delta = (text: string) => ({ type: 'text-delta', step: 1, text }) as const
  const start = { type: 'step-start', step: 1 } as const
  const [, streamed] = told(start, ...Array.from({ length: 5_000 }, () => delta('word ')), delta('end'))
  expect(streamed).toEqual({ type: 'text-delta', atMs: 1_000, text: expect.stringMatching(/^….{396} end$/) })
  const end = { type: 'step-end', step: 1, message: { role: 'assistant', content: [] }, stopReason: 'stop' } as const
  expect(told(start, delta('x'), end).map(({ type }) => type)).toEqual(['step-start', 'step-end'])
})
