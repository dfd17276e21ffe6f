import { randomUUID } from 'node:crypto'

import { expect, vi } from 'vitest'

import type { Conversation, Snapshot } from './view/conversation.ts'
import type { AnswerEntry } from './view/entry.ts'

/** A conversation with a bot as its page holds one. */
export interface WebTalk {
  /** Says something, and gives the answer. */
  readonly say: (text: string) => Promise<AnswerEntry>
  /** All that `path` gives, as text. */
  readonly read: (path: string) => Promise<string>
}

/** Comes in by the address that the terminal shows. */
export async function webTalk(address: string): Promise<WebTalk> {
  const entered = await fetch(address, { redirect: 'manual' })
  const cookie = entered.headers.getSetCookie()[0]!.split(';')[0]!
  const key = new URL(entered.headers.get('location')!, address).hash.slice('#key='.length)
  const { origin } = new URL(address)
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${origin}${path}`, { ...init, headers: { cookie, origin, 'x-executus': key } })
  const { id } = (await (await ask('/api/conversations', { method: 'POST' })).json()) as Conversation
  const answers = async () => {
    const response = await ask(`/api/conversations/${id}/entries`)
    const { entries } = (await response.json()) as Pick<Snapshot, 'entries'>
    return entries.filter((entry) => entry.kind === 'answer')
  }
  return {
    say: async (text) => {
      const before = (await answers()).length
      const body = new FormData()
      body.set('id', randomUUID())
      body.set('text', text)
      expect((await ask(`/api/conversations/${id}/messages`, { method: 'POST', body })).status).toBe(200)
      return vi.waitFor(
        async () => {
          const answer = (await answers())[before]
          if (answer === undefined) throw new Error('there is no answer')
          return answer
        },
        { timeout: 20_000, interval: 50 },
      )
    },
    read: async (path) => (await ask(path)).text(),
  }
}
