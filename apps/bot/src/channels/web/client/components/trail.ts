import { html } from 'htm/preact'
import { h, type VNode } from 'preact'

import type { TrailItem } from '../../../../view/entry.ts'
import { icon } from './icon.ts'
import { countText } from './measure.ts'
import { Prose } from './prose.ts'
import { ToolRow } from './tool-row.ts'

/** What a run did before its answer, folded into a line. */
export function FoldedTrail({ trail }: { readonly trail: readonly TrailItem[] }): VNode | null {
  const tools = trail.filter((item) => item.type === 'tool')
  if (tools.length === 0) return null
  const failed = tools.filter(({ state }) => state === 'failed').length
  const words = `Used ${countText(tools.length, 'tool')}${failed === 0 ? '' : `, ${failed} failed`}`
  return html`<details class="trail-fold">
    <summary>${icon('chevron')}${words}</summary>
    <div class="trail">
      ${trail.map((item, index) =>
        item.type === 'tool'
          ? h(ToolRow, { key: index, item, isOver: true })
          : html`<div class="trail-text" key=${index}>${h(Prose, { text: item.text })}</div>`,
      )}
    </div>
  </details>`
}
