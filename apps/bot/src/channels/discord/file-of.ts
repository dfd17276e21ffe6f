import type { IncomingFile } from '../../bot/bot.ts'

/** The slice of discord.js's `Attachment` that is used. */
export interface DiscordFile {
  readonly name: string
  readonly size: number
  readonly url: string
}

const HOSTS: readonly string[] = ['https://cdn.discordapp.com', 'https://media.discordapp.net']
const TIMEOUT_MS = 30_000

/** A file that came with a message. Discord says where it lies, and only Discord's own hosts are asked for it. */
export function fileOf({ name, size, url }: DiscordFile, fakeOrigin: string | undefined): IncomingFile {
  const origins = fakeOrigin === undefined ? HOSTS : [fakeOrigin]
  return {
    label: name,
    size,
    async read({ maxBytes }) {
      if (!URL.canParse(url) || !origins.includes(new URL(url).origin)) throw new Error('It does not lie at Discord')
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
      if (response.status !== 200) {
        await response.body?.cancel()
        throw new Error(`Discord answered with ${response.status}`)
      }
      return boundedBytes(response, maxBytes)
    },
  }
}

async function boundedBytes({ body }: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop ends the connection.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`It is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
