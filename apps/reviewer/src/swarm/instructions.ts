import type { Agent } from '@executus/core'

import { bundleText } from '../bundle/bundle-text.ts'
import type { Bundle } from '../bundle/bundle.ts'
import type { Change } from '../change/change.ts'
import type { FleetMember } from '../fleet/fleet.ts'
import type { Lens } from '../lens/lens.ts'
import { ABOUT_UNTRUSTED, wrapUntrusted } from '../sanitise/wrap-untrusted.ts'

// The list is what makes a reviewer worth reading: most of what people dismiss is on it.
const GENERAL = `You review a change of code through one lens, and report what is wrong with it.

Report a finding only when all of this holds:
- The change brings it about, or makes it worse. What was there before is not yours.
- You can name what goes wrong, for whom and when. "Might", "consider" and "make sure" are no findings.
- It is about a line that you can quote. Copy the line, or the few lines, from the new file character by character, without the mark,
  the number and the bar in front of it. For something that was deleted, quote the deleted line.

Do not report: style, formatting and naming that a linter or formatter settles; missing comments and documentation; praise; what is
silenced on purpose in the code; guesses about code that you do not see; the same fault twice. No finding is the right answer for most
changes, and one that is wrong costs its reader more than one that is missing.

How the change is shown: each line has a mark (+ added, - deleted, blank for unchanged), its number in the new file, a bar, and the line.`

/** A reviewer as an agent: it has no tools, and knows nothing but what it is shown. */
export function reviewerOf(member: FleetMember, lens: Lens, rules: string | undefined): Agent {
  const agreed = rules === undefined ? '' : `\n\nWhat the people of this project agreed on:\n${rules}`
  return {
    name: `review-${lens.name}`,
    instructions: `${GENERAL}\n\nLens: ${lens.name} (${lens.title})\n${lens.instructions}${agreed}\n\n${ABOUT_UNTRUSTED}`,
    tier: member.tier,
  }
}

/** What a reviewer is asked. */
export function questionOf({ title, description }: Pick<Change, 'title' | 'description'>, bundle: Bundle): string {
  return [
    ...(title === undefined ? [] : [wrapUntrusted('title of the change', title)]),
    ...(description === undefined || description.trim() === ''
      ? []
      : [wrapUntrusted('description of the change', description)]),
    wrapUntrusted('the change', bundleText(bundle)),
    'Report your findings.',
  ].join('\n\n')
}
