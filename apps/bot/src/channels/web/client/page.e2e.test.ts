import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'

import type { Decided } from '../../../bot/bot.ts'
import { type FakeBot, fakeBot } from '../../../bot/fake-bot.test-kit.ts'
import type { AnswerEntry, QuestionEntry, SaidEntry, TrailItem } from '../../../view/entry.ts'
import type { LiveRun } from '../../../view/live-run.ts'
import { startBrowser, type TestBrowser, type WatchedPage } from '../browser.test-kit.ts'
import { webChannel, type WebChannel } from '../web-channel.ts'
import { HOSTILE } from './hostile.test-kit.ts'

const TOKEN = 'correct-horse-battery-staple'
const me = { id: 'web:owner', name: 'Ada' }
const NARROW = { viewport: { width: 390, height: 844 } }

/** Real sockets and a real browser are awaited, on a machine that may be busy. */
const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000 })

let browser: TestBrowser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())

async function serve(bot: FakeBot, port = 0): Promise<WebChannel> {
  const channel = webChannel({ port, token: TOKEN, person: me })
  await channel.open(bot)
  onTestFinished(() => channel.close())
  return channel
}

/** The page of a bot with one conversation, `c1`, as somebody sees it who has just come in. */
async function enter(options: { readonly bot?: FakeBot; readonly screen?: typeof NARROW } = {}) {
  const { bot = fakeBot(), screen } = options
  const { id } = bot.newConversation({ channel: 'web', place: '' })
  const channel = await serve(bot)
  const watched: WatchedPage = await browser.open(channel.entryUrl, screen)
  onTestFinished(() => watched.close())
  const { page, faults } = watched
  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'New conversation' }).waitFor()
  await page.locator('.log-content > *').first().waitFor()
  return { bot, channel, page, faults, id, field: page.getByRole('textbox', { name: 'Message' }) }
}

function live(trail: readonly TrailItem[], more: Partial<LiveRun> = {}): LiveRun {
  return { runId: 'r1', agent: 'assistant', state: 'working', startedAtMs: Date.now(), trail, ...more }
}

function tool(state: 'running' | 'done', more: Partial<Extract<TrailItem, { type: 'tool' }>> = {}): TrailItem {
  return { type: 'tool', callId: 't1', tool: 'read_page', input: '{"url":"https://a.example"}', state, ...more }
}

function said(text: string, more: Partial<SaidEntry> = {}): SaidEntry {
  return { kind: 'said', author: me, text, files: [], skipped: [], state: 'taken', ...more }
}

function answer(text: string, more: Partial<AnswerEntry> = {}): AnswerEntry {
  const facts = { trail: [], inputTokens: 1_200, outputTokens: 34, elapsedMs: 2_400 }
  return { kind: 'answer', text, agent: 'assistant', outcome: 'ok', ...facts, ...more }
}

function question(more: Partial<QuestionEntry> = {}): QuestionEntry {
  const choices = [
    { id: 'yes', label: 'Approve', style: 'primary' },
    { id: 'no', label: 'Decline', style: 'danger' },
  ] as const
  const words = { topic: 'approval', title: 'Add a schedule', details: 'every day at 8' } as const
  return { kind: 'question', questionId: 'q1', ...words, choices, expiresAtMs: Date.now() + 600_000, ...more }
}

