import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Locator, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'

import { botHome, startBot } from './bot-process.test-kit.ts'
import { startBrowser } from './channels/web/browser.test-kit.ts'

const browser = await startBrowser()
afterAll(() => browser.close())

/** While the bot is away the browser tells of each try to reach it. */
const AWAY = /Failed to load resource: net::ERR_|net::ERR_INCOMPLETE_CHUNKED_ENCODING/

const say = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.keyboard.press('Enter')
}
const answers = (page: Page): Locator => page.locator('article.answer')
const finished = (page: Page): Locator => page.locator('article.answer:not(.live)')
const outcome = (page: Page): Locator => page.locator('.question-outcome')

test('a run is asked for, allowed, killed with -9 and started again: its answer arrives once', async () => {
  const home = await botHome()
  const first = await startBot(home)
  const { page, faults, close } = await browser.open(first.address)

  await page.getByRole('button', { name: 'Show me what you can do' }).click()
  await page.getByText('list_notes').waitFor()
  await page.reload()
  await page.getByText('agent__researcher').waitFor()
  await page.getByRole('button', { name: 'Approve' }).click()
  await answers(page).getByText('That was the tour').waitFor()
  expect(await finished(page).count()).toBe(0)
  expect(Number(readFileSync(join(home.folder, 'bot.pid'), 'utf8'))).toBe(first.pid)
  expect(await first.end('SIGKILL')).toBe('SIGKILL')
  await page.getByText('The bot is away').waitFor()

  const second = await startBot(home)
  await page.getByText('Going on after a restart').waitFor()
  await finished(page).getByText('Your turn').waitFor()
  expect(await answers(page).count()).toBe(1)
  expect(await outcome(page).allInnerTexts()).toEqual(['Approved by You'])
  await page.getByText(/^Used \d tools$/).click()
  const tools = ['current_time', 'list_notes', 'agent__researcher', 'create_schedule']
  for (const tool of tools) await finished(page).getByText(tool).first().waitFor()
  await say(page, '/schedules')
  const schedules = page.getByText('Good morning', { exact: true })
  await schedules.waitFor()
  expect(await schedules.count()).toBe(1)

  await page.reload()
  await finished(page).getByText('Your turn').waitFor()
  expect(await answers(page).count()).toBe(1)
  expect(faults.filter((fault) => !AWAY.test(fault))).toEqual([])
  await close()
  expect(await second.end('SIGTERM')).toBe(0)
})

test('a question that was open when the bot was killed is decided after the restart', async () => {
  const home = await botHome()
  const first = await startBot(home)
  const { page, faults, close } = await browser.open(first.address)

  // Now the page knows where to send it.
  await page.getByText('What can I do for you?').waitFor()
  await say(page, 'Remember that I like ferns')
  await page.getByText('Used 1 tool').waitFor()
  await say(page, 'Forget the ferns')
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await first.end('SIGKILL')
  await page.getByText('The bot is away').waitFor()
  const second = await startBot(home)
  await page.getByText('The bot is away').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Approve' }).click()
  await finished(page).nth(1).waitFor()
  expect(await outcome(page).allInnerTexts()).toEqual(['Approved by You'])
  await say(page, 'What do you remember?')
  await finished(page).nth(2).waitFor()

  expect(await finished(page).nth(2).innerText()).toMatch(/nothing/i)
  expect(faults.filter((fault) => !AWAY.test(fault))).toEqual([])
  await close()
  expect(await second.end('SIGTERM')).toBe(0)
})
