import type { Outlet, Part } from '../../channel/channel.ts'
import { ChannelError } from '../../channel/errors.ts'
import type { Entry } from '../../view/entry.ts'
import { partOfEntry } from './part-of-entry.ts'
import type { TerminalSession } from './terminal-session.ts'

/** Writes what was not seen as it happened. `session` gives none while the terminal is closed. */
export function terminalOutlet(session: () => TerminalSession | undefined): Outlet {
  const open = (signal: AbortSignal): TerminalSession => {
    const found = session()
    if (found === undefined) throw new ChannelError('busy', 'the terminal is closed')
    if (signal.aborted) throw new ChannelError('busy', 'it was called off', { cause: signal.reason })
    return found
  }
  return {
    partsOf: (entry: Entry): readonly Part[] => [partOfEntry(entry) ?? []].flat(),
    async send(_place, part, { key, signal }) {
      open(signal).show(part)
      return key
    },
    async update(_place, _messageId, part, { signal }) {
      open(signal).showDecided(part)
    },
  }
}
