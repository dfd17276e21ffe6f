import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { botHome, startBot } from './bot-process.test-kit.ts'
import { webTalk } from './web-talk.test-kit.ts'

const KEY = 'sk-canary-0123456789abcdef'
const OTHER = 'ghp_canary0123456789abcdef'

/** A provider that repeats the key it was sent, and refuses it. */
async function tellTale(): Promise<{ readonly baseUrl: string; readonly keys: readonly string[] }> {
  const keys: string[] = []
  const server = createServer((request, response) => {
    const key = String(request.headers.authorization)
    keys.push(key)
    request.resume().on('end', () => {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ error: { message: `Incorrect API key provided: ${key}`, code: 'invalid_api_key' } }),
      )
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, keys }
}

test('no secret of the environment is printed, kept or shown, not even by a provider that repeats it', async () => {
  const provider = await tellTale()
  const home = await botHome()
  const env = {
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: provider.baseUrl,
    EXECUTUS_TIER_FAST: 'openai/m',
    DEPLOY_TOKEN: OTHER,
  }
  const bot = await startBot(home, { env })
  const { say, read } = await webTalk(bot.address)

  const answer = await say(`My token is ${OTHER}, and what time is it?`)
  expect(answer.outcome).toBe('failed')
  expect(provider.keys).toContain(`Bearer ${KEY}`)
  const shown = await read('/api/home')
  expect(await bot.end('SIGTERM')).toBe(0)

  const files = readdirSync(home.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const kept = files.map(({ parentPath, name }) => ({ name, bytes: readFileSync(join(parentPath, name)) }))
  expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(['bot.db', 'executus.db', 'web-token']))
  const holdersOf = (secret: string) => kept.filter(({ bytes }) => bytes.includes(secret)).map(({ name }) => name)
  expect(holdersOf(KEY)).toEqual([])
  expect(holdersOf(new URL(bot.address).searchParams.get('token')!)).toEqual(['web-token'])
  for (const text of [bot.output(), shown, JSON.stringify(answer)]) expect(text).not.toContain(KEY)
  expect(bot.output()).not.toContain(OTHER)
})
