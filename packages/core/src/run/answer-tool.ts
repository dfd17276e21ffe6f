import { checkWith, jsonSchemaOf, type JsonObject, type Schema, type ToolSpec } from '@executus/llm'

import { parseArguments } from '../tool/parse-arguments.ts'
import type { Tool } from '../tool/tool.ts'

/** What a model calls that its provider cannot hold to a schema. */
export const ANSWER = 'answer'

/** The shape of an answer, as a model sees it: as the arguments of a call. */
export function answerSpec(schema: Schema): ToolSpec {
  const inputSchema = jsonSchemaOf(schema, 'invocation.output')
  return { name: ANSWER, description: 'Gives the final answer. Call it once, when you are done.', inputSchema }
}

/** The tool behind it: a call that fits is the answer. */
export function answerTool(schema: Schema): Tool {
  return {
    name: ANSWER,
    effect: 'read',
    replay: 'rerun',
    capabilities: [],
    visibility: 'public',
    spec: answerSpec(schema),
    parse: (value) => checkWith(schema, value),
    run: () => 'Taken as the answer.',
  }
}

/** Reads an answer, which some models put into a code fence whatever they are told. The problem is worded for the model. */
export async function readAnswer(
  schema: Schema,
  text: string,
): Promise<{ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string }> {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)
  const parsed = parseArguments(fenced?.[1] ?? text)
  if (!parsed.ok)
    return {
      ok: false,
      problem: parsed.problem.replace(/the arguments( are)?/, (_, verb) => (verb === undefined ? 'it' : 'it is')),
    }
  return checkWith(schema, parsed.value satisfies JsonObject)
}
