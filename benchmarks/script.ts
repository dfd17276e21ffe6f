/** What a model answers: a text, and the calls it wants made. */
export interface ScriptAnswer {
  readonly text: string
  readonly calls: readonly { readonly id: string; readonly input: { readonly step: number; readonly note: string } }[]
}

export interface ScriptOptions {
  readonly steps: number
  readonly callsPerStep?: number
  readonly deltasPerStep?: number
  readonly modelMs?: number
  readonly toolMs?: number
  /** The length of a tool's result; shorter ones are filled up. */
  readonly resultChars?: number
  /** Called at each model call with its turn, counting from 0; what it gives is waited for. */
  readonly onTurn?: (turn: number) => Promise<void> | undefined
}

/**
 * The work that every contender has to do: `steps` model calls, all but the last asking for tool calls. The turn is read
 * from the length of the conversation, so who loses a message cannot finish.
 */
export class Script {
  readonly #options: Required<ScriptOptions>
  modelCalls = 0
  toolCalls = 0

  constructor(options: ScriptOptions) {
    this.#options = {
      callsPerStep: 1,
      deltasPerStep: 0,
      modelMs: 0,
      toolMs: 0,
      resultChars: 0,
      onTurn: () => undefined,
      ...options,
    }
  }

  /** `messages` counts one for each user or assistant message and one for each tool result. */
  async answer(messages: number): Promise<ScriptAnswer> {
    this.modelCalls += 1
    const { steps, callsPerStep, modelMs } = this.#options
    if (modelMs > 0) await wait(modelMs)
    const step = (messages - 1) / (1 + callsPerStep)
    if (!Number.isInteger(step)) throw new Error(`A conversation of ${messages} messages is not whole`)
    const pause = this.#options.onTurn(step)
    if (pause !== undefined) await pause
    if (step >= steps - 1) return { text: 'done', calls: [] }
    const calls = Array.from({ length: callsPerStep }, (_, index) => ({
      id: `call_${step}_${index}`,
      input: { step: step * callsPerStep + index, note: 'note' },
    }))
    return { text: 'ok', calls }
  }

  async *stream(messages: number): AsyncGenerator<string | ScriptAnswer['calls'], void, undefined> {
    const { text, calls } = await this.answer(messages)
    if (calls.length === 0) yield text
    else for (let delta = 0; delta < this.#options.deltasPerStep; delta++) yield 'word '
    yield calls
  }

  async tool({ step }: { readonly step: number }): Promise<string> {
    this.toolCalls += 1
    if (this.#options.toolMs > 0) await wait(this.#options.toolMs)
    const { resultChars } = this.#options
    // Of bytes: a padded text would be a rope that takes next to no memory.
    if (resultChars > 0) return Buffer.alloc(resultChars, `${step} `).toString('latin1')
    return `result ${step}`
  }

  /** @throws Error unless `runs` whole runs were made */
  verify(runs: number, answer: string): void {
    const { steps, callsPerStep } = this.#options
    const done = `${this.modelCalls} model calls, ${this.toolCalls} tool calls, "${answer}"`
    const wanted = `${runs * steps} model calls, ${runs * (steps - 1) * callsPerStep} tool calls, "done"`
    if (done !== wanted) throw new Error(`Not the same work: ${done} instead of ${wanted}`)
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
