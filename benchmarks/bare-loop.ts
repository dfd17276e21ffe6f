import { z } from 'zod'

import type { Script, ScriptAnswer } from './script.ts'

/** What a bare loop can be given: where its conversation is, and who keeps each message. */
export interface BareOptions {
  readonly messages?: BareMessage[]
  readonly save?: (message: BareMessage) => void
}

/** The floor: an agent loop as one would write it by hand. An array, a model, a zod check, a tool. */
export async function bareLoop(
  script: Script,
  isStreamed: boolean,
  { messages = [{ role: 'user', content: 'go' }], save = () => {} }: BareOptions = {},
): Promise<string> {
  for (;;) {
    const answer = isStreamed ? await collect(script, messages) : await script.answer(messages.length)
    const reply: BareMessage = { role: 'assistant', content: answer.text, calls: answer.calls }
    messages.push(reply)
    save(reply)
    if (answer.calls.length === 0) return answer.text
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
    for (const result of results) save(result)
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
