import { expect, test, vi } from 'vitest'

import type { Answer, Message, Sent } from './api.ts'
import { Outbox } from './outbox.ts'

const message = (id: string): Message => ({ id, conversationId: 'c1', text: id, files: [] })

/** An outbox whose bot answers as the test says, and whose time passes when the test says so. */
function setUp(...answers: Answer<Sent>['outcome'][]) {
  const told: string[] = []
  const waits: { readonly ms: number; readonly end: () => void }[] = []
  const outbox = new Outbox({
    send: ({ id }) => {
      told.push(`send ${id}`)
      const outcome = answers.shift() ?? 'ok'
      if (outcome === 'ok') return Promise.resolve({ outcome, value: { shown: '' } })
      return Promise.resolve(outcome === 'away' ? { outcome } : { outcome, status: 413, problem: 'too large' })
    },
    onSent: ({ id }) => told.push(`sent ${id}`),
    onState: ({ id }, state, problem) => told.push(`${state} ${id}${problem === undefined ? '' : `: ${problem}`}`),
    after: (ms, end) => {
      const wait = { ms, end }
      waits.push(wait)
      return () => waits.splice(waits.indexOf(wait), 1)
    },
  })
  return { outbox, told, waits }
}

test('messages go out one after the other', async () => {
  const { outbox, told } = setUp()
  outbox.add(message('a'))
  outbox.add(message('b'))
  await vi.waitFor(() => expect(told).toEqual(['send a', 'sent a', 'send b', 'sent b']))
})

test('one that does not reach the bot is sent again under its id, and later ones wait for it', async () => {
  const { outbox, told, waits } = setUp('away', 'away')
  outbox.add(message('a'))
  outbox.add(message('b'))
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  expect(told).toEqual(['send a', 'unsent a', 'unsent b'])
  expect(waits[0]!.ms).toBe(1_000)
  waits.shift()!.end()
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  expect(waits[0]!.ms).toBe(2_000)
  outbox.hurry()
  await vi.waitFor(() => expect(told.at(-1)).toBe('sent b'))
  expect(told.slice(3)).toEqual([
    ...['sending a', 'send a', 'unsent a', 'unsent b'],
    ...['sending a', 'send a', 'sent a', 'send b', 'sent b'],
  ])
  expect(waits).toEqual([])
})

test('one that the bot does not take is not tried again, and holds up no other', async () => {
  const { outbox, told } = setUp('refused')
  outbox.add(message('a'))
  outbox.add(message('b'))
  await vi.waitFor(() => expect(told).toEqual(['send a', 'refused a: too large', 'send b', 'sent b']))
})

test('to hurry does nothing while a message is on its way', async () => {
  const { outbox, told } = setUp()
  outbox.add(message('a'))
  outbox.hurry()
  await vi.waitFor(() => expect(told).toEqual(['send a', 'sent a']))
})
