/** What was typed and not sent, in this tab: a reload keeps it. */
export function readDraft(conversationId: string | undefined): string {
  return sessionStorage.getItem(keyOf(conversationId)) ?? ''
}

export function writeDraft(conversationId: string | undefined, text: string): void {
  if (text === '') sessionStorage.removeItem(keyOf(conversationId))
  else sessionStorage.setItem(keyOf(conversationId), text)
}

function keyOf(conversationId: string | undefined): string {
  return `draft ${conversationId ?? ''}`
}
