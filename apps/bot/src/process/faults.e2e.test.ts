import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { botHome, startBot } from '../bot-process.test-kit.ts'
import { webTalk } from '../web-talk.test-kit.ts'

const SECRET = 'ghp_canary0123456789'
const env = { GITHUB_TOKEN: SECRET }
const error = `Object.assign(new Error('at ${SECRET}'), { request: { authorization: '${SECRET}' } })`

test('a rejection that nobody waits for is told without secrets, and the bot goes on', async () => {
  const before = `process.on('SIGUSR2', () => void Promise.reject(${error}))`
  const bot = await startBot(await botHome(), { env, before })
  process.kill(bot.pid, 'SIGUSR2')
  await vi.waitFor(() => expect(bot.output()).toContain('the bot goes on'), { timeout: 10_000 })

  const { say } = await webTalk(bot.address)
  expect(await say('What time is it in Oslo?')).toMatchObject({ outcome: 'ok' })
  expect(await bot.end('SIGTERM')).toBe(0)
  expect(bot.output()).not.toContain(SECRET)
})

test('after a fault that nobody caught the bot ends in order, with 1 and without secrets', async () => {
  const home = await botHome()
  const bot = await startBot(home, { env, before: `process.on('SIGUSR2', () => { throw ${error} })` })
  expect(existsSync(join(home.folder, 'bot.pid'))).toBe(true)

  expect(await bot.end('SIGUSR2')).toBe(1)
  expect(bot.output()).toContain('nobody caught it')
  expect(bot.output()).not.toContain(SECRET)
  expect(existsSync(join(home.folder, 'bot.pid'))).toBe(false)
})

test('a bot whose words nobody reads any more goes on, and ends when it is told to', async () => {
  const bot = await startBot(await botHome(), { before: `process.on('SIGUSR2', () => void Promise.reject('x'))` })
  bot.deafen()
  // It has something to say.
  process.kill(bot.pid, 'SIGUSR2')
  const { say } = await webTalk(bot.address)
  expect(await say('What time is it in Oslo?')).toMatchObject({ outcome: 'ok' })
  expect(await bot.end('SIGHUP')).toBe(0)
})

test('a second signal ends a bot that is still stopping', async () => {
  // Something holds it up.
  const before = `setInterval(() => {}, 1_000)`
  const bot = await startBot(await botHome(), { before })
  const ended = bot.end('SIGINT')
  await vi.waitFor(() => expect(bot.output()).toContain('Once more stops at once'), { timeout: 10_000 })
  await bot.end('SIGTERM')
  // By then signals may do what they do by themselves.
  expect([143, 'SIGTERM']).toContain(await ended)
})

test.each(['bot.db', 'executus.db', 'bot.lock'])('a damaged %s is told in words, and stays as it is', async (name) => {
  const home = await botHome()
  mkdirSync(home.folder, { recursive: true })
  const path = join(home.folder, name)
  const damaged = Buffer.alloc(9_000, 'no database. ')
  writeFileSync(path, damaged)

  await expect(startBot(home)).rejects.toThrow(
    /ended with 1: The bot cannot keep its things in .*: a file there is damaged/,
  )
  expect(readFileSync(path)).toEqual(damaged)
})

test('a file in the place of the folder is told in words', async () => {
  const { folder, port } = await botHome()
  const path = join(folder, 'file')
  writeFileSync(path, 'mine')
  await expect(startBot({ folder: path, port })).rejects.toThrow(/ended with 1: .*it is a file, and should be a folder/)
  expect(readFileSync(path, 'utf8')).toBe('mine')
})
