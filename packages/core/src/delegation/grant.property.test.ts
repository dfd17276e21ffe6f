import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'

import type { Agent } from '../agent.ts'
import type { PermissionRule } from '../permission/policy.ts'
import { scriptedHost, type ScriptTurn } from '../testing/index.ts'
import { defineTool } from '../tool/define-tool.ts'
import type { Palette } from './palette.ts'

const NAMES = ['a', 'b', 'c', 'd'] as const
const tools = NAMES.map((name) => defineTool({ name, description: name, input: z.object({}), run: () => name }))
const session = defineTool({ name: 's', description: 's', input: z.object({}), run: () => 's' })

const level = fc.record(
  { tools: fc.subarray([...NAMES]), delegateTools: fc.subarray([...NAMES]) },
  { requiredKeys: ['tools'] },
)
const rule: fc.Arbitrary<PermissionRule> = fc.record({
  decision: fc.constant('deny' as const),
  tools: fc.subarray([...NAMES], { minLength: 1 }),
  who: fc.record({ agents: fc.subarray(['agent0', 'agent1', 'agent2'], { minLength: 1 }) }),
})

test('a delegated run never has a tool that a run above it may not have or may not pass on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(level, { minLength: 2, maxLength: 3 }),
      fc.array(rule, { maxLength: 2 }),
      fc.boolean(),
      async (levels, rules, hasSession) => {
        const agents = levels.map((own, depth): Agent => ({
          name: `agent${depth}`,
          ...own,
          ...(depth < levels.length - 1 && { palette: [`agent${depth + 1}`] }),
        }))
        const palette: Palette = {
          resolve: (names) =>
            names.map((name) => ({ kind: 'agent', name, description: name, agent: agents[Number(name.at(-1))]! })),
        }
        const delegations = agents
          .slice(1)
          .map(({ name }): ScriptTurn => ({ calls: [{ name: `agent__${name}`, input: { task: 'go' } }] }))
        const { executor, model } = scriptedHost([...delegations, ...agents.map(() => ({ text: 'Done.' }))], {
          tools,
          palette,
          permissions: { rules },
          ...(hasSession && { sessionTools: () => ({ tools: [session] }) }),
        })
        expect(await executor.run(agents[0]!, 'go')).toMatchObject({ status: 'ok' })

        const seen = model.requests
          .slice(0, agents.length)
          .map((request) => request.tools!.map(({ name }) => name).filter((name) => !name.includes('__')))
        const isDenied = (depth: number, name: string) =>
          rules.some((one) => one.tools!.includes(name) && one.who!.agents!.includes(`agent${depth}`))
        for (const [depth, names] of seen.entries())
          for (const name of names) {
            expect([...(agents[depth]!.tools ?? []), 's']).toContain(name)
            for (let above = 0; above < depth; above++) {
              const { delegateTools = [...agents[above]!.tools!, 's'] } = agents[above]!
              expect(delegateTools).toContain(name)
              expect(isDenied(above, name)).toBe(false)
            }
          }
      },
    ),
    { numRuns: 60 },
  )
})