test('a message goes out, its run streams with its tools, and the answer takes its place', async () => {
  const { bot, page, faults, id, field } = await enter()
  await field.fill('What is **new**?')
  await field.press('Enter')
  await page.locator('.said .bubble').filter({ hasText: 'What is **new**?' }).waitFor()
  await until(() => expect(bot.said).toMatchObject([{ text: 'What is **new**?', conversationId: id }]))
  expect(await field.inputValue()).toBe('')

  bot.tell(id, { type: 'live', live: live([], { state: 'queued' }) })
  await page.getByText('Waiting for its turn').waitFor()
  bot.tell(id, { type: 'live', live: live([tool('running')]) })
  await page.locator('.tool-running', { hasText: 'read_page' }).waitFor()
  await page.locator('.badge', { hasText: 'Working' }).waitFor()
  await page.locator('.tool-time').waitFor()
  bot.tell(id, { type: 'live', live: live([tool('done', { result: 'A page', elapsedMs: 80 })]) })
  await page.locator('.tool-done', { hasText: '80 ms' }).waitFor()
  for (const text of ['It is **a', ' new** ', 'day.']) bot.tell(id, { type: 'live-text', runId: 'r1', step: 2, text })
  await page.locator('.live .md').filter({ hasText: 'It is a new day.' }).waitFor()
  expect(await page.locator('.live .md strong').textContent()).toBe('a new')

  bot.tell(id, { type: 'live-end', runId: 'r1' })
  bot.show(id, answer('It is **a new** day.', { trail: [tool('done', { by: ['researcher'], result: 'A page' })] }))
  await page.locator('.answer:not(.live)').filter({ hasText: '1,234 tokens' }).waitFor()
  expect(await page.locator('.live').count()).toBe(0)
  await until(async () => expect(await page.locator('.spoken').textContent()).toBe('assistant: It is a new day.'))
  await page.getByText('Used 1 tool').click()
  await page.locator('.tool summary').click()
  await page.getByText('via researcher').waitFor()
  expect(await page.locator('.tool pre').allTextContents()).toEqual(['{"url":"https://a.example"}', 'A page'])
  expect(faults).toEqual([])
})

test('a reload in the middle shows the conversation and the run that is under way, and goes on', async () => {
  const { bot, page, faults } = await enter()
  const { id } = bot.newConversation({ channel: 'web', place: '' })
  bot.show(id, said('In the second one'))
  await page.evaluate((to) => (location.hash = to), id)
  await page.getByText('In the second one').waitFor()
  bot.tell(id, { type: 'live', live: live([tool('running'), { type: 'text', step: 1, text: 'Half' }]) })
  await page.locator('.live').filter({ hasText: 'Half' }).waitFor()
  await page.getByRole('textbox', { name: 'Message' }).fill('not sent')

  await page.reload()
  await page.locator('.live').filter({ hasText: 'Half' }).waitFor()
  expect(await page.locator('.tool-running').count()).toBe(1)
  // When it began, this page cannot know.
  expect(await page.locator('.tool-time').count()).toBe(0)
  expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('not sent')
  bot.tell(id, { type: 'live-text', runId: 'r1', step: 1, text: ' and half' })
  await page.locator('.live').filter({ hasText: 'Half and half' }).waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await until(() => expect(bot.stopped).toEqual([id]))
  expect(faults).toEqual([])
})

test('a question is answered by a button, and shows what became of it in its place', async () => {
  const { bot, page, faults, id } = await enter()
  const { id: entryId } = bot.show(id, question())
  bot.decided = { isTaken: false, message: 'Only an owner may say that.' }
  await page.getByRole('button', { name: 'Decline' }).click()
  await page.locator('.question .problem', { hasText: 'Only an owner may say that.' }).waitFor()
  expect(await page.getByRole('button', { name: 'Approve' }).isEnabled()).toBe(true)

  const kept = Promise.withResolvers<Decided>()
  bot.decide = (questionId, choice, by) => {
    bot.decisions.push({ questionId, choice, by: by.id })
    return kept.promise
  }
  await page.getByRole('button', { name: 'Approve' }).click()
  expect(await page.getByRole('button', { name: 'Sending…' }).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: 'Decline' }).isDisabled()).toBe(true)
  kept.resolve({ isTaken: true, message: 'Approved.' })
  await page.locator('.question-outcome', { hasText: 'Approved.' }).waitFor()
  expect(bot.decisions.map(({ choice }) => choice)).toEqual(['no', 'yes'])
  bot.show(id, question({ outcome: 'Approved by Ada', isYes: true }), { id: entryId })
  await page.locator('.question', { hasText: 'Approved by Ada' }).waitFor()
  expect(await page.locator('.choice').count()).toBe(0)
  expect(faults).toEqual([])
})

