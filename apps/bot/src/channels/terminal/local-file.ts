import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'

import type { IncomingFile } from '../../bot/bot.ts'

/** Reads what comes after `/file`: a path, with quotes or backslashes where it has spaces, and what to say with it. */
export function readFileCommand(rest: string): { readonly path: string; readonly text: string } | undefined {
  const [whole, double, single, plain] = /^\s*(?:"([^"]+)"|'([^']+)'|((?:\\.|[^\s\\])+))/.exec(rest) ?? []
  const path = double ?? single ?? plain?.replaceAll(/\\(.)/g, '$1')
  return whole === undefined || path === undefined ? undefined : { path, text: rest.slice(whole.length).trim() }
}

/**
 * A file of this machine, for a message. It is read when it is taken.
 *
 * @throws Error when there is no file to be read, in words for the one who named it
 */
export async function localFile(path: string): Promise<IncomingFile> {
  const full = resolve(path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path)
  const found = await stat(full).catch((error: unknown) => {
    throw new Error(problemOf(error), { cause: error })
  })
  // Of a pipe or a device one could read for ever.
  if (!found.isFile()) throw new Error('it is not a file')
  return {
    label: basename(full),
    size: found.size,
    async read({ maxBytes }) {
      const bytes = await buffer(createReadStream(full, { end: maxBytes })).catch((error: unknown) => {
        throw new Error(problemOf(error), { cause: error })
      })
      if (bytes.length > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`)
      return bytes
    },
  }
}

/** Without the path, which is nobody's business but the person's. */
function problemOf(error: unknown): string {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file'
  return code === 'EACCES' || code === 'EPERM' ? 'it may not be read' : `it cannot be read (${code})`
}
