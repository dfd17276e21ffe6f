/** The conversation that the address names: what a reload and the browser's way back keep. */
export function conversationOfAddress(): string | undefined {
  try {
    return decodeURIComponent(location.hash.slice(1)) || undefined
  } catch {
    // Somebody wrote it by hand.
    return undefined
  }
}

/** Puts a conversation into the address. The first of a visit adds nothing to go back to. */
export function showInAddress(conversationId: string): void {
  if (conversationOfAddress() === conversationId) return
  const address = `#${encodeURIComponent(conversationId)}`
  if (location.hash === '') history.replaceState(null, '', address)
  else history.pushState(null, '', address)
}
