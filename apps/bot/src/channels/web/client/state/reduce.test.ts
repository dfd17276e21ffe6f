import { expect, test } from 'vitest'

import type { Conversation, ConversationEvent } from '../../../../view/conversation.ts'
import type { Entry, EntryBody } from '../../../../view/entry.ts'
import type { LiveRun } from '../../../../view/live-run.ts'
import type { Action } from './action.ts'
import { pendingOf, reduce } from './reduce.ts'
import { type Home, INITIAL_STATE, type Pending, type State } from './state.ts'

const me = { id: 'web:owner', name: 'Ada' }
const conversation: Conversation = {
  ...{ id: 'c1', channel: 'web', place: 'c1', title: 'New conversation', agent: 'assistant' },
  ...{ createdAtMs: 0, updatedAtMs: 0 },
}
const home: Home = {
  ...{ about: { isDemo: false, models: 'scripted/fake', suggestions: [] }, me },
  ...{ conversations: [conversation], agents: [] },
}
const run: LiveRun = { runId: 'r1', agent: 'assistant', state: 'working', startedAtMs: 0, trail: [] }

function entry(id: number, body: EntryBody | string): Entry {
  const said = { kind: 'said', author: me, files: [], skipped: [], state: 'taken' } as const
  return { ...(typeof body === 'string' ? { ...said, text: body } : body), id, conversationId: 'c1', atMs: id }
}

function answer(text: string): EntryBody {
  const facts = { trail: [], inputTokens: 1, outputTokens: 1, elapsedMs: 1 }
  return { kind: 'answer', text, agent: 'assistant', outcome: 'ok', ...facts }
}

const pending: Pending = { id: 'm1', conversationId: 'c1', text: 'hello', files: [], afterId: 1, state: 'sending' }

function tool(callId: string, state: 'running' | 'done') {
  return { type: 'tool', callId, tool: 'look', input: '{}', state } as const
}

/** The page with a conversation open, after what else happened. */
function after(...actions: readonly Action[]): State {
  const snapshot = { conversation, entries: [entry(1, 'first')], hasEarlier: true, live: [] }
  return [
    { type: 'home', home } as const,
    { type: 'open', conversationId: 'c1' } as const,
    { type: 'snapshot', snapshot } as const,
    ...actions,
  ].reduce(reduce, INITIAL_STATE)
}

function change(event: ConversationEvent, atMs = 0): Action {
  return { type: 'change', conversationId: 'c1', event, atMs }
}

const ids = (state: State) => state.view?.entries.map(({ id }) => id)

test('entries stand in order, and one that has changed stands in its place', () => {
  const state = after(
    change({ type: 'entry', entry: entry(3, answer('three')) }),
    change({ type: 'entry', entry: entry(2, 'two') }),
    change({ type: 'entry', entry: entry(3, answer('THREE')) }),
  )
  expect(ids(state)).toEqual([1, 2, 3])
  expect(state.view?.entries[2]).toMatchObject({ text: 'THREE' })
})

test('a snapshot takes the place of all that was there', () => {
  const snapshot = { conversation, entries: [entry(7, 'seven')], hasEarlier: false, live: [run] }
  const state = after(change({ type: 'live', live: { ...run, runId: 'old' } }), { type: 'snapshot', snapshot })
  expect(state.view).toEqual({ ...snapshot, toolStarts: {} })
})

test('what is told of another conversation than the one that is open changes nothing', () => {
  const before = after()
  const event = { type: 'entry', entry: { ...entry(9, 'x'), conversationId: 'c2' } } as const
  const snapshot = { conversation: { ...conversation, id: 'c2' }, entries: [], hasEarlier: false, live: [] }
  expect(reduce(before, { type: 'change', conversationId: 'c2', event, atMs: 0 })).toBe(before)
  expect(reduce(before, { type: 'snapshot', snapshot })).toBe(before)
  expect(reduce(before, { type: 'earlier', conversationId: 'c2', entries: [], hasEarlier: false })).toBe(before)
})

test('earlier entries come before, each of them once', () => {
  const entries = [entry(-1, 'a'), entry(0, 'b'), entry(1, 'first')]
  const state = after({ type: 'earlier', conversationId: 'c1', entries, hasEarlier: false })
  expect(ids(state)).toEqual([-1, 0, 1])
  expect(state.view?.hasEarlier).toBe(false)
})

