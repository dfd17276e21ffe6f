import { join, sep } from 'node:path'

/** The skills that come with the bot. */
export const SHIPPED_SKILLS = join(import.meta.dirname, '..', '..', 'skills')

/** Whether a skill comes with the bot: it is as trusted as the bot. A folder beside ours may begin with the same letters. */
export function isShipped({ folder }: { readonly folder: string }): boolean {
  return folder.startsWith(`${SHIPPED_SKILLS}${sep}`)
}
