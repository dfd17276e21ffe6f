import type { Logger } from '@executus/core'

import type { Bot } from '../../bot/bot.ts'
import type { Outlet } from '../../channel/channel.ts'
import type { Spot } from './gate.ts'

/** What is needed to take what comes from Discord. */
export interface TakeOptions {
  readonly bot: Bot
  readonly outlet: Outlet
  readonly logger: Logger
  readonly isAllowed: (spot: Spot, personId: string) => boolean
  /** Where a fake of Discord keeps its files. */
  readonly fakeOrigin: string | undefined
}
