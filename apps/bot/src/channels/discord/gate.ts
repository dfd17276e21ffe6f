/** Where something is said. */
export interface Spot {
  readonly channelId: string
  /** Of a thread, the channel that it hangs from. */
  readonly parentId: string | undefined
  readonly isDirect: boolean
}

export interface GateOptions {
  readonly isOwner: (personId: string) => boolean
  readonly channels: readonly string[]
  readonly people: readonly string[]
}

/** Gives whether somebody may speak to the bot in a place: anybody in the channels it is for, owners everywhere. */
export function gateOf({ isOwner, channels, people }: GateOptions): (spot: Spot, personId: string) => boolean {
  const open = new Set(channels)
  const known = new Set(people.map((id) => (id.startsWith('discord:') ? id : `discord:${id}`)))
  return ({ channelId, parentId, isDirect }, personId) => {
    if (isOwner(personId)) return true
    if (isDirect) return known.has(personId)
    return open.has(channelId) || (parentId !== undefined && open.has(parentId))
  }
}
