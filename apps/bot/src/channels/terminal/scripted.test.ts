import { expect, test, vi } from 'vitest'

import { questionOf, startTerminal, type StartedTerminal } from './terminal.test-kit.ts'

const saidTexts = (terminal: StartedTerminal): readonly string[] => terminal.bot.said.map(({ text }) => text)
/** Long enough for all that does not wait for anything. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

test('lines of a pipe are taken one after the other, each when the one before it is answered', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.type('one\ntwo\\\nlines\n/usage\n')
  terminal.endInput()
  await vi.waitFor(() => expect(saidTexts(terminal)).toEqual(['one']))
  terminal.live([])
  terminal.text(1, 'Answer one')
  await settled()
  expect(saidTexts(terminal)).toEqual(['one'])

  terminal.answer('Answer one')
  await settled()
  expect(saidTexts(terminal)).toEqual(['one'])
  terminal.said('answered')
  await vi.waitFor(() => expect(saidTexts(terminal)).toEqual(['one', 'two\nlines']))
  await settled()
  expect([terminal.bot.commands, terminal.left()]).toEqual([[], 0])

  terminal.said('answered')
  await vi.waitFor(() => expect(terminal.left()).toBe(1))
  expect(terminal.bot.commands.map(({ line }) => line)).toEqual(['/usage'])
  expect(terminal.written()).toBe('Answer one\nDid `/usage`.\n')
})

test('at the end of a pipe it waits for the answer that is to be sent', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.type('one')
  terminal.endInput()
  await vi.waitFor(() => expect(saidTexts(terminal)).toEqual(['one']))
  const { id } = terminal.answer('Yes.', { delivery: 'waiting' })
  terminal.said('answered')
  await settled()
  expect(terminal.left()).toBe(0)
  await terminal.send({ text: 'Yes.' })
  const [, entry] = terminal.bot.snapshot(terminal.conversationId)!.entries
  terminal.bot.show(
    terminal.conversationId,
    { ...(entry as typeof entry & { kind: 'answer' }), delivery: 'sent' },
    { id },
  )
  await vi.waitFor(() => expect(terminal.left()).toBe(1))
  expect(terminal.written()).toBe('Yes.\n')
})

test('the line after a question decides it, and the rest waits for what follows', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.type('write it\na\nthanks\n')
  await vi.waitFor(() => expect(saidTexts(terminal)).toEqual(['write it']))
  const entry = terminal.bot.show(terminal.conversationId, questionOf('q1'))
  await settled()
  expect(terminal.bot.decisions).toEqual([])
  await terminal.send(terminal.channel.outlet!.partsOf(entry)[0]!)
  await vi.waitFor(() => expect(terminal.bot.decisions).toMatchObject([{ questionId: 'q1', choice: 'app' }]))
  await settled()
  expect(saidTexts(terminal)).toEqual(['write it'])
  terminal.said('answered')
  await vi.waitFor(() => expect(saidTexts(terminal)).toEqual(['write it', 'thanks']))
})

test('at the end of a pipe a question stays open', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.type('write it\n')
  terminal.endInput()
  await vi.waitFor(() => expect(saidTexts(terminal)).toEqual(['write it']))
  const entry = terminal.bot.show(terminal.conversationId, questionOf('q1'))
  await terminal.send(terminal.channel.outlet!.partsOf(entry)[0]!)
  await vi.waitFor(() => expect(terminal.left()).toBe(1))
  expect(terminal.bot.decisions).toEqual([])
})

test('lines after /quit are not taken', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.type('/quit\none\n')
  terminal.endInput()
  await vi.waitFor(() => expect(terminal.left()).toBe(1))
  await settled()
  expect([saidTexts(terminal), terminal.left()]).toEqual([[], 1])
})

test('close() ends a wait', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.type('one\ntwo\n')
  await vi.waitFor(() => expect(saidTexts(terminal)).toEqual(['one']))
  await terminal.channel.close()
  await settled()
  expect([saidTexts(terminal), terminal.left()]).toEqual([['one'], 0])
})
