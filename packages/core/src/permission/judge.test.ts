import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'

import { defineTool } from '../tool/define-tool.ts'
import type { Tool } from '../tool/tool.ts'
import type { Verdict } from './decision.ts'
import { judgeCall, judgeTool } from './judge.ts'
import { matches } from './matches.ts'
import type { Asker, PermissionMode, PermissionRule, PermissionRules } from './policy.ts'

const asker: Asker = {
  runId: 'r',
  agent: 'helper',
  channel: 'general',
  principal: { id: 'ann', roles: ['staff'], isAdmin: false },
  isFirstParty: true,
  canAsk: true,
}
const tool = (definition: Partial<Parameters<typeof defineTool>[0]> = {}): Tool =>
  defineTool({ name: 'deploy', description: 'x', input: z.object({}), run: () => '', ...definition })
const judged = (subject: Tool, policy: PermissionRules, who: Partial<Asker> = {}) =>
  judgeTool(subject, { ...asker, ...who }, [policy]).decision

test.each<[PermissionMode | undefined, string, string, string]>([
  [undefined, 'allow', 'allow', 'ask'],
  ['standard', 'allow', 'allow', 'ask'],
  ['readonly', 'allow', 'deny', 'deny'],
  ['trusted', 'allow', 'allow', 'allow'],
  ['unattended', 'allow', 'allow', 'deny'],
])('judgeTool() in mode %s says %s to reading, %s to writing and %s to destroying', (mode, ...decisions) => {
  const policy = mode === undefined ? {} : { mode }
  const effects = ['read', 'write', 'destructive'] as const
  expect(effects.map((effect) => judged(tool({ effect }), policy))).toEqual(decisions)
})

test('judgeTool() takes the strictest mode of all policies, whatever the others trust', () => {
  const subject = tool({ effect: 'destructive' })
  const modes = (...all: readonly PermissionMode[]) =>
    judgeTool(
      subject,
      asker,
      all.map((mode) => ({ mode })),
    ).decision
  expect(modes('trusted', 'standard')).toBe('ask')
  expect(modes('trusted', 'unattended')).toBe('deny')
  expect(modes('readonly', 'trusted')).toBe('deny')
})

test('judgeTool() denies what must be asked for where nobody can be asked', () => {
  expect(judged(tool({ approval: 'ask' }), {})).toBe('ask')
  expect(judged(tool({ approval: 'ask' }), {}, { canAsk: false })).toBe('deny')
  expect(judged(tool({ approval: 'ask' }), { mode: 'unattended' })).toBe('deny')
  expect(judged(tool({ effect: 'read' }), { rules: [{ decision: 'ask' }] }, { canAsk: false })).toBe('deny')
})

test('judgeTool() shows private tools to the host’s own agents alone, and lowlevel ones to none', () => {
  expect(judged(tool({ visibility: 'private' }), {})).toBe('allow')
  expect(judged(tool({ visibility: 'private' }), {}, { isFirstParty: false })).toBe('deny')
  expect(judged(tool({ visibility: 'lowlevel' }), {})).toBe('deny')
})

test.each<[string, Omit<PermissionRule, 'decision'>, boolean]>([
  ['everything', {}, true],
  ['its name', { tools: ['deploy'] }, true],
  ['a pattern of its name', { tools: ['x', 'dep*'] }, true],
  ['another name', { tools: ['deplo'] }, false],
  ['its effect', { effects: ['read', 'write'] }, true],
  ['another effect', { effects: ['read'] }, false],
  ['one of its capabilities', { capabilities: ['exec', 'net.send'] }, true],
  ['other capabilities', { capabilities: ['exec'] }, false],
  ['its caller', { who: { callers: ['bob', 'ann'] } }, true],
  ['another caller', { who: { callers: ['bob'] } }, false],
  ['a role of its caller', { who: { roles: ['staff'] } }, true],
  ['its channel', { who: { channels: ['general'] } }, true],
  ['its agent', { who: { agents: ['helper'] } }, true],
  ['admins', { who: { admins: true } }, false],
  ['nobody', { who: {} }, false],
  ['all but its caller', { unless: { callers: ['ann'] } }, false],
  ['all but others', { unless: { callers: ['bob'] } }, true],
  ['all but a role of its caller', { unless: { roles: ['staff'] } }, false],
  ['its caller, but not in its channel', { who: { callers: ['ann'] }, unless: { channels: ['general'] } }, false],
  ['its name, but another effect', { tools: ['deploy'], effects: ['read'] }, false],
])('a rule for %s applies: %j is %s', (_, rule, applies) => {
  const subject = tool({ capabilities: ['net.send'] })
  expect(judged(subject, { rules: [{ decision: 'deny', ...rule }] })).toBe(applies ? 'deny' : 'allow')
})

