import {
  type OpenedOwnedStores,
  type OwnedConformanceCase,
  type OwnedConformanceOptions,
  ownedStoreConformance,
} from '@executus/core/owned/testing'

import type { Skill } from '../skill.ts'

/**
 * The contract of `SkillStore`, as cases on `node:assert` for any test runner. Each opens an empty store of its own, twice.
 *
 * @example
 * for (const { name, skip, run } of skillStoreConformance(openMyStore)) test(name, { skip }, run) // node:test
 */
export function skillStoreConformance(
  open: () => OpenedOwnedStores<Skill> | Promise<OpenedOwnedStores<Skill>>,
  options: OwnedConformanceOptions = {},
): readonly OwnedConformanceCase[] {
  const contentOf = (description: string) => ({
    description,
    inputs: [{ name: 'city', type: 'string' as const, maxLength: 9 }],
    prompt: 'Look at {{city}}.',
    agent: { instructions: 'Be brief.', tools: ['look'], limits: { maxSteps: 3 } },
  })
  return ownedStoreConformance<Skill>(open, contentOf, options)
}
