import { emit, record, type Run, stepOf } from './run.ts'

/** Puts what was said to the run since its last step into the conversation; its sender hears of it once it is kept. */
export async function takeMail(run: Run): Promise<void> {
  if (run.mailbox.isEmpty) return
  const messages = run.mailbox.peek()
  await record(run, ...messages.map((message) => ({ type: 'message' as const, from: 'mail' as const, message })))
  const step = stepOf(run) + 1
  run.mailbox.delivered(messages.length, step)
  for (const message of messages) emit(run, { type: 'steer-delivered', step, message })
}
