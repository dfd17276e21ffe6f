import { expect, test } from 'vitest'

import { recordingLogger } from '../testing/recording-logger.ts'
import { bindAgent, type OwnedAgent } from './bind-agent.ts'
import { allowedAgent, checkAllowed, checkPolicy, type OwnedPolicy } from './policy.ts'

const agent: OwnedAgent = {
  tier: 'smart',
  tools: ['look', 'shell'],
  delegateTools: ['shell'],
  palette: ['a', 'b'],
  limits: { maxSteps: 10, maxDepth: 2 },
  phases: [{ name: 'p', instructions: 'x', tier: 'smart', tools: ['shell', 'look'], maxSteps: 9 }],
}

function bound(policy: OwnedPolicy, of: OwnedAgent = agent) {
  const told: string[] = []
  return { agent: bindAgent(policy, of, (part, what) => told.push(`${part} ${what}`)), told }
}

test('what is allowed stays as it is', () => {
  const policy = { tools: 'any', tiers: 'any', maxLimits: {} } as const
  expect(bound(policy)).toEqual({ agent, told: [] })
  expect(bound(policy, {})).toEqual({ agent: {}, told: [] })
})

test('nothing is allowed but the default tier and limits when the host says nothing', () => {
  expect(bound({})).toEqual({
    agent: {
      tier: 'fast',
      tools: [],
      delegateTools: [],
      palette: ['a', 'b'],
      limits: { maxSteps: 10, maxDepth: 2 },
      phases: [{ name: 'p', instructions: 'x', tier: 'fast', tools: [], maxSteps: 9 }],
    },
    told: ['tier smart', 'tools look', 'tools shell', 'delegateTools shell', 'tier smart', 'tools shell', 'tools look'],
  })
})

test('a policy that was tightened binds what was saved before, and what is left out is logged', () => {
  const logger = recordingLogger()
  const policy = { tools: ['look'], tiers: ['cheap'], palette: ['b'], maxLimits: { maxSteps: 4, timeoutMs: 9 } }
  expect(allowedAgent('note', policy, { name: 'old', agent }, logger)).toEqual({
    name: 'old',
    tier: 'cheap',
    tools: ['look'],
    delegateTools: [],
    palette: ['b'],
    limits: { maxSteps: 4, timeoutMs: 9, maxDepth: 2 },
    phases: [{ name: 'p', instructions: 'x', tier: 'cheap', tools: ['look'], maxSteps: 4 }],
  })
  expect(logger.lines[0]).toMatchObject({
    level: 'warn',
    message: 'note old names smart in its tier, which is not allowed',
  })
})

test('a tier that is left open is one that is allowed, and so are limits that the host has bounded', () => {
  expect(bound({ tiers: ['cheap'] }, {}).agent).toEqual({ tier: 'cheap' })
  expect(bound({ tiers: ['cheap', 'fast'] }, {}).agent).toEqual({ tier: 'fast' })
  expect(bound({ tiers: 'any', maxLimits: { maxSteps: 50 } }, {}).agent).toEqual({ limits: { maxSteps: 50 } })
  expect(bound({ tiers: 'any', maxLimits: { maxSteps: 50 } }, { limits: { maxSteps: 20 } }).agent.limits).toEqual({
    maxSteps: 20,
  })
})

test('what is not allowed is refused when it is saved', () => {
  for (const [part, policy] of [
    ['tier', { tools: 'any' }],
    ['tools', { tiers: 'any', tools: ['look'] }],
    ['palette', { tiers: 'any', tools: 'any', palette: ['a'] }],
    ['limits', { tiers: 'any', tools: 'any', maxLimits: { maxSteps: 9 } }],
    ['limits', { tiers: 'any', tools: 'any', maxLimits: { maxDepth: 1 } }],
  ] as const)
    expect(() => checkAllowed('note', policy, agent)).toThrow(`note.agent.${part}`)
  expect(() => checkAllowed('note', { tiers: 'any', tools: 'any' }, agent)).not.toThrow()
})

test('a policy that is none is told which part is wrong', () => {
  const known = ['tools', 'tiers', 'maxLimits', 'visibilities'] as const
  for (const [policy, message] of [
    [{ tiers: [] }, 'options.allow.tiers'],
    [{ tools: 'all' as never }, 'options.allow.tools'],
    [{ visibilities: ['all' as never] }, 'options.allow.visibilities'],
    [{ maxLimits: { maxSteps: 0 } }, 'options.allow.maxLimits.maxSteps'],
    [{ maxLimits: { maxStep: 1 } as never }, 'maxSteps'],
    [{ palette: ['a'] }, 'no option `palette`'],
  ] as const)
    expect(() => checkPolicy(policy, known)).toThrow(message)
  expect(() => checkPolicy({ tools: 'any', tiers: ['a'], visibilities: ['public'] }, known)).not.toThrow()
})
