import { Hono } from 'hono'
import { z } from 'zod'

import type { Bot } from '../../../bot/bot.ts'
import type { Person } from '../../../view/entry.ts'
import { Refusal } from '../errors.ts'
import { readBody } from '../read-body.ts'

const MOST_BYTES = 4_096

const decision = z.object({ choice: z.string().min(1).max(100) })

/** What people decide. */
export function questionRoutes(bot: Bot, person: Person): Hono {
  return new Hono().post('/questions/:id', async (context) => {
    const parsed = decision.safeParse(jsonOf(await readBody(context.req.raw, MOST_BYTES)))
    if (!parsed.success) throw new Refusal(400, 'A decision needs a `choice`.')
    return context.json(await bot.decide(context.req.param('id'), parsed.data.choice, person))
  })
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
