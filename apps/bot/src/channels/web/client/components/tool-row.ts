import { html } from 'htm/preact'
import type { VNode } from 'preact'

import type { TrailItem } from '../../../../view/entry.ts'
import { useNow } from '../use-now.ts'
import { icon } from './icon.ts'
import { clockText, durationText } from './measure.ts'
import { visibleText } from './visible-text.ts'

type ToolItem = Extract<TrailItem, { readonly type: 'tool' }>

export interface ToolRowProps {
  readonly item: ToolItem
  /** When it began, of one that runs; absent where nobody knows. */
  readonly startedAtMs?: number | undefined
  /** Whether the run has ended: a call without an end was cut off. */
  readonly isOver: boolean
}

/** One call of a tool: a line that unfolds into what was asked and what came. */
export function ToolRow({ item, startedAtMs, isOver }: ToolRowProps): VNode {
  const { tool, input, state, result, elapsedMs, by = [] } = item
  const isRunning = state === 'running' && !isOver
  const nowMs = useNow(isRunning && startedAtMs !== undefined)
  const time = isRunning
    ? startedAtMs !== undefined && clockText(nowMs - startedAtMs)
    : elapsedMs !== undefined && durationText(elapsedMs)
  return html`<details class=${`tool tool-${isRunning ? 'running' : state === 'running' ? 'cut' : state}`}>
    <summary>
      ${isRunning ? html`<span class="spinner" aria-hidden="true"></span>` : icon(state === 'done' ? 'check' : 'alert')}
      <span class="hidden">${stateWords(state, isOver)}</span>
      <span class="tool-name">${tool}</span>
      <span class="tool-input">${input !== '{}' && visibleText(input)}</span>
      ${by.length > 0 && html`<span class="tool-by">via ${by.join(' › ')}</span>`}
      ${time !== false && html`<span class="tool-time">${time}</span>`} ${icon('chevron')}
    </summary>
    <dl>
      <dt>Asked</dt>
      <dd><pre tabindex="0">${visibleText(input)}</pre></dd>
      ${
        result !== undefined &&
        html`<dt>${state === 'failed' ? 'Failed' : 'Came back'}</dt>
          <dd><pre tabindex="0">${visibleText(result)}</pre></dd>`
      }
    </dl>
  </details>`
}

function stateWords(state: ToolItem['state'], isOver: boolean): string {
  if (state === 'running') return isOver ? 'Cut off:' : 'Runs:'
  return state === 'done' ? 'Done:' : 'Failed:'
}
