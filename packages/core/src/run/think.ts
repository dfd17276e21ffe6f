import { type AssistantMessage, ModelError, type ModelEvent, type ModelRequest, type Usage } from '@executus/llm'

import { fillInstructions } from '../agent.ts'
import { makeRoom } from '../compaction/make-room.ts'
import type { Call } from '../journal/checkpointer.ts'
import type { StepReply } from '../journal/entry.ts'
import { answerSpec } from './answer-tool.ts'
import { countUsage } from './run-state.ts'
import { emit, outputOf, phaseOf, type Run, stepOf, take, toolboxOf } from './run.ts'
import { soundReply } from './sound-reply.ts'

/** Asks the model, and puts its reply into the conversation. */
export async function think(run: Run): Promise<void> {
  run.isThinking = true
  run.partialText = ''
  emit(run, { type: 'step-start', step: stepOf(run) })
  for (const overflow of OVERFLOW) {
    // After a crash the one try may have been made already.
    if (overflow === 'throw' && run.state.overflowAtStep === run.state.steps) continue
    const failedUsage: Usage[] = []
    const settled = await run.door.step(modelCall(run, overflow, failedUsage))
    if (settled.ok) {
      run.isThinking = false
      run.partialText = ''
      return take(run, keyOf(run), 'model', settled.value)
    }
    if ('inDoubt' in settled) throw new Error('A model call cannot be in doubt: it may always be made again')
    const { error } = settled
    for (const usage of failedUsage) countUsage(run.state, usage)
    if (ModelError.is(error) && error.usage !== undefined) countUsage(run.state, error.usage)
    const isOverflow = ModelError.is(error) && error.code === 'context-overflow'
    if (!isOverflow || overflow === 'next-model') throw error
    await makeRoom(run, { isOverflow })
  }
}

/** A request that is too large gets one try with less to read, and then a model with a larger window. */
const OVERFLOW = ['throw', 'next-model'] as const

/** Counts all steps of the run, so that every model call has a key of its own. */
function keyOf(run: Run): string {
  return `model:${run.state.steps + 1}`
}

function modelCall(run: Run, overflow: (typeof OVERFLOW)[number], failedUsage: Usage[]): Call<StepReply> {
  return {
    key: keyOf(run),
    kind: 'model',
    replay: 'rerun',
    timeoutMs: run.deadline.timeoutMs,
    run: () => stream(run, overflow, failedUsage),
  }
}

/** The race holds even if a model of the host's own ignores its signal. */
function stream(run: Run, overflow: (typeof OVERFLOW)[number], failedUsage: Usage[]): Promise<StepReply> {
  const { runId, caller } = run.info
  const attribution = caller === undefined ? { runId } : { runId, caller }
  return run.stop
    .race(
      phaseOf(run)
        .model.stream(requestOf(run), { signal: run.stop.signal, attribution, overflow })
        .result((event) => pass(run, event, failedUsage)),
    )
    .then((given) => {
      const reply = soundReply(given)
      const message = withUniqueCallIds(run, reply.message)
      return { ...reply, message, ...(failedUsage.length > 0 && { failedUsage }) }
    })
}

function requestOf(run: Run): ModelRequest {
  const { context } = run.state
  const { specs } = toolboxOf(run)
  const system = systemOf(run)
  const request = { ...(system !== undefined && { system }), messages: context, tools: specs }
  const schema = outputOf(run)
  if (schema === undefined) return request
  const answer = answerSpec(schema)
  if (phaseOf(run).model.hasNativeOutput === true)
    return { ...request, output: { name: answer.name, schema: answer.inputSchema } }
  return { ...request, tools: [...specs, answer] }
}

/** The agent's own instructions stand before those of each phase. */
function systemOf(run: Run): string | undefined {
  const { instructions } = phaseOf(run)
  const { instructions: header } = run.info.agent
  if (instructions === undefined) return header
  const outputs = new Map(run.state.phases.map(({ output }, index) => [run.phases[index]!.name ?? '', output]))
  const own = fillInstructions(instructions, outputs)
  return header === undefined || header === '' ? own : `${header}\n\n${own}`
}

/** Hands on what the model streams. */
function pass(run: Run, event: ModelEvent, failedUsage: Usage[]): void {
  // A model that goes on talking after the run has stopped is not heard.
  if (run.stop.cause !== undefined || !run.isThinking) return
  const step = stepOf(run)
  if (event.type === 'text-delta') {
    run.partialText += event.text
    emit(run, { type: 'text-delta', step, text: event.text })
  } else if (event.type === 'reasoning-delta') {
    emit(run, { type: 'reasoning-delta', step, text: event.text })
  } else if (event.type === 'attempt-discarded') {
    run.partialText = ''
    if (ModelError.is(event.error) && event.error.usage !== undefined) failedUsage.push(event.error.usage)
    const { spec: model, error, nextSpec: nextModel, waitMs } = event
    emit(run, { type: 'attempt-discarded', step, model, error, nextModel, waitMs })
  }
}

/** Some servers number their calls anew in each reply; in a conversation every id must stand for one call. */
function withUniqueCallIds(run: Run, message: AssistantMessage): AssistantMessage {
  const taken = new Set<string>()
  let isChanged = false
  const content = message.content.map((part, index) => {
    if (part.type !== 'tool-call') return part
    let { id } = part
    while (id === '' || taken.has(id) || run.state.callIds.has(id))
      id = `call_${stepOf(run)}_${index}_${run.state.callIds.size + taken.size}`
    taken.add(id)
    if (id === part.id) return part
    isChanged = true
    return { ...part, id }
  })
  return isChanged ? { ...message, content } : message
}
