import { expect, test, vi } from 'vitest'

import { ANN, answerOf, questionOf, startTerminal, type StartedTerminal } from './terminal.test-kit.ts'

async function wrote(terminal: StartedTerminal, ...lines: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(terminal.written().split('\n')).toEqual([...lines, '']))
}

/** The bot asks, and sends the question. */
async function ask(terminal: StartedTerminal, questionId: string, labels?: string[]): Promise<void> {
  const entry = terminal.bot.show(terminal.conversationId, questionOf(questionId, labels))
  await terminal.send(terminal.channel.outlet!.partsOf(entry)[0]!)
}

const QUESTION = ['? May q1 write?', '  │ a.txt', '  │ b.txt']

test('what is sent before anything was said came while the person was away, told once', async () => {
  const before = (bot: StartedTerminal['bot'], id: string) =>
    void bot.show(id, { ...answerOf('One'), delivery: 'waiting' })
  const terminal = await startTerminal({ isTerminal: false, before })
  terminal.bot.show(terminal.conversationId, { ...answerOf('One'), delivery: 'waiting' }, { id: 1 }) // it is about to be sent
  await terminal.send({ text: 'One' })
  await terminal.send({ text: 'Two' })
  await wrote(terminal, 'While you were away:', 'One', 'Two')
})

test('what happens while the terminal is open did not come while the person was away', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  terminal.bot.show(terminal.conversationId, { kind: 'notice', text: 'A job was made.', tone: 'info' })
  await terminal.send({ text: 'A job was made.' })
  terminal.type('hello\n')
  await vi.waitFor(() => expect(terminal.bot.said).toHaveLength(1))
  await terminal.send({ text: 'Of another conversation.' })
  await wrote(terminal, 'A job was made.', 'Of another conversation.')
})

test.each(['1', 'a', 'A', ' approve '])('a question is decided by %j', async (line) => {
  const terminal = await startTerminal({ isTerminal: false })
  await ask(terminal, 'q1')
  terminal.type(`${line}\n`)
  await vi.waitFor(() => expect(terminal.bot.decisions).toEqual([{ questionId: 'q1', choice: 'app', by: ANN.id }]))
  await wrote(terminal, ...QUESTION, '  1 [a]pprove   2 [d]ecline', 'Approved.')
  terminal.type(`${line}\n`)
  await vi.waitFor(() => expect(terminal.bot.said.map(({ text }) => text)).toEqual([line.trim()]))
  expect(terminal.bot.decisions).toHaveLength(1)
})

test.each(['3', '0', 'no', 'ap', 'approve it', '/usage'])('a question is not decided by %j', async (line) => {
  const terminal = await startTerminal({ isTerminal: false })
  await ask(terminal, 'q1')
  terminal.type(`${line}\n2\n`)
  await vi.waitFor(() => expect(terminal.bot.decisions).toEqual([{ questionId: 'q1', choice: 'dec', by: ANN.id }]))
  expect([...terminal.bot.said.map(({ text }) => text), ...terminal.bot.commands.map((one) => one.line)]).toEqual([
    line,
  ])
})

test('of several questions a number says which; a letter does not', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  await ask(terminal, 'q1')
  await ask(terminal, 'q2', ['Allow', 'Deny', 'Stop'])
  terminal.type('a\n')
  await vi.waitFor(() => expect(terminal.written()).toContain('Several questions are open. Which one?'))
  expect(terminal.written()).toContain('\n  3 [a]llow   4 [d]eny   5 [s]top\n')
  terminal.type('4\ns\n')
  await vi.waitFor(() => expect(terminal.bot.said.map(({ text }) => text)).toEqual(['s']))
  expect(terminal.bot.decisions).toEqual([{ questionId: 'q2', choice: 'den', by: ANN.id }])
  terminal.type('d\n')
  await vi.waitFor(() => expect(terminal.bot.decisions.at(-1)).toEqual({ questionId: 'q1', choice: 'dec', by: ANN.id }))
})

test('a decision that was not taken leaves the question open, unless it is over', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  await ask(terminal, 'q1')
  const place = { id: 1, conversationId: terminal.conversationId, atMs: 0 }
  terminal.bot.decided = { isTaken: false, message: 'Only owners may.', entry: { ...questionOf('q1'), ...place } }
  terminal.type('a\n')
  await vi.waitFor(() => expect(terminal.written()).toContain('Only owners may.'))
  terminal.bot.decided = { isTaken: false, message: 'It has expired.' }
  terminal.type('a\n')
  await vi.waitFor(() => expect(terminal.written()).toContain('It has expired.'))
  const { outlet } = terminal.channel
  const [part] = outlet!.partsOf({ ...questionOf('q1'), ...place, outcome: 'Nobody decided.' })
  await outlet!.update!('terminal', 'm', part!, { signal: new AbortController().signal })
  await vi.waitFor(() => expect(terminal.written()).toContain('Nobody decided.'))
  terminal.type('a\n')
  await vi.waitFor(() => expect(terminal.bot.said.map(({ text }) => text)).toEqual(['a']))
})

test('what became of a question is told, unless it was decided here', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  const options = { signal: new AbortController().signal }
  const { outlet } = terminal.channel
  for (const questionId of ['q1', 'q2']) await ask(terminal, questionId)
  terminal.type('1\n')
  await vi.waitFor(() => expect(terminal.bot.decisions).toHaveLength(1))
  for (const [id, questionId] of ['q1', 'q2'].entries()) {
    const place = { id: id + 1 }
    const entry = terminal.bot.show(terminal.conversationId, { ...questionOf(questionId), outcome: 'Approved.' }, place)
    await outlet!.update!('terminal', 'm', outlet!.partsOf(entry)[0]!, options)
  }
  await vi.waitFor(() => expect(terminal.written()).toMatch(/\nMay q2 write\?\n {2}│ a.txt\n {2}│ b.txt\nApproved.\n$/))
  expect(terminal.written()).not.toMatch(/\nMay q1/)
  terminal.type('3\n')
  await vi.waitFor(() => expect(terminal.bot.said.map(({ text }) => text)).toEqual(['3']))
})

test('a question that is open since before is shown again, once', async () => {
  const before = (bot: StartedTerminal['bot'], id: string): void => {
    bot.show(id, { ...questionOf('q0'), outcome: 'Declined.' })
    bot.show(id, questionOf('q1'))
  }
  const terminal = await startTerminal({ isTerminal: false, before })
  await wrote(terminal, ...QUESTION, '  1 [a]pprove   2 [d]ecline')
  const [, entry] = terminal.bot.snapshot(terminal.conversationId)!.entries
  await terminal.send(terminal.channel.outlet!.partsOf(entry!)[0]!)
  terminal.type('d\n')
  await wrote(terminal, ...QUESTION, '  1 [a]pprove   2 [d]ecline', 'Approved.')
  expect(terminal.bot.decisions).toEqual([{ questionId: 'q1', choice: 'dec', by: ANN.id }])
})

test('what is sent to a terminal that is not open was surely not sent', async () => {
  const terminal = await startTerminal({ isTerminal: false })
  const called = { key: 'k', signal: AbortSignal.abort() }
  await expect(terminal.channel.outlet!.send('terminal', { text: 'x' }, called)).rejects.toMatchObject({ code: 'busy' })
  await terminal.channel.close()
  await expect(terminal.send({ text: 'x' })).rejects.toMatchObject({ name: 'ChannelError', code: 'busy' })
  expect(terminal.written()).toBe('')
})
