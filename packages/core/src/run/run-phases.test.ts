import { expect, test } from 'vitest'
import { z } from 'zod'

import type { Phase } from '../agent.ts'
import { scriptedHost, scriptedModel } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'

const tool = (name: string) =>
  defineTool({ name, description: name, effect: 'read', input: z.object({}), run: () => name })
const phase = (name: string, rest: Partial<Phase> = {}): Phase => ({ name, instructions: `Do ${name}.`, ...rest })
const calls = { calls: [{ name: 'look' }] }

test('phases run in order: each with the header, its own instructions and what came of those before', async () => {
  const { executor, model } = scriptedHost([{ text: 'A plan.' }, { text: 'A {{plan}}.' }, { text: 'Good.' }])
  const run = executor.start(
    {
      name: 'a',
      instructions: 'You write.',
      phases: [
        phase('plan'),
        phase('draft', { instructions: 'Draft by: {{ plan }}' }),
        phase('check', { instructions: 'Check {{draft}} against {{plan}} {{draft}}' }),
      ],
    },
    'An essay, please',
  )
  const events = await Array.fromAsync(run.events())
  const result = await run.result
  expect(model.requests.map(({ system, messages }) => [system, messages.length])).toEqual([
    ['You write.\n\nDo plan.', 1],
    ['You write.\n\nDraft by: A plan.', 1],
    ['You write.\n\nCheck A {{plan}}. against A plan. A {{plan}}.', 1],
  ])
  expect(result).toMatchObject({
    status: 'ok',
    output: 'Good.',
    steps: 3,
    messages: { length: 2 },
    phases: [
      { output: 'A plan.', steps: 1, messages: { length: 2 } },
      { output: 'A {{plan}}.', steps: 1, messages: { length: 2 } },
    ],
  })
  expect(events.filter(({ type }) => /^phase|^step|^run/.test(type)).map(({ type }) => type)).toEqual([
    'run-start',
    'phase-start',
    'step-start',
    'step-end',
    'phase-end',
    'phase-start',
    'step-start',
    'step-end',
    'phase-end',
    'phase-start',
    'step-start',
    'step-end',
    'run-end',
  ])
  expect(events.filter(({ type }) => type === 'phase-end')).toMatchObject([
    { phase: 'plan', index: 0, output: 'A plan.' },
    { phase: 'draft', index: 1, output: 'A {{plan}}.' },
  ])
})

test('two phases of one name both run, and later ones see the newer output', async () => {
  const { executor, model } = scriptedHost([{ text: 'first' }, { text: 'second' }, { text: 'end' }])
  const phases = [
    phase('try'),
    phase('try', { instructions: 'Better than {{try}}' }),
    phase('end', { instructions: '{{try}}' }),
  ]
  expect(await executor.run({ name: 'a', phases }, 'go')).toMatchObject({ status: 'ok', output: 'end' })
  expect(model.requests.map(({ system }) => system)).toEqual(['Do try.', 'Better than first', 'second'])
})

test('a phase has its own tier, tools and steps; what it leaves open is the agent’s', async () => {
  const other = scriptedModel([calls, calls, { text: 'never' }], { spec: 'own/other' })
  const model = scriptedModel([calls, { text: 'one' }])
  const { executor } = scriptedHost([], {
    tiers: { fast: model, smart: other },
    tools: [tool('look'), tool('write')],
  })
  const result = await executor.run(
    {
      name: 'a',
      tools: ['look', 'write'],
      limits: { maxSteps: 9 },
      phases: [phase('one'), phase('two', { tier: 'smart', tools: ['look'], maxSteps: 2 }), phase('three')],
    },
    'go',
  )
  expect(model.requests.map(({ tools }) => tools?.length)).toEqual([2, 2])
  expect(other.requests.map(({ tools }) => tools?.map(({ name }) => name))).toEqual([['look'], ['look']])
  expect(result).toMatchObject({
    status: 'error',
    stopReason: 'step-limit',
    error: { message: 'The run took all of its 2 steps without an answer' },
    steps: 4,
    phases: [{ output: 'one', steps: 2 }],
  })
})

test('a phase that ends without an answer ends the run, with the output so far', async () => {
  const { executor, model } = scriptedHost([{ text: 'one' }, { stopReason: 'refused' }])
  const result = await executor.run({ name: 'a', phases: [phase('one'), phase('two'), phase('three')] }, 'go')
  expect(result).toMatchObject({ status: 'error', stopReason: 'refused', output: 'one', phases: [{ output: 'one' }] })
  expect(model.requests).toHaveLength(2)
})

test.each<[string, readonly Phase[], string]>([
  ['a phase after it', [phase('a', { instructions: '{{b}}' }), phase('b')], '`{{b}}`'],
  ['itself', [phase('a', { instructions: 'x {{a}}' })], 'to name phases before it (there is none), got `{{a}}`'],
  [
    'one that there is not',
    [phase('plan'), phase('b', { instructions: '{{ plna }}' })],
    'Expected `agent.phases[1].instructions` to name phases before it (plan), got `{{plna}}`',
  ],
])('start() throws a RangeError at once for a placeholder that names %s', (_, phases, message) => {
  const { executor } = scriptedHost([])
  expect(() => executor.start({ name: 'a', phases }, 'go')).toThrow(message)
  expect(() => executor.start({ name: 'a', phases }, 'go')).toThrow(RangeError)
})

test('a shape is asked for in the last phase alone', async () => {
  const { executor, model } = scriptedHost([{ text: 'words' }, { calls: [{ name: 'answer', input: { n: 3 } }] }])
  const output = z.object({ n: z.number() })
  const result = await executor.run({ name: 'a', phases: [phase('one'), phase('two')] }, 'go', { output })
  expect(model.requests.map(({ tools }) => tools?.map(({ name }) => name))).toEqual([[], ['answer']])
  expect(result).toMatchObject({ status: 'ok', object: { n: 3 } })
})
