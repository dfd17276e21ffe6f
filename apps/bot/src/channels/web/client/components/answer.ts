import { html } from 'htm/preact'
import { h, type VNode } from 'preact'

import type { AnswerEntry, EntryOf } from '../../../../view/entry.ts'
import { icon } from './icon.ts'
import { countText, durationText, whenText } from './measure.ts'
import { Prose } from './prose.ts'
import { repliesIn } from './replies.ts'
import { FoldedTrail } from './trail.ts'

/** How a run ended, and what it has to say. */
export function Answer({ entry }: { readonly entry: EntryOf<'answer'> }): VNode {
  const { agent, text, outcome, trail, job, delivery } = entry
  const tokens = entry.inputTokens + entry.outputTokens
  return html`<article class="answer" aria-label=${`Answer of ${agent}`}>
    <p class="who">
      ${agent} ${job !== undefined && html`<span class="tag" title=${job}>${icon('clock')}Scheduled: ${job}</span>`}
    </p>
    ${repliesIn(trail).map((reply) => [
      h(FoldedTrail, { trail: reply.work }),
      reply.text !== undefined && h(Prose, { text: reply.text }),
    ])}
    ${text !== '' && h(Prose, { text })}
    ${
      outcome === 'failed' &&
      html`<p class="outcome outcome-failed">
        ${icon('alert')}<span><strong>This could not be finished.</strong> ${entry.problem}</span>
      </p>`
    }
    ${
      outcome === 'stopped' &&
      html`<p class="outcome">
        ${icon('stop')}<span><strong>Stopped.</strong> ${entry.problem !== 'Stopped.' && entry.problem}</span>
      </p>`
    }
    ${
      delivery !== undefined &&
      DELIVERY_WORDS[delivery] !== undefined &&
      html`<p class="outcome">${icon('alert')}<span>${DELIVERY_WORDS[delivery]}</span></p>`
    }
    <p class="facts">
      <time datetime=${new Date(entry.atMs).toISOString()}>${whenText(entry.atMs, Date.now())}</time>
      ${entry.elapsedMs !== undefined && html`<span>${durationText(entry.elapsedMs)}</span>`}
      ${
        tokens > 0 &&
        html`<span title=${`${entry.inputTokens} read, ${entry.outputTokens} written`}
          >${countText(tokens, 'token')}</span
        >`
      }
    </p>
  </article>`
}

const DELIVERY_WORDS: Readonly<Record<NonNullable<AnswerEntry['delivery']>, string | undefined>> = {
  waiting: 'Not delivered yet.',
  sent: undefined,
  unknown: 'It is not known whether this arrived. It is not sent again.',
  failed: 'This could not be delivered.',
}
