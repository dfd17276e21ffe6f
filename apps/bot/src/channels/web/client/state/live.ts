import type { ConversationEvent } from '../../../../view/conversation.ts'
import type { TrailItem } from '../../../../view/entry.ts'
import type { LiveRun } from '../../../../view/live-run.ts'
import type { ConversationView } from './state.ts'

type LiveText = Extract<ConversationEvent, { readonly type: 'live-text' }>
type ToolItem = Extract<TrailItem, { readonly type: 'tool' }>

/** Names a call of a run, also where another run or agent gave its call the same id. */
export function toolKey(runId: string, { callId, by = [] }: ToolItem): string {
  return [runId, ...by, callId].join('/')
}

/** With a run as it is now: in the place of what it was, or as the newest. */
export function withLive(view: ConversationView, run: LiveRun, atMs: number): ConversationView {
  const index = view.live.findIndex(({ runId }) => runId === run.runId)
  const before = new Set(toolsOf(view.live[index]).map((tool) => toolKey(run.runId, tool)))
  const began = toolsOf(run)
    .filter(({ state }) => state === 'running')
    .map((tool) => toolKey(run.runId, tool))
    .filter((key) => !before.has(key))
  const toolStarts =
    began.length === 0
      ? view.toolStarts
      : { ...view.toolStarts, ...Object.fromEntries(began.map((key) => [key, atMs])) }
  const live = index < 0 ? [...view.live, run] : view.live.with(index, run)
  return { ...view, live, toolStarts }
}

/** With more text of a run: of its last item, or a new one where the step is another. */
export function withLiveText(view: ConversationView, { runId, step, text }: LiveText): ConversationView {
  const live = view.live.map((run) => (run.runId === runId ? { ...run, trail: withText(run.trail, step, text) } : run))
  return { ...view, live }
}

function withText(trail: readonly TrailItem[], step: number, text: string): readonly TrailItem[] {
  const last = trail.at(-1)
  if (last?.type !== 'text' || last.step !== step) return [...trail, { type: 'text', step, text }]
  return [...trail.slice(0, -1), { ...last, text: last.text + text }]
}

function toolsOf(run: LiveRun | undefined): readonly ToolItem[] {
  return run?.trail.filter((item) => item.type === 'tool') ?? []
}
