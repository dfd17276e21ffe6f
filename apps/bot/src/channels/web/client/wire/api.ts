/// <reference lib="dom" />
import type { Decided } from '../../../../bot/bot.ts'
import type { Conversation, Snapshot } from '../../../../view/conversation.ts'
import type { Entry } from '../../../../view/entry.ts'
import type { Home } from '../state/state.ts'
import { pageKey, withPageKey } from './page-key.ts'

/** What came of asking the bot. `away`: it was not reached, or asks us to come back; to try again is right. */
export type Answer<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  | { readonly outcome: 'away' }
  | { readonly outcome: 'refused'; readonly status: number; readonly problem: string }

export interface Message {
  readonly id: string
  readonly conversationId: string
  readonly text: string
  readonly files: readonly File[]
}

/** A message is an entry of its conversation; a command's answer is only shown. */
export type Sent = { readonly entry: Entry } | { readonly shown: string }

export function getHome(): Promise<Answer<Home>> {
  return ask('/api/home')
}

export function getEarlier(
  conversationId: string,
  before: number,
): Promise<Answer<Pick<Snapshot, 'entries' | 'hasEarlier'>>> {
  return ask(`${addressOf(conversationId)}/entries?before=${before}`)
}

export function beginConversation(): Promise<Answer<Conversation>> {
  return post('/api/conversations')
}

export function sendMessage({ id, conversationId, text, files }: Message): Promise<Answer<Sent>> {
  const form = new FormData()
  form.set('id', id)
  form.set('text', text)
  for (const file of files) form.append('file', file, file.name)
  return post(`${addressOf(conversationId)}/messages`, form)
}

export function stopRuns(conversationId: string): Promise<Answer<unknown>> {
  return post(`${addressOf(conversationId)}/stop`)
}

export function decide(questionId: string, choice: string): Promise<Answer<Decided>> {
  return post(`/api/questions/${encodeURIComponent(questionId)}`, JSON.stringify({ choice }))
}

export function addressOf(conversationId: string): string {
  return `/api/conversations/${encodeURIComponent(conversationId)}`
}

export function fileAddress(name: string): string {
  return withPageKey(`/api/files/${encodeURIComponent(name)}`)
}

function post<T>(address: string, body?: FormData | string): Promise<Answer<T>> {
  const headers = typeof body === 'string' ? { 'Content-Type': 'application/json' } : {}
  return ask(address, { method: 'POST', headers, ...(body !== undefined && { body }) })
}

async function ask<T>(address: string, init?: RequestInit): Promise<Answer<T>> {
  const headers = new Headers(init?.headers)
  // No page of another site can send this header, or knows the key.
  headers.set('X-Executus', pageKey())
  try {
    const response = await fetch(address, { ...init, headers })
    if (isAway(response.status)) return { outcome: 'away' }
    const body = (await response.json()) as unknown
    if (response.ok) return { outcome: 'ok', value: body as T }
    return { outcome: 'refused', status: response.status, problem: problemOf(body) }
  } catch {
    // Not reached, or gone in the middle of its answer.
    return { outcome: 'away' }
  }
}

/** `401`: the bot has another token than the one this page came in with, until its address is opened anew. */
function isAway(status: number): boolean {
  return status === 401 || status === 502 || status === 503 || status === 504
}

function problemOf(body: unknown): string {
  const { error } = body as { readonly error?: unknown }
  return typeof error === 'string' ? error : 'The bot did not say why.'
}
