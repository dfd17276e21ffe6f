import { answerOf, beginsWith, callOrSay, failureOf } from '../say.ts'
import { type DemoCall, type DemoReply, type DemoTurn, resultsOf, type Scene } from '../turn.ts'

const REMEMBER = beginsWith(
  String.raw`(?:remember|keep in mind|don[’']t forget|note(?: down)?)\b(?! about me)[\s:,]*(?:that\b)?`,
)
const FORGET = beginsWith(String.raw`forget\b[\s:,]*(?:(?:that|about)\b)?`)
const RECALL = /\bwhat (?:do )?you (?:remember|know)\b|\b(?:my|list|show|read)\b.{0,12}\bnotes\b/i

/** `Remember that I like tea`, `Forget the tea` */
export const noteCommandScene: Scene = (turn) => {
  if (FORGET.test(turn.text)) return forget(turn)
  const [match] = REMEMBER.exec(turn.text) ?? []
  return match === undefined ? undefined : remember(turn, turn.text.slice(match.length).trim())
}

/** `What do you remember?` */
export const recallScene: Scene = (turn) => {
  if (!RECALL.test(turn.text)) return undefined
  const [listed] = resultsOf(turn, 'list_notes')
  if (listed === undefined) return callOrSay(turn, 'I look into your notes.', [{ name: 'list_notes', input: {} }])
  return { text: answerOf(listed, notesInWords) }
}

/** What `list_notes` gave, as a list. */
function notesInWords(text: string): string {
  const notes = notesIn(text)
  if (notes.length === 0) return 'I remember nothing of you yet. Say “remember that ...”.'
  return ['This is what I remember:', '', ...notes.map((note) => `- ${note.text} (note ${note.id})`)].join('\n')
}

interface ListedNote {
  readonly id: number
  readonly text: string
}

export function notesIn(text: string): readonly ListedNote[] {
  return [...text.matchAll(/^(\d+) \(\d{4}-\d\d-\d\d\): (.*)$/gm)].map(([, id, note]) => ({
    id: Number(id),
    text: note!,
  }))
}

function remember(turn: DemoTurn, text: string): DemoReply {
  if (text === '') return { text: 'What shall I remember? Say “remember that ...”.' }
  const [kept] = resultsOf(turn, 'save_note')
  if (kept === undefined) return callOrSay(turn, 'I write that down.', [{ name: 'save_note', input: { text } }])
  return { text: answerOf(kept, (said) => `${said}\n\nAsk me what I remember, here or in another conversation.`) }
}

// Each is a question to the person.
const MOST_FORGOTTEN = 10

function forget(turn: DemoTurn): DemoReply {
  const deleted = resultsOf(turn, 'delete_note')
  if (deleted.length > 0) return { text: deleted.map((one) => answerOf(one, (text) => text)).join('\n\n') }
  const [listed] = resultsOf(turn, 'list_notes')
  if (listed === undefined)
    return callOrSay(turn, 'I look for it among your notes.', [{ name: 'list_notes', input: {} }])
  if (listed.isError) return { text: failureOf(listed) }
  const found = notesToForget(notesIn(listed.text), turn.text.replace(FORGET, ''))
  if (found.length === 0) return { text: 'I have no note about that, so there is nothing to forget.' }
  const calls = found.map(({ id, text }): DemoCall => ({ name: 'delete_note', input: { id, text } }))
  return callOrSay(turn, 'I have it here. It is gone for good when it is deleted, so you are asked.', calls)
}

function notesToForget(notes: readonly ListedNote[], what: string): readonly ListedNote[] {
  if (/^\W*(everything|all|it all)\b/i.test(what)) return notes.slice(0, MOST_FORGOTTEN)
  const best = bestMatch(notes, what, ({ text }) => text)
  return best === undefined ? [] : [best]
}

const STOP_WORDS =
  /^(about|and|are|for|her|his|like|love|mine|not|that|the|their|them|these|this|those|was|were|what|with|you|your)$/

/** The one that shares most words with what was said; the newest of several. */
export function bestMatch<T>(all: readonly T[], said: string, textOf: (one: T) => string): T | undefined {
  const wanted = wordsOf(said)
  let best: { readonly one: T; readonly shared: number } | undefined
  for (const one of all) {
    const shared = wordsOf(textOf(one)).filter((word) => wanted.includes(word)).length
    if (shared > 0 && shared >= (best?.shared ?? 0)) best = { one, shared }
  }
  return best?.one
}

function wordsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? []
  return words.filter((word) => !STOP_WORDS.test(word))
}
