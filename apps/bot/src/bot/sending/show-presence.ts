import type { Clock, Logger } from '@executus/core'

import type { Outlet } from '../../channel/channel.ts'
import type { Stores } from '../../store/stores.ts'
import type { LiveRuns } from '../answers/live-runs.ts'

/** Discord shows that somebody types for ten seconds. */
const EVERY_MS = 8_000

/** Shows in the channels where somebody is at work. Gives what ends it. */
export function showPresence(options: {
  readonly live: LiveRuns
  readonly stores: Stores
  readonly outlets: ReadonlyMap<string, Outlet>
  readonly clock: Clock
  readonly logger: Logger
}): () => void {
  const { live, stores, outlets, clock, logger } = options
  let cancel = () => {}
  const show = () => {
    for (const id of live.conversations()) {
      const conversation = stores.conversations.find(id)
      if (conversation === undefined) continue
      const { channel, place } = conversation
      void outlets
        .get(channel)
        ?.showWorking?.(place)
        .catch((error: unknown) => logger.warn(`${channel} cannot show that somebody is at work`, error))
    }
    cancel = clock.after(EVERY_MS, show)
  }
  cancel = clock.after(EVERY_MS, show)
  return () => cancel()
}
