import { expect, test } from 'vitest'
import { z } from 'zod'

import { defineTool } from './define-tool.ts'
import { createRegistry } from './registry.ts'
import type { Tool } from './tool.ts'

const tool = (name: string) => defineTool({ name, description: name, input: z.object({}), run: () => name })
const registry = createRegistry([tool('read'), tool('write')])
const toolbox = (names: readonly string[], own: readonly Tool[]) =>
  registry.toolbox(
    names.map((name) => registry.get(name, 'agent.tools')),
    own,
  )

test('toolbox() holds the tools that are named, then the run’s own', () => {
  const both = toolbox(['write'], [tool('own')])
  expect(both.specs.map(({ name }) => name)).toEqual(['write', 'own'])
  expect(both.find('read')).toBeUndefined()
})

test('toolbox() of one list of names is made once', () => {
  expect(toolbox(['read', 'write'], [])).toBe(toolbox(['read', 'write'], []))
  expect(toolbox(['write'], [])).not.toBe(toolbox(['read'], []))
})

test('toolbox() takes a name that stands twice once', () => {
  expect(toolbox(['read', 'read'], []).specs).toHaveLength(1)
})

test('toolbox() refuses a run’s own tool that has the name of another', () => {
  expect(() => toolbox(['read'], [tool('READ')])).toThrow(
    'Expected `invocation.extraTools` to have unique names, got `READ` twice',
  )
})

test('get() names who asked for a tool that nobody has, and the nearest name', () => {
  expect(() => registry.get('raed', 'agent.tools')).toThrow(
    'Expected `agent.tools` to name tools of this executor, got `raed`. Did you mean `read`?',
  )
})

test('explainUnknown() shows a long or broken name clipped', () => {
  const text = toolbox(['read'], []).explainUnknown('x'.repeat(10_000))
  expect(text).toBe(`There is no tool named "${'x'.repeat(64)}". Available: read.`)
})
