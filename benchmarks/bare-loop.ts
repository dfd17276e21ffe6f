import { z } from 'zod'

import type { Script, ScriptAnswer } from './script.ts'

/** The floor: an agent loop as one would write it by hand. An array, a model, a zod check, a tool. */
export async function bareLoop(script: Script, isStreamed: boolean): Promise<string>
export async function bareLoop(script: Script, isStreamed: boolean, isKept: true): Promise<readonly BareMessage[]>
export async function bareLoop(
  script: Script,
  isStreamed: boolean,
  isKept = false,
): Promise<string | readonly BareMessage[]> {
  const messages: BareMessage[] = [{ role: 'user', content: 'go' }]
  for (;;) {
    const answer = isStreamed ? await collect(script, messages) : await script.answer(messages.length)
    messages.push({ role: 'assistant', content: answer.text, calls: answer.calls })
    if (answer.calls.length === 0) return isKept ? messages : answer.text
    const results = await Promise.all(
      answer.calls.map(async (call) => {
        try {
          return { role: 'tool', id: call.id, content: await script.tool(schema.parse(call.input)) } as const
        } catch (error) {
          return { role: 'tool', id: call.id, content: `error: ${String(error)}` } as const
        }
      }),
    )
    messages.push(...results)
  }
}

export const schema = z.object({ step: z.number(), note: z.string() })

export type BareMessage =
  | { role: 'user'; content: string }
  | { role: 'assistant'; content: string; calls: ScriptAnswer['calls'] }
  | { role: 'tool'; id: string; content: string }

async function collect(script: Script, messages: readonly BareMessage[]): Promise<ScriptAnswer> {
  let text = ''
  let calls: ScriptAnswer['calls'] = []
  for await (const piece of script.stream(messages.length)) {
    if (typeof piece === 'string') text += piece
    else calls = piece
  }
  return { text, calls }
}
