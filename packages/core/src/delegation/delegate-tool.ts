import type { Checked, JsonObject } from '@executus/llm'

import type { Tool } from '../tool/tool.ts'
import type { Delegate } from './palette.ts'

/** A delegate as a tool. The loop does not call its `run`, but begins a run below its own. */
export interface DelegateTool extends Tool {
  readonly delegate: Delegate
}

export function isDelegateTool(tool: Tool): tool is DelegateTool {
  return 'delegate' in tool
}

/** A delegate as the model sees it: `agent__name` or `skill__name`. */
export function delegateTool(delegate: Delegate): DelegateTool {
  const { kind, description, input } = delegate
  const name = delegateToolName(delegate)
  return {
    name,
    // What the delegated run does is judged there, call by call.
    effect: 'read',
    // The run below has a journal of its own: an interrupted call takes it up where it was.
    replay: 'idempotent',
    capabilities: ['agent.delegate'],
    visibility: 'public',
    timeoutMs: Number.POSITIVE_INFINITY,
    spec: { name, description, inputSchema: input?.spec.inputSchema ?? TASK },
    parse: input?.parse ?? checkTask,
    run: () => {
      throw new Error(`${kind} ${name} can only be called from a run`)
    },
    delegate,
  }
}

export function delegateToolName({ kind, name }: Pick<Delegate, 'kind' | 'name'>): string {
  return `${kind}__${name.replaceAll(/[^a-zA-Z0-9_-]/g, '_')}`.slice(0, LONGEST_NAME)
}

// What both vendors take (https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use).
const LONGEST_NAME = 64

const TASK: JsonObject = {
  type: 'object',
  properties: {
    task: { type: 'string', description: 'What to do, with everything needed to do it: nothing else is known there.' },
  },
  required: ['task'],
  additionalProperties: false,
}

function checkTask(value: unknown): Checked<{ readonly task: string }> {
  const task = (value as { readonly task?: unknown }).task
  if (typeof task !== 'string' || task.trim() === '') return { ok: false, problem: 'task: expected a text' }
  return { ok: true, value: { task } }
}
