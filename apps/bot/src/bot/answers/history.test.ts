import { isDeepStrictEqual } from 'node:util'

import type { Message, UserPart } from '@executus/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { openBotDatabase } from '../../store/bot-database.ts'
import { openStores, type Stores } from '../../store/stores.ts'
import { historyOf, keepTurn, turnOf } from './history.ts'

function openMemory(): Stores {
  const stores = openStores(openBotDatabase(':memory:'))
  const about = { channel: 'test', place: 'room', title: 'T', agent: 'a', createdAtMs: 0, updatedAtMs: 0 }
  stores.conversations.add({ id: 'c', ...about })
  return stores
}

function addTurn(stores: Stores, turn: ReturnType<typeof turnOf>): void {
  const body = { kind: 'notice', text: 'x', tone: 'info' } as const
  const { entry } = stores.entries.add({ conversationId: 'c', body, atMs: 0 })
  keepTurn(stores.turns, { ...turn, entryId: entry.id, conversationId: 'c' })
}

const text = (role: 'user' | 'assistant', words: string): Message => ({
  role,
  content: [{ type: 'text', text: words }],
})
const user = (...content: UserPart[]): Message => ({ role: 'user', content })
const image = (chars: number): UserPart => {
  return { type: 'image', mediaType: 'image/png', source: { base64: 'A'.repeat(chars) } }
}
const picture = '[image/png: sent earlier, not shown again]'

const words = fc.string({ maxLength: 8 })
/** What a run adds after its question: calls, steers, and an answer or none. */
const added = fc.array(
  fc.oneof(
    words.map((one) => text('assistant', one)),
    words.map((one) => text('user', one)),
  ),
  { maxLength: 5 },
)

test('the turns of a conversation are what was said in it, one after the other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ question: words, more: added, isSmaller: fc.boolean() }), { minLength: 1, maxLength: 8 }),
      (runs) => {
        const stores = openMemory()
        let expected: readonly Message[] = []
        for (const { question, more, isSmaller } of runs) {
          const history = historyOf(stores.turns, 'c')
          expect(history).toEqual(expected)
          const input = [...history, text('user', question)]
          const messages = isSmaller ? [text('user', 'A summary of it.'), ...more] : [...input, ...more]
          const turn = turnOf({ messages }, input, undefined)
          const hasAnswer = messages.at(-1)?.role === 'assistant'
          const whole = hasAnswer ? messages : [...messages, text('assistant', '(No answer was given)')]
          expect(turn.isWhole || isDeepStrictEqual(turn.messages, whole.slice(history.length))).toBe(true)
          addTurn(stores, turn)
          expected = whole
        }
        expect(historyOf(stores.turns, 'c')).toEqual(expected)
      },
    ),
    { numRuns: 100 },
  )
})

test('a history begins with the question of a turn, and is bounded', () => {
  const stores = openMemory()
  for (let index = 0; index < 12; index += 1)
    addTurn(stores, {
      isWhole: false,
      messages: [text('user', `Question ${index}`), text('assistant', 'x'.repeat(50_000))],
    })

  const history = historyOf(stores.turns, 'c')

  expect(history).toHaveLength(14)
  expect(history[0]).toEqual(text('user', 'Question 5'))
})

test('the newest turn is known though it is larger than all that is kept', () => {
  const stores = openMemory()
  addTurn(stores, { isWhole: false, messages: [text('user', 'Old'), text('assistant', 'Old')] })
  const large = [text('user', 'x'.repeat(500_000)), text('assistant', 'That is long.')]
  addTurn(stores, { isWhole: false, messages: large })

  expect(historyOf(stores.turns, 'c')).toEqual(large)
})

test('pictures of the newest two turns are shown, and older ones are named', () => {
  const stores = openMemory()
  for (const name of ['one', 'two', 'three'])
    addTurn(stores, {
      isWhole: false,
      messages: [user({ type: 'text', text: name }, image(10)), text('assistant', 'Seen.')],
    })

  const [first, , second, , third] = historyOf(stores.turns, 'c')

  expect(first).toEqual(user({ type: 'text', text: 'one' }, { type: 'text', text: picture }))
  expect(second).toEqual(user({ type: 'text', text: 'two' }, image(10)))
  expect(third).toEqual(user({ type: 'text', text: 'three' }, image(10)))
})

test('a large picture does not push out what was said before it', () => {
  const stores = openMemory()
  addTurn(stores, { isWhole: false, messages: [text('user', 'I am Ann'), text('assistant', 'Hello, Ann.')] })
  addTurn(stores, { isWhole: false, messages: [user(image(1_000_000)), text('assistant', 'A cat.')] })
  addTurn(stores, { isWhole: false, messages: [text('user', 'Its colour?'), text('assistant', 'Black.')] })

  expect(historyOf(stores.turns, 'c')[0]).toEqual(text('user', 'I am Ann'))
})

test('pictures of older turns are not kept in the conversation', () => {
  const stores = openMemory()
  for (let index = 0; index < 3; index += 1)
    addTurn(stores, { isWhole: false, messages: [user(image(1_000)), text('assistant', 'Seen.')] })

  const kept = [...stores.turns.newest('c')].map(({ messages }) => JSON.stringify(messages).length > 1_000)

  expect(kept).toEqual([true, true, false])
})
