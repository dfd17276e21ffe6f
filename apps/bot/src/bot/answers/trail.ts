import type { AuditEntry } from '@executus/audit'
import type { RunEvent, ToolResultPart } from '@executus/core'
import type { ToolCallPart } from '@executus/llm'

import { cut } from '../../text/cut.ts'
import type { TrailItem } from '../../view/entry.ts'

type ToolItem = Extract<TrailItem, { readonly type: 'tool' }>

/** What is shown of arguments and results: enough to see what was done. */
const LONGEST_INPUT = 600
const LONGEST_RESULT = 1_200
/** Of a run of hundreds of calls, the newest are shown. */
const MOST_ITEMS = 200

/** What a run has done, after an event of it. */
export function trailAfter(trail: readonly TrailItem[], event: RunEvent): readonly TrailItem[] {
  switch (event.type) {
    case 'text-delta': {
      const last = trail.at(-1)
      if (last?.type === 'text' && last.step === event.step)
        return [...trail.slice(0, -1), { ...last, text: last.text + event.text }]
      return bounded([...trail, { type: 'text', step: event.step, text: event.text }])
    }
    case 'attempt-discarded':
      return trail.filter((item) => item.type !== 'text' || item.step !== event.step)
    case 'step-end': {
      // A model that does not stream, and a reply that was kept before a crash, come without deltas.
      const text = event.message.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
      const isThere = trail.some((item) => item.type === 'text' && item.step === event.step)
      return text === '' || isThere ? trail : bounded([...trail, { type: 'text', step: event.step, text }])
    }
    case 'tool-call-start':
      return begun(trail, event.callId, event.tool, event.argumentsText, [])
    case 'tool-call-end':
      return ended(trail, event.callId, event.result, event.elapsedMs)
    case 'child-event':
      return afterChild(trail, event.callId, event.event, [])
    default:
      return trail
  }
}

/** What a run had done before, by its audit: it goes on after a restart. */
export function trailOfAudit(entries: readonly AuditEntry[]): readonly TrailItem[] {
  const items: { readonly step: number; readonly rank: number; readonly item: TrailItem }[] = []
  for (const entry of entries) {
    if (entry.type === 'tool-call') {
      const { callId, tool, step } = entry
      const at = items.findIndex(({ item }) => item.type === 'tool' && item.callId === callId)
      const item: ToolItem = {
        type: 'tool',
        callId,
        tool,
        input: cut(entry.arguments, LONGEST_INPUT),
        state: 'running',
      }
      // One that was begun again is shown once.
      if (at >= 0) items[at] = { step, rank: 1, item }
      else items.push({ step, rank: 1, item })
    }
    if (entry.type === 'tool-result') {
      const at = items.findIndex(({ item }) => item.type === 'tool' && item.callId === entry.callId)
      const before = items[at]
      if (before?.item.type === 'tool') {
        const { isError, result, elapsedMs } = entry
        const state = isError ? 'failed' : 'done'
        items[at] = { ...before, item: { ...before.item, state, result: cut(result, LONGEST_RESULT), elapsedMs } }
      }
    }
    if (entry.type === 'step' && entry.text !== '')
      items.push({ step: entry.step, rank: 0, item: { type: 'text', step: entry.step, text: entry.text } })
  }
  return bounded(items.toSorted((a, b) => a.step - b.step || a.rank - b.rank).map(({ item }) => item))
}

/** A call that is told by the conversation alone. */
export function toolItemOf({ id, name, argumentsText }: ToolCallPart, result: ToolResultPart | undefined): TrailItem {
  const call = { type: 'tool', callId: id, tool: name, input: cut(argumentsText, LONGEST_INPUT) } as const
  if (result === undefined) return { ...call, state: 'failed' }
  return { ...call, state: result.isError ? 'failed' : 'done', result: cut(textOf(result), LONGEST_RESULT) }
}

function afterChild(
  trail: readonly TrailItem[],
  callId: string,
  event: RunEvent,
  above: readonly string[],
): readonly TrailItem[] {
  const call = trail.find((item) => item.type === 'tool' && item.callId === callId) as ToolItem | undefined
  const by = [...above, call?.tool.replace(/^(agent|skill)__/, '') ?? 'delegate']
  if (event.type === 'tool-call-start')
    return begun(trail, `${callId}/${event.callId}`, event.tool, event.argumentsText, by)
  if (event.type === 'tool-call-end') return ended(trail, `${callId}/${event.callId}`, event.result, event.elapsedMs)
  if (event.type === 'child-event') {
    const inner = event.event
    return afterChild(trail, `${callId}/${event.callId}`, inner, by)
  }
  return trail
}

function begun(
  trail: readonly TrailItem[],
  callId: string,
  tool: string,
  argumentsText: string,
  by: readonly string[],
): readonly TrailItem[] {
  const input = cut(argumentsText, LONGEST_INPUT)
  const item: ToolItem = { type: 'tool', callId, tool, input, state: 'running', ...(by.length > 0 && { by }) }
  const at = trail.findIndex((one) => one.type === 'tool' && one.callId === callId)
  return at < 0 ? bounded([...trail, item]) : trail.with(at, item)
}

function ended(
  trail: readonly TrailItem[],
  callId: string,
  given: ToolResultPart,
  elapsedMs: number,
): readonly TrailItem[] {
  const result = cut(textOf(given), LONGEST_RESULT)
  return trail.map((item) =>
    item.type === 'tool' && item.callId === callId
      ? { ...item, state: given.isError ? 'failed' : 'done', result, elapsedMs: Math.round(elapsedMs) }
      : item,
  )
}

function textOf({ content }: ToolResultPart): string {
  return content.map((part) => (part.type === 'text' ? part.text : `[${part.mediaType}]`)).join('\n')
}

function bounded(trail: readonly TrailItem[]): readonly TrailItem[] {
  return trail.length > MOST_ITEMS ? trail.slice(-MOST_ITEMS) : trail
}
