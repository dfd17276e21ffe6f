import type { RunEvent } from '@executus/core'

import type { AuditEntryBody } from './audit-entry.ts'
import type { TextMaker } from './text-of.ts'

/**
 * What is kept of an event. Nothing is of deltas, which `step-end` holds whole, of a step that begins, and of what a
 * delegated run does, which has its own record; `run-end` is the recorder's.
 */
export function entryOf(event: RunEvent, make: TextMaker): AuditEntryBody | undefined {
  switch (event.type) {
    case 'run-start': {
      const { type: _, agent, model, isResumed } = event
      return { type: 'start', agent: make.label(agent), model: make.label(model), isResumed }
    }
    case 'phase-start':
      return { type: event.type, phase: make.label(event.phase), index: event.index, model: make.label(event.model) }
    case 'phase-end':
      return { type: event.type, phase: make.label(event.phase), index: event.index, output: make.text(event.output) }
    case 'step-end': {
      const { step, message, stopReason, usage } = event
      return { type: 'step', step, text: make.message(message), stopReason, ...(usage !== undefined && { usage }) }
    }
    case 'attempt-discarded': {
      const { type, step, waitMs, error } = event
      const { name, message } = make.error(error)
      const models = { model: make.label(event.model), nextModel: make.label(event.nextModel) }
      return { type, step, ...models, error: `${name}: ${message}`, waitMs }
    }
    case 'tool-call-start': {
      const { step, callId, tool, argumentsText } = event
      const call = { callId: make.label(callId), tool: make.label(tool) }
      return { type: 'tool-call', step, ...call, arguments: make.text(argumentsText) }
    }
    case 'tool-call-end': {
      const { step, callId, tool, result, elapsedMs } = event
      const call = { callId: make.label(callId), tool: make.label(tool) }
      return { type: 'tool-result', step, ...call, result: make.message(result), isError: result.isError, elapsedMs }
    }
    case 'approval-request':
      return {
        type: event.type,
        step: event.step,
        requests: event.requests.map(({ id, callId, tool, effect, input, resources, reason, expiresAtMs }) => ({
          id: make.label(id),
          callId: make.label(callId),
          tool: make.label(tool),
          effect,
          arguments: make.json(input),
          resources: make.json(resources),
          ...(reason !== undefined && { reason: make.text(reason) }),
          expiresAtMs,
        })),
      }
    case 'approval-decision':
      return {
        type: event.type,
        step: event.step,
        decisions: event.decisions.map(({ id, isApproved, note, by }) => ({
          id: make.label(id),
          isApproved,
          ...(note !== undefined && { note: make.text(note) }),
          ...make.optional('by', by),
        })),
      }
    case 'compaction': {
      const { type, step, strategy, tokensBefore, tokensAfter, messagesBefore, messagesAfter } = event
      return { type, step, strategy, tokensBefore, tokensAfter, messagesBefore, messagesAfter }
    }
    case 'limits-raised': {
      const { type, step, maxSteps, timeoutMs } = event
      return { type, step, maxSteps, timeoutMs }
    }
    case 'steer-delivered':
      return { type: 'steer', step: event.step, text: make.message(event.message) }
    case 'child-event':
      return childOf(event, make)
    case 'step-start':
    case 'text-delta':
    case 'reasoning-delta':
    case 'run-end':
      return undefined
  }
}

function childOf(
  { step, callId, event }: Extract<RunEvent, { readonly type: 'child-event' }>,
  make: TextMaker,
): AuditEntryBody | undefined {
  if (event.type !== 'run-start' && event.type !== 'run-end') return undefined
  const status = event.type === 'run-start' ? 'running' : event.result.status
  return { type: 'child', step, callId: make.label(callId), childRunId: event.runId, status }
}
