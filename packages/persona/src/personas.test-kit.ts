import type { Viewer } from '@executus/core/owned'
import { countingIds, type FakeClock, fakeClock, recordingLogger, type RecordingLogger } from '@executus/core/testing'

import { createPersonas, type Personas, type PersonasOptions } from './personas.ts'

export const ann: Viewer = { id: 'ann', roles: [], isAdmin: false, scopes: ['club'] }
export const bob: Viewer = { id: 'bob', roles: [], isAdmin: false }
export const admin: Viewer = { id: 'root', roles: [], isAdmin: true }
export const nobody: Viewer = { roles: [], isAdmin: false }

const POLICY = { tools: ['look', 'search'], tiers: ['fast', 'smart'] } as const

export interface Kit {
  readonly personas: Personas
  readonly clock: FakeClock
  readonly logger: RecordingLogger
}

/** Personas with ids that count and a clock that stands still. */
export function kit(options: PersonasOptions = {}): Kit {
  const clock = fakeClock()
  const logger = recordingLogger()
  return {
    personas: createPersonas({ clock, ids: countingIds('p'), logger, allow: POLICY, ...options }),
    clock,
    logger,
  }
}
