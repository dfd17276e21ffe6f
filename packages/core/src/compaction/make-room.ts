import { estimateTokens, type Message, ModelError, noUsage } from '@executus/llm'

import type { CompactionEntry } from '../journal/entry.ts'
import { countUsage } from '../run/run-state.ts'
import { emit, phaseOf, record, type Run, stepOf, take, toolboxOf } from '../run/run.ts'
import { chooseCut, type Cut } from './choose-cut.ts'
import { compactedBy } from './compacted-by.ts'
import { summarise } from './summarise.ts'

/** How much a conversation that would not shrink must grow until it is tried again. */
const TRY_AGAIN_FACTOR = 1.1

/**
 * Makes the conversation smaller when it fills the model's window, or when a provider has refused it as too large: first
 * old tool results are cut, then the middle is summarised. What is taken away stays in the journal.
 */
export async function makeRoom(
  run: Run,
  { isOverflow = false }: { readonly isOverflow?: boolean } = {},
): Promise<void> {
  const options = run.config.compaction
  const window = phaseOf(run).model.facts?.contextWindow
  if (options === undefined || (window === undefined && !isOverflow)) return
  const tokens = sizeOf(run)
  // A provider that refused it knows better than any estimate: half of it must go.
  const most = isOverflow ? Math.min(tokens / 2, (window ?? tokens) * options.threshold) : window! * options.threshold
  if (tokens <= most) return
  const { compactedAtStep, steps, stuckAtTokens } = run.state
  if (!isOverflow && (compactedAtStep === steps || tokens < stuckAtTokens * TRY_AGAIN_FACTOR)) return

  const keepTokens = most * (options.keep / options.threshold)
  const isTooLarge = isOverflow || tokens > window!
  const maxChars = options.maxToolResultChars
  const entry = await compaction(run, { tokens, most, keepTokens, maxChars, window, isTooLarge })
  await apply(run, isOverflow ? { ...entry, isOverflow } : entry)
}

/** The size that the last call reported, and an estimate of what has come since. */
function sizeOf(run: Run): number {
  const { context, anchor } = run.state
  const { specs } = toolboxOf(run)
  const { rough } = run
  const known = anchor ?? (rough !== undefined && rough.context === context ? rough.anchor : undefined)
  const tokens = estimateTokens({ messages: context, tools: specs }, known)
  if (anchor === undefined)
    // Where no provider reports, the estimate is carried on, as making it anew would cost more at each step.
    run.rough = { context, anchor: { messages: context.length - 1, usage: { ...noUsage, inputTokens: tokens } } }
  return tokens
}

interface Need {
  readonly tokens: number
  readonly most: number
  readonly keepTokens: number
  readonly maxChars: number
  readonly window: number | undefined
  /** Whether it does not fit into the window as it is. */
  readonly isTooLarge: boolean
}

async function compaction(run: Run, need: Need): Promise<CompactionEntry> {
  const { context } = run.state
  const base: CompactionEntry = { type: 'compaction', tokensBefore: need.tokens }
  // A summary that an earlier process had written stands for the messages that it was made of.
  const cut = run.state.summary ?? chooseCut(context, need.keepTokens)
  // What the model has not read yet is cut only if it would not see it at all.
  const before = cut?.to ?? (need.isTooLarge ? context.length : 0)
  const shrink = { before, maxChars: need.maxChars }
  const shrunk = compactedBy(context, { ...base, shrink })
  const withShrink = shrunk === context ? base : { ...base, shrink }
  const saved = estimateTokens({ messages: context }) - estimateTokens({ messages: shrunk })
  if (cut === undefined || need.tokens - saved <= need.most) return withShrink

  const { from, to } = cut
  const text = run.state.summary?.text ?? (await summaryOf(run, shrunk.slice(from, to), { from, to }, need.window))
  const withSummary = { ...withShrink, summary: { from, to, text } }
  const isSmaller =
    text !== '' &&
    estimateTokens({ messages: compactedBy(context, withSummary) }) < estimateTokens({ messages: shrunk })
  return isSmaller ? withSummary : withShrink
}

/** A summary that cannot be had is none: the run goes on as far as it comes. */
async function summaryOf(run: Run, middle: readonly Message[], cut: Cut, window: number | undefined): Promise<string> {
  const key = `compaction:${run.state.compactions + 1}`
  const settled = await run.door.step({
    key,
    kind: 'compaction',
    replay: 'rerun',
    timeoutMs: run.deadline.timeoutMs,
    run: async () => ({ ...(await summarise(run, middle, window)), ...cut }),
  })
  if (settled.ok) {
    take(run, key, 'compaction', settled.value)
    return settled.value.text
  }
  if (run.stop.cause !== undefined) throw run.stop.cause.error
  const error = 'error' in settled ? settled.error : undefined
  if (ModelError.is(error) && error.usage !== undefined) countUsage(run.state, error.usage)
  run.logger.warn(`the conversation of run ${run.id} could not be summarised`, error)
  return ''
}

async function apply(run: Run, entry: CompactionEntry): Promise<void> {
  const { context } = run.state
  await record(run, entry)
  const { context: after } = run.state
  const saved = estimateTokens({ messages: context }) - estimateTokens({ messages: after })
  emit(run, {
    type: 'compaction',
    step: stepOf(run),
    strategy: entry.summary !== undefined ? 'summarise' : entry.shrink !== undefined ? 'shrink' : 'none',
    tokensBefore: entry.tokensBefore,
    tokensAfter: Math.max(0, entry.tokensBefore - saved),
    messagesBefore: context.length,
    messagesAfter: after.length,
  })
}
