import {
  type OpenedOwnedStores,
  type OwnedConformanceCase,
  type OwnedConformanceOptions,
  ownedStoreConformance,
} from '@executus/core/owned/testing'

import type { Persona } from '../persona.ts'

/**
 * The contract of `PersonaStore`, as cases on `node:assert` for any test runner. Each opens an empty store of its own, twice.
 *
 * @example
 * for (const { name, skip, run } of personaStoreConformance(openMyStore)) test(name, { skip }, run) // node:test
 */
export function personaStoreConformance(
  open: () => OpenedOwnedStores<Persona> | Promise<OpenedOwnedStores<Persona>>,
  options: OwnedConformanceOptions = {},
): readonly OwnedConformanceCase[] {
  const contentOf = (description: string) => ({
    agent: { description, instructions: 'Be brief.', tools: ['look'], limits: { maxSteps: 3 } },
  })
  return ownedStoreConformance<Persona>(open, contentOf, options)
}