test('a rule without a caller’s name fits no list of callers, not even an empty name', () => {
  const policy: PermissionRules = { rules: [{ decision: 'deny', unless: { callers: ['ann'], admins: true } }] }
  expect(judged(tool(), policy, { principal: { roles: [], isAdmin: false } })).toBe('deny')
  expect(judged(tool(), policy, { principal: { roles: [], isAdmin: true } })).toBe('allow')
})

test('a rule for resources is silent until a call is known, and one resource that fits is enough', () => {
  const policies = [{ rules: [{ decision: 'deny', resources: ['path:secrets/*'], reason: 'secret' }] } as const]
  const path = (value: string) => ({ kind: 'path', value })
  expect(judgeTool(tool(), asker, policies)).toEqual({ decision: 'allow' })
  expect(judgeCall(tool(), [path('src/a.ts')], asker, policies)).toEqual({ decision: 'allow' })
  expect(judgeCall(tool(), [path('src/a.ts'), path('secrets/key')], asker, policies)).toMatchObject({
    decision: 'deny',
    reason: 'secret',
  })
  expect(judgeCall(tool(), [{ kind: 'url', value: 'secrets/key' }], asker, policies)).toEqual({ decision: 'allow' })
})

// Properties.

const NAMES = ['deploy', 'read_file', 'send']
const AGENTS = ['helper', 'boss', 'child']
const some = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1 })
const maybe = <K extends string, T>(key: K, values: fc.Arbitrary<T>) =>
  fc
    .option(values, { nil: undefined })
    .map((value) => (value === undefined ? {} : { [key]: value }) as Partial<Record<K, T>>)
const merged = <T extends object>(parts: readonly fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as T)

const audience = merged<NonNullable<PermissionRule['who']>>([
  maybe('callers', some('ann', 'bob')),
  maybe('roles', some('staff', 'guest')),
  maybe('channels', some('general', 'other')),
  maybe('agents', some(...AGENTS)),
  maybe('admins', fc.constant(true)),
])
const rule = merged<PermissionRule>([
  fc.record({ decision: fc.constantFrom('deny', 'ask') }),
  maybe('tools', some('*', 'deploy', 'read*', 's*d')),
  maybe('effects', some('read', 'write', 'destructive')),
  maybe('capabilities', some('net.read', 'fs.write')),
  maybe('resources', some('path:*', 'path:a', 'url:*')),
  maybe('who', audience),
  maybe('unless', audience),
])
const rules = fc.array(rule, { maxLength: 5 })
const policy = merged<PermissionRules>([
  maybe('mode', fc.constantFrom('readonly', 'standard', 'trusted', 'unattended')),
  maybe('rules', rules),
])
const policies = fc.array(policy, { minLength: 1, maxLength: 3 })
const tools = fc
  .record({
    name: fc.constantFrom(...NAMES),
    effect: fc.constantFrom('read', 'write', 'destructive'),
    capabilities: fc.subarray(['net.read', 'fs.write'] as const),
    visibility: fc.constantFrom('public', 'private', 'lowlevel'),
    asks: fc.boolean(),
  })
  .map(({ asks, ...definition }) => tool({ ...definition, ...(asks && { approval: 'ask' as const }) }))
const askers = fc.record({
  runId: fc.constant('r'),
  agent: fc.constantFrom(...AGENTS),
  channel: fc.constantFrom('general', 'other'),
  principal: fc.record({
    id: fc.constantFrom('ann', 'bob'),
    roles: fc.subarray(['staff', 'guest']),
    isAdmin: fc.boolean(),
  }),
  isFirstParty: fc.boolean(),
  canAsk: fc.boolean(),
})
const resources = fc.array(fc.record({ kind: fc.constantFrom('path', 'url'), value: fc.constantFrom('a', 'b') }), {
  maxLength: 2,
})
const severity = ({ decision }: Verdict) => ['allow', 'ask', 'deny'].indexOf(decision)
const worst = (all: readonly Verdict[]) => Math.max(...all.map(severity))

