import type { Message } from '@executus/core'
import { expect, test } from 'vitest'

import type { TrailItem } from '../../view/entry.ts'
import { completeTrail } from './complete-trail.ts'

const call = (id: string, name = 'look') => ({ type: 'tool-call', id, name, argumentsText: '{}' }) as const
const result = (callId: string, text: string, isError = false) =>
  ({ type: 'tool-result', callId, name: 'look', content: [{ type: 'text', text }], isError }) as const
const item = (callId: string): TrailItem => ({
  type: 'tool',
  callId,
  tool: 'look',
  input: '{}',
  state: 'done',
  elapsedMs: 3,
})

const messages: readonly Message[] = [
  { role: 'user', content: [{ type: 'text', text: 'Look.' }] },
  { role: 'assistant', content: [call('a'), call('b')] },
  { role: 'tool', content: [result('a', 'A'), result('b', 'B', true)] },
  { role: 'assistant', content: [call('c')] },
  { role: 'tool', content: [result('c', 'C')] },
  { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
]

test('a trail that lacks nothing stays as it is', () => {
  const trail = [item('a'), item('b'), item('c')]
  expect(completeTrail(trail, messages)).toEqual(trail)
})

test('a missing call is put behind the one before it, and behind what that one delegated', () => {
  const trail: readonly TrailItem[] = [item('a'), item('a/1'), { type: 'text', step: 2, text: 'And now' }, item('c')]
  const whole = completeTrail(trail, messages)
  expect(whole.map((one) => (one.type === 'tool' ? one.callId : one.text))).toEqual(['a', 'a/1', 'b', 'And now', 'c'])
  expect(whole[2]).toEqual({ type: 'tool', callId: 'b', tool: 'look', input: '{}', state: 'failed', result: 'B' })
})

test('of an empty trail all calls are told', () => {
  expect(completeTrail([], messages).map((one) => one.type === 'tool' && one.callId)).toEqual(['a', 'b', 'c'])
})