test('text that streams goes on the last item of its step, and begins one in a new step', () => {
  const text = (step: number, more: string) => change({ type: 'live-text', runId: 'r1', step, text: more })
  const state = after(change({ type: 'live', live: run }), text(1, 'He'), text(1, 'llo'), text(2, 'Next'))
  expect(state.view?.live[0]?.trail).toEqual([
    { type: 'text', step: 1, text: 'Hello' },
    { type: 'text', step: 2, text: 'Next' },
  ])
  const later = [change({ type: 'live', live: { ...run, trail: [tool('a', 'done')] } }), text(2, '!')].reduce(
    reduce,
    state,
  )
  expect(later.view?.live[0]?.trail).toEqual([tool('a', 'done'), { type: 'text', step: 2, text: '!' }])
  expect(reduce(later, change({ type: 'live-end', runId: 'r1' })).view?.live).toEqual([])
})

test('the beginning of a tool is known where it was seen, and only there', () => {
  const snapshot = {
    ...{ conversation, entries: [], hasEarlier: false },
    live: [{ ...run, trail: [tool('before', 'running')] }],
  }
  const trail = [tool('before', 'running'), tool('seen', 'running')]
  const state = after({ type: 'snapshot', snapshot }, change({ type: 'live', live: { ...run, trail } }, 500))
  const later = reduce(state, change({ type: 'live', live: { ...run, state: 'recovered', trail } }, 900))
  expect(later.view?.toolStarts).toEqual({ 'r1/seen': 500 })
})

test('a message that the stream has told of is not shown a second time as being sent', () => {
  const written = after({ type: 'written', pending })
  expect(pendingOf(written)).toEqual([pending])
  const told = reduce(written, change({ type: 'entry', entry: entry(2, 'hello') }))
  expect(pendingOf(told)).toEqual([])
  const taken = reduce(told, { type: 'pending-end', id: 'm1', entry: entry(2, 'hello') })
  expect(taken.pending).toEqual([])
  expect(ids(taken)).toEqual([1, 2])
})

test('a message that is not sent is shown as such, in its conversation', () => {
  const unsent = after(
    { type: 'written', pending },
    { type: 'not-sent', id: 'm1', state: 'refused', problem: 'too large' },
  )
  expect(pendingOf(unsent)).toEqual([{ ...pending, state: 'refused', problem: 'too large' }])
  const again = reduce(unsent, { type: 'not-sent', id: 'm1', state: 'sending' })
  expect(again.pending).toEqual([pending])
  expect(pendingOf(reduce(unsent, { type: 'open', conversationId: 'c2' }))).toEqual([])
})

test('a new answer is announced without its signs; one that was there, or that one said oneself, is not', () => {
  const state = after(change({ type: 'entry', entry: entry(2, answer('**Done**: see `a`')) }))
  expect(state.announcement).toBe('assistant: Done : see a')
  const failed = { ...answer(''), outcome: 'failed', problem: 'No model.' } as EntryBody
  expect(reduce(state, change({ type: 'entry', entry: entry(3, failed) })).announcement).toBe(
    'assistant could not finish: No model.',
  )
  expect(reduce(state, change({ type: 'entry', entry: entry(4, 'my own') })).announcement).toBe(state.announcement)
  expect(after().announcement).toBe('')
})

test('a decision is kept by its question, and brings what the question has become', () => {
  const question: EntryBody = {
    ...({ kind: 'question', questionId: 'q1', topic: 'approval', title: 'May I?', details: '', choices: [] } as const),
    ...{ expiresAtMs: 1, outcome: 'Approved by Ada' },
  }
  const decision = { choice: 'yes', state: 'taken', message: 'Approved.' } as const
  const state = after({ type: 'decision', questionId: 'q1', decision, entry: entry(2, question) })
  expect(state.decisions).toEqual({ q1: decision })
  expect(state.view?.entries[1]).toMatchObject({ outcome: 'Approved by Ada' })
  expect(state.announcement).toBe('Approved.')
})

test('when the bot is back, what was said of a press while it was away is gone', () => {
  const state = after(
    { type: 'link', link: 'away' },
    { type: 'decision', questionId: 'q1', decision: { choice: 'yes', state: 'open', message: 'The bot is away.' } },
    { type: 'decision', questionId: 'q2', decision: { choice: 'yes', state: 'taken', message: 'Approved.' } },
    { type: 'link', link: 'open' },
  )
  expect(Object.keys(state.decisions)).toEqual(['q2'])
})

test('a title that has changed stands in the list as well', () => {
  const renamed = { ...conversation, title: 'Garden' }
  const state = after(change({ type: 'conversation', conversation: renamed }))
  expect(state.view?.conversation.title).toBe('Garden')
  expect(state.home?.conversations).toEqual([renamed])
})