test('judgeCall() says the same in whatever order rules and policies stand', () => {
  const shuffled = policies.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc
        .shuffledSubarray([...all], { minLength: all.length })
        .chain((reordered) =>
          fc.tuple(
            ...reordered.map((one) =>
              one.rules === undefined
                ? fc.constant(one)
                : fc
                    .shuffledSubarray([...one.rules], { minLength: one.rules.length })
                    .map((reorderedRules) => ({ ...one, rules: reorderedRules })),
            ),
          ),
        ),
    ),
  )
  fc.assert(
    fc.property(tools, resources, askers, shuffled, (subject, touched, who, [before, after]) => {
      expect(judgeCall(subject, touched, who, after).decision).toBe(judgeCall(subject, touched, who, before).decision)
      expect(judgeTool(subject, who, after).decision).toBe(judgeTool(subject, who, before).decision)
    }),
  )
})

test('judgeCall() is never softened by one more rule or policy', () => {
  fc.assert(
    fc.property(tools, resources, askers, policies, policy, fc.nat(), (subject, touched, who, all, added, at) => {
      const before = judgeCall(subject, touched, who, all)
      expect(severity(judgeCall(subject, touched, who, [...all, added]))).toBeGreaterThanOrEqual(severity(before))
      const index = at % all.length
      const grown = all.map((one, place) =>
        place === index ? { ...one, rules: [...(one.rules ?? []), ...(added.rules ?? [])] } : one,
      )
      expect(severity(judgeCall(subject, touched, who, grown))).toBeGreaterThanOrEqual(severity(before))
    }),
  )
})

test('judgeCall() is never softer on a call than judgeTool() on its tool', () => {
  fc.assert(
    fc.property(tools, resources, askers, policies, (subject, touched, who, all) => {
      const seen = { ...subject, visibility: 'public' as const }
      const onCall = judgeCall(seen, touched, who, all)
      expect(severity(onCall)).toBeGreaterThanOrEqual(severity(judgeTool(seen, who, all)))
    }),
  )
})

test('judgeCall() is never softer on a delegated run than on any of those above it', () => {
  const path = fc.shuffledSubarray(AGENTS, { minLength: 2 })
  fc.assert(
    fc.property(tools, resources, askers, policies, path, policy, (subject, touched, who, all, agents, added) => {
      const at = (depth: number, isFirstParty: boolean) => ({
        ...who,
        agent: agents[depth]!,
        ancestors: agents.slice(0, depth),
        isFirstParty,
      })
      const above = agents.slice(0, -1).map((_, depth) => judgeCall(subject, touched, at(depth, who.isFirstParty), all))
      const below = judgeCall(subject, touched, at(agents.length - 1, false), [...all, added])
      expect(severity(below)).toBeGreaterThanOrEqual(worst(above))
    }),
  )
})

test('matches() agrees with the pattern as a regular expression', () => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '.', '('), { maxLength: 8 }).map((parts) => parts.join(''))
  const text = fc
    .array(fc.constantFrom('a', 'b', '.', '(', '\n', '*'), { maxLength: 12 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(pattern, text, (glob, candidate) => {
      const source = glob
        .split('*')
        .map((piece) => piece.replaceAll(/[.(]/g, String.raw`\$&`))
        .join('[^]*')
      expect(matches(glob, candidate)).toBe(new RegExp(`^${source}$`).test(candidate))
    }),
    { numRuns: 500 },
  )
})

test('matches() looks for each piece of a pattern once, from where the one before it ended', () => {
  const looked: number[] = []
  const text = Object.assign(Object('a'.repeat(50)) as string, {
    indexOf(piece: string, from = 0) {
      looked.push(from)
      return 'a'.repeat(50).indexOf(piece, from)
    },
  })
  expect(matches(`${'*a'.repeat(40)}*b`, text)).toBe(false)
  expect(looked).toEqual(Array.from({ length: 40 }, (_, index) => index))
})
