import { describe, expect, it } from 'vitest'

import { fakeBot } from '../../bot/fake-bot.test-kit.ts'
import { buttonId } from '../../channel/button-id.ts'
import type { Entry, QuestionEntry } from '../../view/entry.ts'
import { discordFor, opened, settled, until } from './opened.test-kit.ts'

const question: QuestionEntry = {
  kind: 'question',
  questionId: 'q1',
  topic: 'approval',
  title: 'May I write notes.txt?',
  details: 'write notes.txt',
  choices: [
    { id: 'yes', label: 'Approve', style: 'primary' },
    { id: 'no', label: 'Decline', style: 'danger' },
  ],
  expiresAtMs: 1_800_000_000_000,
}

/** A question that is asked in `general`, and a bot that decides as it is told. */
async function asked() {
  const discord = await discordFor()
  const bot = fakeBot()
  const given = await opened(discord, { bot })
  const { general, users } = discord
  const place = { id: 7, conversationId: 'c1', atMs: 0 }
  const [part] = given.outlet.partsOf({ ...question, ...place })
  await given.outlet.send(general.id, part!, { key: '7/1', signal: AbortSignal.timeout(9_000) })
  const message = discord.sent(general)[0]!
  const decided: Entry = { ...question, ...place, outcome: 'Approved by Ann' }
  const press = (by = users.ann, customId = buttonId('q1', 'yes')) =>
    discord.press({ by, channel: general, message, customId })
  return { ...given, discord, bot, decided, press, message: () => discord.sent(general)[0]! }
}

describe('a button', () => {
  it('is acknowledged before the bot is asked', async () => {
    const { bot, press, decided } = await asked()
    const seen: number[] = []
    const decide = bot.decide.bind(bot)
    bot.decided = { isTaken: true, message: 'Approved.', entry: decided }
    let pressed: ReturnType<typeof press> | undefined
    bot.decide = (...given) => {
      seen.push(...(pressed?.callbacks ?? []).map(({ type }) => type))
      return decide(...given)
    }
    pressed = press()
    await until(() => expect(bot.decisions).toHaveLength(1))
    expect(seen).toEqual([6])
  })

  it('that is taken shows what was decided in place of the buttons', async () => {
    const { discord, bot, press, decided, message } = await asked()
    expect(message().components).toHaveLength(1)
    bot.decided = { isTaken: true, message: 'Approved.', entry: decided }
    const pressed = press()
    await until(() => expect(message().components).toEqual([]))
    expect(message().content).toBe('**May I write notes.txt?**\n```\nwrite notes.txt\n```\n**Approved by Ann**')
    expect(bot.decisions).toEqual([{ questionId: 'q1', choice: 'yes', by: `discord:${discord.users.ann.id}` }])
    expect(pressed.followUps).toEqual([])
  })

  it('that is not taken tells only the one who pressed it why, and leaves the buttons', async () => {
    const { discord, bot, press, message } = await asked()
    bot.decided = {
      isTaken: false,
      message: 'Only Ann may decide this.',
      entry: { ...question, id: 7, conversationId: 'c1', atMs: 0 },
    }
    const pressed = press(discord.users.eve)
    await until(() => expect(pressed.followUps).toEqual([{ content: 'Only Ann may decide this.', flags: 64 }]))
    await settled(discord, bot)
    expect(message().components).toHaveLength(1)
    expect(discord.asked('PATCH', /messages/)).toEqual([])
  })

  it('that comes too late shows what was decided meanwhile', async () => {
    const { bot, press, decided, message } = await asked()
    bot.decided = { isTaken: false, message: 'It is decided already.', entry: decided }
    const pressed = press()
    await until(() => expect(message().components).toEqual([]))
    expect(pressed.followUps).toEqual([{ content: 'It is decided already.', flags: 64 }])
  })

  it('that Discord tells of twice is one decision', async () => {
    const { discord, bot, press } = await asked()
    press()
    await until(() => expect(bot.decisions).toHaveLength(1))
    discord.repeatInteraction()
    await settled(discord, bot)
    expect(bot.decisions).toHaveLength(1)
    expect(discord.asked('POST', /callback$/)).toHaveLength(1)
  })

  it('is decided even if Discord no longer takes the acknowledgement', async () => {
    const { discord, bot, press, decided, message, lines } = await asked()
    bot.decided = { isTaken: true, message: 'Approved.', entry: decided }
    discord.faults.plan('POST', /callback$/, {
      kind: 'status',
      status: 404,
      code: 10_062,
      message: 'Unknown interaction',
    })
    press()
    await until(() => expect(message().components).toEqual([]))
    expect(lines.join()).toContain('Unknown interaction')
    expect(lines.join()).not.toContain('interaction-secret')
  })

  it('that is not ours is told to be of no use', async () => {
    const { bot, press } = await asked()
    const pressed = press(undefined, 'of-another-bot')
    await until(() =>
      expect(pressed.followUps.map(({ content }) => content)).toEqual(['This button is of no use any more.']),
    )
    expect(bot.decisions).toEqual([])
  })

  it('whose decision cannot be kept asks to press it again', async () => {
    const { bot, press, message, lines } = await asked()
    bot.decide = () => Promise.reject(new Error('the disk is full'))
    const pressed = press()
    await until(() =>
      expect(pressed.followUps[0]?.content).toBe('I could not take this. Please press it again in a while.'),
    )
    expect(message().components).toHaveLength(1)
    expect(lines.join()).toContain('the disk is full')
  })
})
