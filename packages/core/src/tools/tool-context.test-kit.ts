import type { Tool, ToolContext } from '../tool/tool.ts'

/** What a tool is given in a run that has only just begun, but for what a test says. */
export function toolContext(given: Partial<ToolContext> = {}): ToolContext {
  return {
    runId: 'run-1',
    callId: 'call-1',
    step: 1,
    idempotencyKey: 'run-1/tool:call-1',
    attempt: 1,
    signal: new AbortController().signal,
    progress: () => ({
      agent: 'guide',
      steps: 1,
      maxSteps: 20,
      elapsedMs: 0,
      isWaiting: false,
      timeoutMs: 60_000,
      inputTokens: 0,
      outputTokens: 0,
    }),
    ...given,
  }
}

/** Calls a tool as a run does: its input is checked, and defaults are filled in, before it runs. */
export async function callTool(
  tools: readonly Tool[],
  name: string,
  input: object = {},
  given: Partial<ToolContext> = {},
): Promise<unknown> {
  const tool = tools.find((each) => each.name === name)
  if (tool === undefined) throw new Error(`There is no tool ${name}`)
  const parsed = await tool.parse(input)
  if (!parsed.ok) throw new Error(parsed.problem)
  return tool.run(parsed.value, toolContext(given))
}
