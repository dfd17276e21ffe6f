import { type AssistantMessage, textOf, toolCallsOf, userMessage } from '@executus/llm'

import type { Ending } from '../result.ts'
import { ANSWER, readAnswer } from './answer-tool.ts'
import { endingOfReply, noAnswer } from './ending.ts'
import { outputOf, record, type Run } from './run.ts'

/** Two tries at mending are worth it; a model that fails a third time does not understand what is wanted. */
const MOST_REJECTED = 2

/** Judges the newest reply: an ending when the run is done, nothing when it goes on, with a word to the model if need be. */
export async function review(run: Run): Promise<Ending | undefined> {
  const { reply, isAnswered } = run.state
  const { message } = reply!
  const schema = outputOf(run)
  if (schema !== undefined && isSpoken(run)) {
    const answer = isAnswered ? textOf(message) : acceptedAnswer(run, message)
    if (answer !== undefined) {
      const read = await run.stop.race(readAnswer(schema, answer))
      if (!read.ok)
        return askAgain(
          run,
          'invalid-output',
          `That answer does not fit: ${read.problem}. Give the whole answer again.`,
        )
      run.object = read.value
      if (hasMail(run)) return undefined
      return { status: 'ok', stopReason: 'answered' }
    }
    const failures = failedAnswers(run)
    if (failures.length > MOST_REJECTED) return noAnswer('invalid-output', failures.at(-1)!)
  }
  if (!isAnswered || hasMail(run)) return undefined
  if (isSpoken(run) && textOf(message).trim() === '')
    return askAgain(run, 'empty-response', 'Your reply was empty. Give your answer.')
  return endingOfReply(reply!)
}

/** What the newest reply means where no other can follow, whatever is still to be said; nothing when it is no last word. */
export async function standingAnswer(run: Run): Promise<Ending | undefined> {
  const { reply, isAnswered, open } = run.state
  // A refused reply may hold calls: they get their results first.
  if (reply === undefined || open !== undefined) return undefined
  const answer = isAnswered ? textOf(reply.message) : acceptedAnswer(run, reply.message)
  const schema = outputOf(run)
  if (answer === undefined || (schema === undefined && !isAnswered)) return undefined
  if (!isSpoken(run)) return endingOfReply(reply)
  if (schema === undefined) return answer.trim() === '' ? undefined : endingOfReply(reply)
  const read = await run.stop.race(readAnswer(schema, answer))
  if (!read.ok) return undefined
  run.object = read.value
  return { status: 'ok', stopReason: 'answered' }
}

/** Whether the model may be asked: no call is open, and there is no answer, or more to say to it. */
export function mayThink(run: Run): boolean {
  const { open, isAnswered } = run.state
  return open === undefined && (!isAnswered || hasMail(run))
}

/** Nothing more is said to a model that refused, or whose window is full. */
function hasMail(run: Run): boolean {
  const { reply } = run.state
  const canGoOn = reply?.stopReason !== 'refused' && reply?.stopReason !== 'window-exceeded'
  return canGoOn && !run.mailbox.isEmpty
}

function isSpoken({ state: { reply } }: Run): boolean {
  const stopReason = reply?.stopReason
  return stopReason !== 'refused' && stopReason !== 'window-exceeded' && stopReason !== 'length'
}

/** The arguments of the call that gave the answer, if it was taken as one. */
function acceptedAnswer(run: Run, message: AssistantMessage): string | undefined {
  const call = toolCallsOf(message).find(({ name }) => name === ANSWER)
  const results = run.state.messages.at(-1)
  if (call === undefined || results?.role !== 'tool') return undefined
  const result = results.content.find(({ callId }) => callId === call.id)
  return result?.isError === false ? call.argumentsText : undefined
}

/** What the model read about calls of the answer tool, in this phase, whose arguments did not fit. */
function failedAnswers({ state: { messages, input } }: Run): readonly string[] {
  return messages
    .slice(input.length)
    .flatMap((message) => (message.role === 'tool' ? message.content : []))
    .filter(({ name, isError }) => name === ANSWER && isError)
    .map(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')).join(''))
}

async function askAgain(
  run: Run,
  stopReason: 'invalid-output' | 'empty-response',
  text: string,
): Promise<Ending | undefined> {
  const most = stopReason === 'empty-response' ? 1 : MOST_REJECTED
  if (run.state.rejectedAnswers >= most) return noAnswer(stopReason, text)
  await record(run, { type: 'message', from: 'review', message: userMessage(text) })
  return undefined
}
