import { createExecutor, defineTool, type Executor, type ExecutorOptions, type Message } from '@executus/core'
import { type Model, modelStream, ReplyBuilder } from '@executus/llm'

import { schema } from './bare-loop.ts'
import type { Script } from './script.ts'

const AGENT = { name: 'worker', instructions: 'Work.', tools: ['step'] }
const LIMITS = { maxSteps: 1_000_000, timeoutMs: 600_000 }

/** An executor whose model and tool follow `script`. */
export function executusOver(script: Script, options: Pick<ExecutorOptions, 'checkpointer'> = {}): Executor {
  const step = defineTool({
    name: 'step',
    description: 'Does a step.',
    effect: 'read',
    input: schema,
    run: (input) => script.tool(input),
  })
  return createExecutor({ tiers: { fast: modelOver(script) }, tools: [step], limits: LIMITS, ...options })
}

/** One run; `isStreamed` listens to the text as a host with a screen would. */
export async function executusRun(executor: Executor, isStreamed: boolean): Promise<string> {
  const run = executor.start(AGENT, 'go')
  let characters = 0
  if (isStreamed)
    run.on('text-delta', (event) => {
      characters += event.text.length
    })
  const result = await run.result
  if (result.status !== 'ok') throw result.error
  if (isStreamed && characters === 0) throw new Error('Nothing was streamed')
  return result.output
}

function modelOver(script: Script): Model {
  return {
    spec: 'bench/model',
    stream: ({ messages }, options) =>
      modelStream(async ({ emit }) => {
        const builder = new ReplyBuilder(emit)
        for await (const piece of script.stream(lengthOf(messages))) {
          if (typeof piece === 'string') builder.text(piece)
          else for (const { id, input } of piece) builder.append(builder.openCall(id, 'step'), JSON.stringify(input))
        }
        const origin = { provider: 'bench', api: 'bench', model: 'model' }
        return builder.finish(origin, builder.hasCalls ? 'tool-calls' : 'stop', undefined)
      }, options),
  }
}

/** As the script counts: a tool message holds a result for each call of its step, and all steps have equally many. */
function lengthOf(messages: readonly Message[]): number {
  const last = messages.at(-1)
  const resultsPerStep = last?.role === 'tool' ? last.content.length : 0
  return 1 + ((messages.length - 1) / 2) * (1 + resultsPerStep)
}
