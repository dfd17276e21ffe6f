import { statSync } from 'node:fs'
import { join } from 'node:path'

import { scriptedModel } from '@executus/core/testing'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'

import { testBot } from '../bot/test-bot.test-kit.ts'
import { tempFolder } from '../temp-folder.test-kit.ts'
import { openBotDatabase } from './bot-database.ts'
import { lockFolder } from './folder-lock.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('the folder and the files of a bot are for its owner alone', async () => {
  const folder = join(tempFolder(), 'data')
  const { say, answers, close } = await testBot({ model: scriptedModel([{ text: 'Hi.' }]), folder })
  await say('Hello')
  await answers(1)

  expect(modeOf(folder)).toBe('700')
  for (const file of ['bot.db', 'bot.db-wal', 'executus.db', 'bot.lock'])
    expect([file, modeOf(join(folder, file))]).toEqual([file, '600'])
  await close({ graceMs: 0 })
})

test('a file that was made and not finished is taken, and is for its owner alone', () => {
  const path = join(tempFolder(), 'bot.db')
  const made = new Database(path)
  made.pragma('journal_mode = WAL')
  made.close()

  openBotDatabase(path).close()

  expect(modeOf(path)).toBe('600')
})

test('the file of a newer bot is refused', () => {
  const path = join(tempFolder(), 'bot.db')
  const db = openBotDatabase(path)
  db.pragma('user_version = 99')
  db.close()

  expect(() => openBotDatabase(path)).toThrow(`${path} was written by a newer version of the bot`)
})

test('the file of another program is refused and left as it is, with a version or without', () => {
  for (const version of [0, 1]) {
    const path = join(tempFolder(), 'bot.db')
    const foreign = new Database(path)
    foreign.exec('CREATE TABLE recipes (id TEXT)')
    foreign.pragma(`user_version = ${version}`)
    foreign.close()

    expect(() => openBotDatabase(path)).toThrow(`${path} is a file of another program`)
    const after = new Database(path)
    expect(after.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['recipes'])
    expect(after.pragma('application_id', { simple: true })).toBe(0)
    after.close()
  }
})

test('a bot that cannot be opened leaves nothing open', async () => {
  const folder = tempFolder()
  const db = openBotDatabase(join(folder, 'bot.db'))
  db.pragma('user_version = 99')

  await expect(testBot({ model: scriptedModel([]), folder })).rejects.toThrow('newer version')
  db.pragma('user_version = 1')
  db.close()

  const { close } = await testBot({ model: scriptedModel([]), folder })
  await close({ graceMs: 0 })
})

test('a second bot is kept out of a folder until the first has left', async () => {
  const folder = tempFolder()
  const first = await testBot({ model: scriptedModel([]), folder })

  await expect(testBot({ model: scriptedModel([]), folder })).rejects.toMatchObject({
    code: 'busy',
    message: `Another bot is at work in ${folder}`,
  })
  await first.close({ graceMs: 0 })

  lockFolder(folder)()
})