test('nothing that anybody writes acts, wherever it is shown', async () => {
  const bot = fakeBot({ suggestions: HOSTILE.slice(0, 3), models: HOSTILE[0]! })
  const agents = HOSTILE.map((name) => ({ name, description: name, isBuiltIn: false }))
  bot.agents = () => Promise.resolve(agents)
  const { page, faults, id } = await enter({ bot })
  const file = (label: string) => ({ name: label, label, mediaType: 'text/plain', size: 1 })
  for (const [index, text] of HOSTILE.entries()) {
    const trail: TrailItem[] = [
      { type: 'text', step: 1, text },
      tool('done', { tool: text, input: text, result: text, by: [text] }),
    ]
    const skipped = [{ label: text, reason: text }]
    bot.show(id, said(text, { author: { id: 'web:other', name: text }, files: [file(text)], skipped }))
    bot.show(id, answer(text, { agent: text, trail, outcome: 'failed', problem: text, job: text }))
    bot.show(id, { kind: 'notice', text, tone: 'warning' })
    const choices = [{ id: 'yes', label: text, style: 'primary' }] as const
    bot.show(id, question({ questionId: `q${index}`, title: text, details: text, choices }))
    bot.show(id, question({ questionId: `o${index}`, title: text, details: text, choices, outcome: text }))
    bot.tell(id, { type: 'live', live: live(trail, { runId: `r${index}`, agent: text, job: text }) })
    bot.tell(id, { type: 'live-text', runId: `r${index}`, step: 2, text })
  }
  const conversation = { ...bot.snapshot(id)!.conversation, title: HOSTILE[0]!, agent: HOSTILE[1]! }
  bot.tell(id, { type: 'conversation', conversation })
  bot.command = () => Promise.resolve(HOSTILE.join('\n\n'))
  await page.getByRole('textbox', { name: 'Message' }).fill('/help')
  await page.keyboard.press('Enter')
  await page.locator('.aside .md').waitFor()
  await until(async () => expect(await page.locator('.live').count()).toBe(HOSTILE.length))

  // All that is folded is looked at as well.
  const found = await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true
    const inLog = [...document.querySelectorAll('.log-content *')]
    return {
      names: [...new Set(inLog.map(({ localName }) => localName))].toSorted(),
      handlers: inLog.flatMap((one) => one.getAttributeNames()).filter((name) => /^on|^style$|^src/.test(name)),
      addresses: inLog.map((one) => one.getAttribute('href')).filter((href) => href !== null),
      isWide: document.documentElement.scrollWidth > innerWidth,
    }
  })
  expect(found.names).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/script|style|iframe|img|object|form/)]),
  )
  expect(found.handlers).toEqual([])
  for (const address of found.addresses) expect(address).toMatch(/^(?:https?:\/\/|mailto:|\/api\/files\/[^/]+$)/)
  expect(found.isWide).toBe(false)
  await page.reload()
  await page.locator('.question').first().waitFor()
  expect(faults).toEqual([])
})

