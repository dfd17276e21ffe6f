import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { fakeBot } from '../../../bot/fake-bot.test-kit.ts'
import { startBrowser } from '../browser.test-kit.ts'
import { webChannel } from '../web-channel.ts'

test('the cookie that a browser gives to another server of the machine opens nothing but an empty page', async () => {
  const bot = fakeBot()
  bot.newConversation({ channel: 'web', place: '' })
  const channel = webChannel({
    port: 0,
    token: 'correct-horse-battery-staple',
    person: { id: 'web:owner', name: 'Ada' },
  })
  await channel.open(bot)
  onTestFinished(() => channel.close())
  const heard: IncomingHttpHeaders[] = []
  const other = createServer(({ headers }, response) => {
    heard.push(headers)
    response.setHeader('content-type', 'text/html')
    response.end('<title>Another</title>')
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const browser = await startBrowser()
  onTestFinished(() => browser.close())
  const { page } = await browser.open(channel.entryUrl)
  await page.getByText('What can I do for you?').waitFor()
  expect(new URL(page.url()).hash).toBe('#c1')
  await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)

  const { cookie = '' } = heard[0]!
  expect(cookie).toContain(new URL(channel.url).port)
  for (const path of ['api/home', 'api/conversations/c1/events', 'api/conversations/c1/entries'])
    expect((await fetch(`${channel.url}${path}`, { headers: { cookie } })).status).toBe(401)
  const thief = await browser.open(channel.url, { extraHTTPHeaders: { cookie } })
  await thief.page.getByText('open the address that the terminal shows').waitFor()
  expect(await thief.page.locator('#app').innerText()).toBe('To come in, open the address that the terminal shows.')

  await page.goto(channel.url)
  await page.getByText('What can I do for you?').waitFor()
})
