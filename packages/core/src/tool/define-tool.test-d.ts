import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'

import { createExecutor } from '../executor.ts'
import type { RunResult } from '../result.ts'
import { defineTool } from './define-tool.ts'
import type { Tool } from './tool.ts'

test('the arguments of run are the output of the tool’s own schema', () => {
  defineTool({
    name: 'search',
    description: 'Searches.',
    input: z.object({ text: z.string(), limit: z.number().default(10), tags: z.array(z.string()).optional() }),
    run: (input, context) => {
      expectTypeOf(input).toEqualTypeOf<{ text: string; limit: number; tags?: string[] | undefined }>()
      expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>()
    },
  })
})

test('the status of a result tells its stop reason and whether there is an error', () => {
  const result = {} as RunResult
  if (result.status === 'ok') {
    expectTypeOf(result.stopReason).toEqualTypeOf<'answered'>()
    expectTypeOf(result).not.toHaveProperty('error')
  } else {
    expectTypeOf(result.error).toExtend<Error>()
  }
  if (result.status === 'timeout') expectTypeOf(result.stopReason).toEqualTypeOf<'deadline'>()
})

test('a tool knows nothing of the tools beside it', () => {
  const tools = [
    defineTool({ name: 'a', description: 'A.', input: z.object({ a: z.string() }), run: ({ a }) => a }),
    defineTool({ name: 'b', description: 'B.', input: z.object({ b: z.number() }), run: ({ b }) => b }),
  ]
  expectTypeOf(tools).toEqualTypeOf<Tool[]>()
})

test('the result of a run with a shape has an object of it, and any other has an unknown one', () => {
  const executor = createExecutor()
  const shaped = executor.run({ name: 'a' }, 'go', { output: z.object({ city: z.string() }) })
  expectTypeOf(shaped).resolves.toHaveProperty('object').toEqualTypeOf<{ city: string } | undefined>()
  expectTypeOf(executor.run({ name: 'a' }, 'go'))
    .resolves.toHaveProperty('object')
    .toEqualTypeOf<unknown>()
})

test('a listener gets the event of its name', () => {
  const run = createExecutor().start({ name: 'a' }, 'go')
  run.on('tool-call-end', ({ elapsedMs }) => expectTypeOf(elapsedMs).toEqualTypeOf<number>())
  run.on('run-end', ({ result }) => expectTypeOf(result).toExtend<RunResult>())
})
