import type { Bundle } from '../bundle/bundle.ts'
import type { FleetMember } from '../fleet/fleet.ts'
import type { Lens } from '../lens/lens.ts'
import type { Cell } from '../review/review.ts'

/** Every model looks at every bundle through every lens. Bundles come first: what is cut short has looked at whole ones. */
export function planCells(
  members: readonly FleetMember[],
  lenses: readonly Lens[],
  bundles: readonly Bundle[],
): readonly Cell[] {
  return bundles.flatMap((bundle) => lenses.flatMap((lens) => members.map((member) => ({ member, lens, bundle }))))
}
