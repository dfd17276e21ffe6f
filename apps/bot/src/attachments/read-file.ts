import type { IncomingFile } from '../bot/bot.ts'
import { cleanLine } from './clean-label.ts'

/** What is in a file, or why it could not be read. A channel is a stranger here: it may hang, throw, or give too much. */
export async function readFile(
  file: IncomingFile,
  { maxBytes, timeoutMs }: { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<Uint8Array | string> {
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('it did not come in time')), timeoutMs)
    })
    const bytes: unknown = await Promise.race([file.read({ maxBytes }), late])
    return bytes instanceof Uint8Array ? bytes : 'could not be read: no bytes came'
  } catch (error) {
    return cleanLine(`could not be read: ${messageOf(error)}`)
  } finally {
    clearTimeout(timer)
  }
}

/** Addresses of files often hold what lets anybody read them. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : typeof error === 'string' ? error : ''
  return message.replaceAll(/\b[a-z]+:\/\/\S+/gi, 'its address') || 'no reason was given'
}
