import { OwnedError } from '@executus/core/owned'
import { expect, test } from 'vitest'

import type { Skill } from './skill.ts'
import { ann, kit, nobody } from './skills.test-kit.ts'
import { createSkills, type SkillsOptions } from './skills.ts'

const draft = { name: 'sum-up', description: 'Sums up.', prompt: 'Sum up.' }

test('a skill is private, its maker’s, of version 1 and of now', async () => {
  const { skills, clock } = kit()
  const nowMs = clock.now()
  const made = await skills.create(draft, { as: ann })
  expect(made).toEqual({
    ...draft,
    id: 'p-1',
    owner: 'ann',
    visibility: 'private',
    inputs: [],
    agent: {},
    version: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  })
  await clock.advance(5)
  const change = { inputs: [{ name: 'page', type: 'integer' }], prompt: 'Sum up page {{ page }}.' } as const
  const changed = await skills.update('p-1', change, { as: ann, version: 1 })
  expect(changed).toEqual({ ...made, ...change, version: 2, updatedAtMs: nowMs + 5 })
  expect(await skills.get('p-1', { as: ann })).toEqual(changed)
  await expect(skills.update('p-1', {}, { as: ann, version: 1 })).rejects.toMatchObject({
    code: 'fenced',
    message: 'Skill p-1 is at version 2 by now, not at 1',
  })
})

test('how many there may be, and who may see them, is as the host says', async () => {
  const { skills } = kit({ allow: { visibilities: ['public'] }, bounds: { maxPerOwner: 2 } })
  const make = (name: string, visibility: 'private' | 'public') =>
    skills.create({ ...draft, name, visibility }, { as: ann })
  await expect(make('a', 'private')).rejects.toThrow('`skill.visibility` to be one of public')
  const made = await make('a', 'public')
  await make('b', 'public')
  expect(await make('c', 'public').catch((error: unknown) => OwnedError.is(error) && error.code)).toBe('too-many')
  expect(await skills.find('a', { as: nobody })).toEqual(made)
  expect(await skills.list({ limit: 1 }, { as: nobody })).toEqual({ skills: [made], next: expect.any(String) })
})

const phase = { name: 'p', instructions: 'x' }
const WRONG: readonly (readonly [object, string])[] = [
  [{ name: 'Sum-Up' }, 'small letters'],
  [{ name: 'sum--up' }, 'small letters'],
  [{ name: '-sum' }, 'small letters'],
  [{ name: 'sum-' }, 'small letters'],
  [{ name: 'sum_up' }, 'small letters'],
  [{ name: 'sum\n' }, 'small letters'],
  [{ name: 'x'.repeat(65) }, 'small letters'],
  [{ name: '../x' }, 'small letters'],
  [{ name: null }, 'skill.name'],
  [{ description: ' ' }, 'skill.description'],
  [{ description: 'x'.repeat(1_025) }, 'at most 1024'],
  [{ prompt: '' }, 'skill.prompt'],
  [{ prompt: 'x'.repeat(32_001) }, 'skill.prompt'],
  [{ prompt: '{{page}}' }, 'to name its inputs (there is none), got `{{page}}`'],
  [{ prompt: '{{toString}}', inputs: [] }, 'to name its inputs'],
  [{ inputs: [{ name: 'page', type: 'string' }] }, 'to have a place for `page`'],
  [{ inputs: Array.from({ length: 17 }, () => ({ name: 'a', type: 'string' })) }, 'at most 16'],
  [{ inputs: {} }, 'skill.inputs'],
  [{ visibility: 'public' }, 'skill.visibility'],
  [{ visibility: 'shared', scope: 'elsewhere' }, 'skill.scope'],
  [{ scope: 'club' }, 'skill.scope'],
  [{ agent: { palette: ['a'] } }, 'no option `palette`'],
  [{ agent: { name: 'b' } }, 'no option `name`'],
  [{ agent: { instructions: 'x'.repeat(32_001) } }, 'skill.agent.instructions'],
  [{ agent: { tools: ['shell'] } }, 'got `shell`'],
  [{ agent: { tier: 'opus' } }, 'got `opus`'],
  [{ agent: { limits: { timeoutMs: 60_001 } } }, 'timeoutMs up to 60000'],
  [{ agent: { phases: Array.from({ length: 9 }, () => phase) } }, 'skill.agent.phases'],
  [{ agent: { phases: 'x' } }, 'skill.agent.phases'],
  [{ agent: { phases: [{ ...phase, tools: ['shell'] }] } }, 'got `shell`'],
]

test.each(WRONG)('%j is refused, and nothing is kept', async (change, message) => {
  const { skills } = kit()
  const error: unknown = await skills.create({ ...draft, ...change }, { as: ann }).catch((thrown: unknown) => thrown)
  expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
  expect((error as Error).message).toContain(message)
  const { id } = await skills.create(draft, { as: ann })
  await expect(skills.update(id, change, { as: ann, version: 1 })).rejects.toThrow(/^Expected/)
  expect(await skills.get(id, { as: ann })).toMatchObject({ ...draft, version: 1 })
})

test('a policy that was tightened binds what was saved before', () => {
  const { skills, logger } = kit({ allow: { tools: ['look'], tiers: ['cheap'], maxLimits: { maxSteps: 4 } } })
  const agent = { tools: ['look', 'shell'], tier: 'smart', phases: [{ ...phase, tools: ['shell'], maxSteps: 9 }] }
  expect(skills.agentOf({ name: 'old', agent } as unknown as Skill)).toEqual({
    name: 'old',
    tier: 'cheap',
    tools: ['look'],
    limits: { maxSteps: 4 },
    phases: [{ ...phase, tools: [], maxSteps: 4 }],
  })
  expect(logger.lines.length).toBe(4)
})

test('a skill can be run without a model that calls it', async () => {
  const { skills } = kit()
  const made = await skills.create(
    { ...draft, inputs: [{ name: 'page', type: 'integer', minimum: 1 }], prompt: 'Page {{page}}.' },
    { as: ann },
  )
  expect(skills.promptOf(made, { page: 3 })).toBe('Page 3.')
  expect(() => skills.promptOf(made, { page: 0 })).toThrow('page: expected a whole number of at least 1')
})

test('mistakes of the caller name what was wrong', async () => {
  const wrong: readonly (readonly [SkillsOptions, string])[] = [
    [{ storage: 1 } as never, 'no option `storage`'],
    [{ store: {} as never }, 'options.store'],
    [{ allow: { palette: ['a'] } as never }, 'no option `palette`'],
    [{ bounds: { maxInputs: 0 } }, 'options.bounds.maxInputs'],
    [{ scopesOf: 7 as never }, 'options.scopesOf'],
  ]
  for (const [options, message] of wrong) expect(() => createSkills(options)).toThrow(message)
})
