import type { Viewer } from '@executus/core/owned'
import { countingIds, type FakeClock, fakeClock, recordingLogger, type RecordingLogger } from '@executus/core/testing'

import { createSkills, type Skills, type SkillsOptions } from './skills.ts'

export const ann: Viewer = { id: 'ann', roles: [], isAdmin: false, scopes: ['club'] }
export const nobody: Viewer = { roles: [], isAdmin: false }

const POLICY = { tools: ['look', 'search'], tiers: ['fast', 'smart'] } as const

export interface Kit {
  readonly skills: Skills
  readonly clock: FakeClock
  readonly logger: RecordingLogger
}

/** Skills with ids that count and a clock that stands still. */
export function kit(options: SkillsOptions = {}): Kit {
  const clock = fakeClock()
  const logger = recordingLogger()
  return {
    skills: createSkills({ clock, ids: countingIds('p'), logger, allow: POLICY, ...options }),
    clock,
    logger,
  }
}
