/** What a button carries, so that it works after a restart: nothing about it is in memory. */
export function buttonId(questionId: string, choice: string): string {
  return `ex:${questionId}:${choice}`
}

/** What a button was for; `undefined` for one that is not ours. */
export function readButtonId(id: string): { readonly questionId: string; readonly choice: string } | undefined {
  const [, questionId, choice] = /^ex:([a-z0-9]{1,20}):([a-z]{1,10})$/.exec(id) ?? []
  return questionId === undefined || choice === undefined ? undefined : { questionId, choice }
}
