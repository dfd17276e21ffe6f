import { type Client, Events } from 'discord.js'

/** The slice of discord.js's insides (14.28.1) that its `destroy()` leaves running. */
interface Insides {
  readonly ws: Readonly<Record<string, { readonly strategy?: { readonly shards?: ReadonlyMap<number, Shard> } } | null>>
}

interface Shard {
  /** Begins a connection, half a second after the last one was lost. */
  internalConnect: () => Promise<void>
  readonly connection: Socket | null
}

interface Socket {
  on(event: 'error', listener: () => void): unknown
  terminate(): void
}

/** For how long Discord may say goodbye. */
const GRACE_MS = 2_000

/**
 * Ends a connection, also one that is just being made again. There `destroy()` alone would let the new one come up all the
 * same, and would take the ears off a socket that may still fail, which ends the process.
 */
export async function endConnection(client: Client): Promise<void> {
  client.removeAllListeners(Events.MessageCreate)
  client.removeAllListeners(Events.InteractionCreate)
  const shards = [...((client as unknown as Insides).ws['_ws']?.strategy?.shards?.values() ?? [])]
  for (const shard of shards) {
    shard.internalConnect = () => Promise.resolve()
    shard.connection?.on('error', () => {})
  }
  const cut = () => {
    for (const { connection } of shards) connection?.terminate()
  }
  const timer = setTimeout(cut, GRACE_MS)
  try {
    await client.destroy()
  } finally {
    clearTimeout(timer)
    cut()
  }
}