test('all of it is done by keys', async () => {
  const { bot, page, faults, id, field } = await enter()
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)
  const tabTo = async (name: RegExp, key = 'Tab') => {
    for (let presses = 0; presses < 40; presses++) {
      if (name.test((await focused()) ?? '')) return
      await page.keyboard.press(key)
    }
    throw new Error(`no key leads to ${name}; it stays at ${await focused()}`)
  }
  await until(async () => expect(await focused()).toBe('Message'))
  await page.keyboard.type('one')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('two')
  await page.keyboard.press('Enter')
  await until(() => expect(bot.said).toMatchObject([{ text: 'one\ntwo' }]))

  bot.show(id, question())
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await tabTo(/^Approve$/, 'Shift+Tab')
  // What has the focus can be seen.
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
  expect(outline).toBe('solid')
  await page.keyboard.press('Enter')
  await until(() => expect(bot.decisions).toMatchObject([{ questionId: 'q1', choice: 'yes' }]))
  expect(await page.evaluate(() => document.activeElement?.className)).toContain('question')

  bot.show(id, answer('Done.', { trail: [tool('done')] }))
  await page.getByText('Used 1 tool').waitFor()
  await tabTo(/Used 1 tool/)
  await page.keyboard.press('Enter')
  await page.locator('.tool').waitFor({ state: 'visible' })
  await tabTo(/New conversation/, 'Shift+Tab')
  await tabTo(/^New conversation$/, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByText('What can I do for you?').waitFor()
  await until(async () => expect(await focused()).toBe('Message'))
  await tabTo(/^What can you do\?$/, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await until(() => expect(bot.said.at(-1)).toMatchObject({ text: 'What can you do?', conversationId: 'c2' }))
  await until(async () => expect(await field.evaluate((one) => one === document.activeElement)).toBe(true))
  expect(faults).toEqual([])
})

test('on a narrow screen the conversations are a drawer, and nothing is wider than the screen', async () => {
  const { bot, page, faults, id } = await enter({ screen: NARROW })
  const wide = `| a | b | c | d | e |\n|---|---|---|---|---|\n| ${'long words here | '.repeat(5)}`
  bot.show(id, said('x'.repeat(300)))
  bot.show(
    id,
    answer(`${wide}\n\n\`\`\`\n${'y'.repeat(300)}\n\`\`\`\n\n${'z'.repeat(300)} https://a.example/${'w'.repeat(300)}`),
  )
  bot.show(id, question({ title: 'v'.repeat(200), details: 'u'.repeat(200) }))
  bot.tell(id, { type: 'live', live: live([tool('running', { input: 't'.repeat(300) })]) })
  await page.locator('.live').waitFor()
  expect(await page.evaluate(() => document.querySelector('.log')!.scrollWidth)).toBeLessThanOrEqual(390)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

  const begin = page.getByRole('button', { name: 'New conversation' }).first()
  expect(await begin.isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Conversations' }).click()
  await until(async () => expect(await begin.evaluate((one) => one === document.activeElement)).toBe(true))
  await page.keyboard.press('Escape')
  await begin.waitFor({ state: 'hidden' })
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Conversations')
  await page.keyboard.press('Enter')
  await begin.click()
  await page.getByText('What can I do for you?').waitFor()
  await begin.waitFor({ state: 'hidden' })
  expect(faults).toEqual([])
})

test('what is written while the bot is away is sent once when it is back, and the page goes on by itself', async () => {
  const { bot, channel, page, faults, id, field } = await enter()
  const port = Number(new URL(channel.url).port)
  bot.tell(id, { type: 'live', live: live([tool('done')]) })
  await page.locator('.badge', { hasText: 'Working' }).waitFor()
  await channel.close()
  // What it does now nobody can see, or stop.
  await page.locator('.live', { hasText: 'Goes on when the bot is back' }).waitFor()
  expect(await page.locator('.badge, .stop').count()).toBe(0)
  await field.fill('Are you there?')
  await field.press('Enter')
  await page.getByText('Not sent yet. It goes out when the bot is back.').waitFor()
  await page.getByText('The bot is away. Waiting for it to come back.').waitFor()
  expect(faults.filter((fault) => !fault.includes('net::ERR_'))).toEqual([])

  await serve(bot, port)
  bot.show(id, answer('Said in between.'))
  await until(() => expect(bot.said).toMatchObject([{ text: 'Are you there?' }]))
  await page.getByText('Said in between.', { exact: true }).waitFor()
  await page.locator('.banner-away').waitFor({ state: 'detached' })
  await page.locator('.badge', { hasText: 'Working' }).waitFor()
  await page.locator('.said-pending').waitFor({ state: 'detached' })
  expect(await page.locator('.said').count()).toBe(1)
  bot.show(id, answer('Here again.'))
  await page.getByText('Here again.', { exact: true }).waitFor()
})

test('files are chosen, pasted and dropped, can be taken out, and go with the message', async () => {
  const { bot, page, faults, id } = await enter()
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach files' }).click()
  await (
    await chooser
  ).setFiles([
    { name: 'plan.png', mimeType: 'image/png', buffer: picture },
    { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('wrong') },
    { name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
  ])
  await page.locator('.chip', { hasText: 'plan.png' }).locator('img').waitFor()
  // What is no picture has a sign in the place of a broken one.
  await page.locator('.chip', { hasText: 'no.png' }).locator('.icon-file').waitFor()
  await page.getByRole('button', { name: 'Remove no.png' }).click()
  await page.evaluate(() => {
    for (const [type, name] of [
      ['paste', 'pasted.txt'],
      ['drop', 'dropped.txt'],
    ] as const) {
      const data = new DataTransfer()
      data.items.add(new File(['words'], name, { type: 'text/plain' }))
      const options = { bubbles: true, cancelable: true }
      const event =
        type === 'paste'
          ? new ClipboardEvent(type, { ...options, clipboardData: data })
          : new DragEvent(type, { ...options, dataTransfer: data })
      document.querySelector('textarea')!.dispatchEvent(event)
    }
  })
  await page.getByRole('button', { name: 'Remove wrong.txt' }).click()
  expect(await page.locator('.files-chosen .chip-label').allTextContents()).toEqual([
    ...['plan.png', 'pasted.txt', 'dropped.txt'],
  ])
  await page.getByRole('button', { name: 'Send' }).click()
  await until(() => expect(bot.said).toHaveLength(1))
  expect(bot.said[0]!.files!.map(({ label, size }) => `${label} ${size}`)).toEqual([
    ...[`plan.png ${picture.length}`, 'pasted.txt 5', 'dropped.txt 5'],
  ])

  bot.files.set('k1', { mediaType: 'image/png', label: 'plan.png', bytes: picture })
  const files = [
    { name: 'k1', label: 'plan.png', mediaType: 'image/png', size: 70 },
    { name: 'k2', label: 'list.txt', mediaType: 'text/plain', size: 2_048 },
  ]
  bot.show(id, said('Look', { files, skipped: [{ label: 'film.mov', reason: 'larger than 8 MB' }], state: 'waiting' }))
  const image = page.getByRole('img', { name: 'plan.png' })
  await until(async () => expect(await image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(1))
  await page.locator('.chip', { hasText: 'list.txt' }).filter({ hasText: '2 KB' }).waitFor()
  await page.getByText('left out: larger than 8 MB').waitFor()
  await page.getByText('Waits for the answer before it').waitFor()
  expect(faults).toEqual([])
})

test('commands and the choice of an agent are asked of the bot, and shown here alone', async () => {
  const bot = fakeBot()
  const agents = ['assistant', 'gardener'].map((name) => ({ name, description: name, isBuiltIn: true }))
  bot.agents = () => Promise.resolve(agents)
  const { page, faults, id } = await enter({ bot })
  await page.getByRole('button', { name: 'Commands' }).click()
  await page.locator('.aside', { hasText: 'Did /help.' }).waitFor()
  await page.getByRole('combobox', { name: 'Agent' }).selectOption('gardener')
  await page.locator('.aside', { hasText: 'Did /agent gardener.' }).waitFor()
  expect(bot.commands.map(({ line }) => line)).toEqual(['/help', '/agent gardener'])
  bot.tell(id, { type: 'conversation', conversation: { ...bot.snapshot(id)!.conversation, agent: 'gardener' } })
  await until(async () => expect(await page.getByRole('combobox', { name: 'Agent' }).inputValue()).toBe('gardener'))
  await page.getByRole('button', { name: 'Put away' }).first().click()
  await page.locator('.aside', { hasText: '/help' }).waitFor({ state: 'detached' })
  expect(bot.said).toEqual([])

  bot.command = () => {
    bot.newConversation({ channel: 'web', place: '' })
    return Promise.resolve('A new conversation.')
  }
  await page.getByRole('textbox', { name: 'Message' }).fill('/new')
  await page.keyboard.press('Enter')
  await page.getByText('What can I do for you?').waitFor()
  expect(new URL(page.url()).hash).toBe('#c2')
  expect(faults).toEqual([])
})

test('another agent is chosen without a word beside the conversation’s own, and one that a run made can be', async () => {
  const bot = fakeBot()
  const names = ['assistant']
  bot.agents = () => Promise.resolve(names.map((name) => ({ name, description: name, isBuiltIn: true })))
  const { page, faults, id } = await enter({ bot })
  names.push('gardener')
  bot.show(id, answer('The agent is there.'))
  const choice = page.getByRole('combobox', { name: 'Agent' })
  await until(async () => expect(await choice.locator('option').allTextContents()).toEqual(names))

  bot.command = (line) => {
    if (line === '/help') return Promise.resolve(`Did ${line}.`)
    const { conversation } = bot.snapshot(id)!
    Object.assign(conversation, { agent: 'gardener' })
    bot.tell(id, { type: 'conversation', conversation: { ...conversation } })
    bot.show(id, { kind: 'notice', text: 'The gardener answers from now on.', tone: 'info' })
    return Promise.resolve(`Did ${line}.`)
  }
  await choice.selectOption('gardener')
  await page.locator('.notice', { hasText: 'The gardener answers from now on.' }).waitFor()
  await page.getByRole('button', { name: 'Commands' }).click()
  await page.locator('.aside', { hasText: 'Did /help.' }).waitFor()
  expect(await page.locator('.aside').count()).toBe(1)
  expect(await choice.inputValue()).toBe('gardener')
  expect(faults).toEqual([])
})

test('all that a run said to people is there when it ends, and how it ended is told once', async () => {
  const { bot, page, faults, id } = await enter()
  const trail: TrailItem[] = [
    { type: 'text', step: 1, text: 'I look.' },
    tool('done', { tool: 'list_notes', input: '{}' }),
    { type: 'text', step: 2, text: 'You like **tea**.' },
  ]
  bot.show(id, answer('And it is noon.', { trail, outcome: 'stopped', problem: 'Stopped.' }))
  const shown = page.locator('.answer')
  await shown.getByText('And it is noon.').waitFor()
  expect(await shown.getByText('You like tea.').isVisible()).toBe(true)
  expect(await shown.getByText('I look.').isVisible()).toBe(false)
  expect((await shown.locator('.outcome').textContent())?.trim()).toBe('Stopped.')
  await page.getByText('Used 1 tool').click()
  expect(await shown.locator('.tool summary .tool-input').textContent()).toBe('')

  bot.show(id, question({ outcome: 'Declined by Ada' }))
  const settled = page.locator('.question')
  await settled.getByText('Needed your yes').waitFor()
  expect(await settled.locator('.question-outcome .icon-cross').count()).toBe(1)
  bot.show(id, question({ questionId: 'q2', outcome: 'Approved by Ada', isYes: true }))
  await settled.locator('.question-outcome .icon-check').waitFor()
  expect(faults).toEqual([])
})

test('what is long is longer than the conversation alone, never than the page', async () => {
  const { bot, page, id } = await enter({ screen: NARROW })
  const trail = Array.from({ length: 20 }, (_, index) =>
    tool('done', { callId: `t${index}`, result: 'x\n'.repeat(30) }),
  )
  bot.show(id, answer('Done.', { trail }))
  await page.getByText('Used 20 tools').click()
  await page.locator('.tool').last().scrollIntoViewIfNeeded()
  const app = page.locator('.app')
  expect(await app.evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0)
})

test('the end stays in sight, unless the reader has gone up; then it is a button away', async () => {
  const { bot, page, faults, id } = await enter()
  for (let number = 1; number <= 110; number++) bot.show(id, answer(`Answer ${number}.`))
  const last = page.getByText('Answer 110.', { exact: true })
  await until(async () => expect(await isInSight(last)).toBe(true))
  await page.reload()
  await until(async () => expect(await isInSight(last)).toBe(true))

  // A run that ends makes the page shorter before its answer makes it longer.
  for (let round = 0; round < 10; round++) {
    bot.tell(id, { type: 'live', live: live([{ type: 'text', step: 1, text: 'word\n\n'.repeat(30) }]) })
    await until(async () => expect(await page.locator('.live .md p').count()).toBe(30))
    bot.tell(id, { type: 'live-end', runId: 'r1' })
    bot.show(id, answer(`Round ${round}.`))
    await page.getByText(`Round ${round}.`, { exact: true }).waitFor()
  }
  await until(async () => expect(await isInSight(page.getByText('Round 9.', { exact: true }))).toBe(true))

  await page.locator('.log').evaluate((log) => (log.scrollTop = 0))
  await page.getByRole('button', { name: 'Show earlier' }).click()
  await page.getByText('Answer 1.', { exact: true }).waitFor()
  // What the reader looked at is still there.
  expect(await isInSight(page.getByText('Answer 11.', { exact: true }))).toBe(true)
  expect(await page.getByRole('button', { name: 'New below' }).count()).toBe(0)
  bot.show(id, answer('The newest.'))
  await page.getByRole('button', { name: 'New below' }).click()
  await until(async () => expect(await isInSight(page.getByText('The newest.', { exact: true }))).toBe(true))
  expect(faults).toEqual([])
})

function isInSight(place: ReturnType<WatchedPage['page']['getByText']>): Promise<boolean> {
  return place.evaluate((element) => {
    const [box, frame] = [element, document.querySelector('.log')!].map((one) => one.getBoundingClientRect())
    return box!.bottom <= frame!.bottom + 1 && box!.top >= frame!.top - 1
  })
}

test('a demo says that it is one; a conversation that is not there leads to one that is', async () => {
  const { channel, page, faults } = await enter({ bot: fakeBot({ isDemo: true }) })
  await page.getByText('This is a demo.').waitFor()
  await page.goto(`${channel.url}#nowhere`)
  await page.reload()
  await page.getByText('What can I do for you?').waitFor()
  expect(new URL(page.url()).hash).toBe('#c1')
  // The browser tells of the 404 that leads there.
  expect(faults.filter((fault) => !fault.includes('404'))).toEqual([])
})
