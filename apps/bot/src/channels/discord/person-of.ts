import type { GuildMember, User } from 'discord.js'

import type { Person } from '../../view/entry.ts'

const LONGEST_NAME = 80

/** Whoever it is to the bot. The name is of their own choosing: one line, and not a long one. */
export function personOf(user: User, member: unknown): Person {
  return { id: `discord:${user.id}`, name: nameOf(user, member) }
}

export function nameOf(user: User, member: unknown): string {
  const name = (member as GuildMember | null | undefined)?.displayName ?? user.displayName
  return (
    name
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_NAME)
      .toWellFormed() || user.id
  )
}
