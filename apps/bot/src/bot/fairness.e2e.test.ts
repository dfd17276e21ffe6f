import { textOf } from '@executus/core'
import { fakeClock, scriptedModel, type ScriptTurn } from '@executus/core/testing'
import { expect, test, vi } from 'vitest'

import { testBot } from './test-bot.test-kit.ts'

test('who has two hundred conversations going keeps nobody else waiting for them', async () => {
  const clock = fakeClock()
  const asked: string[] = []
  const turn: ScriptTurn = ({ messages }) => {
    asked.push(textOf(messages.at(-1)!))
    return { text: 'Hi.', delayMs: 1 }
  }
  const model = scriptedModel(
    Array.from({ length: 210 }, () => turn),
    { clock },
  )
  const runs = { concurrency: 4, maxSteps: 25, timeoutMinutes: 10 }
  const { bot, say, answers, close } = await testBot({ model, settings: { runs } })
  for (let index = 0; index < 200; index += 1) await say(`ann ${index}`, { place: `place ${index}` })
  await vi.waitFor(() => expect(asked).toHaveLength(4))
  for (const by of ['bob', 'eve', 'dan']) await say(by, { by, place: by })
  await vi.waitFor(() => {
    const places = ['bob', 'eve', 'dan'].map((place) => bot.conversationAt({ channel: 'test', place }).id)
    for (const id of places) expect(bot.snapshot(id)?.live).toHaveLength(1)
  })
  // The queue has heard of them all.
  await clock.advance(0)
  for (let index = 0; index < 60; index += 1) await clock.advance(1)
  await answers(1, 'dan')

  for (const name of ['bob', 'eve', 'dan']) expect(asked.indexOf(name)).toBeLessThan(12)
  await vi.waitFor(
    async () => {
      await clock.advance(1)
      expect(asked).toHaveLength(203)
    },
    { timeout: 8_000, interval: 1 },
  )
  await answers(1, 'place 199')
  await close({ graceMs: 0 })
})
