import { readBytes } from './read-text.ts'
import { replaceFile, withExisting } from './replace-file.ts'
import type { Target } from './target.ts'

/**
 * Rewrites a file from what it holds. Between the last look at the old content and the rename another program may still
 * write: nothing short of a lock that it respects would close that moment.
 *
 * @throws Error worded for the model; the file is as it was
 */
export async function changeFile(
  target: Target,
  change: (old: Buffer) => Buffer,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<void> {
  const read = () => withExisting(target, async (file) => ({ bytes: await readBytes(file, maxBytes), mode: file.mode }))
  const before = await read()
  if (before === undefined)
    throw new Error(`There is no "${target.asked}": list_files shows what there is, write_file makes a new file`)
  const after = change(before.bytes)
  if (after.length > maxBytes) throw new Error(`"${target.asked}" would become larger than ${maxBytes} bytes`)
  await replaceFile(target, after, {
    mode: before.mode,
    lastLook: async () => {
      signal.throwIfAborted()
      const now = await read()
      if (now === undefined || !now.bytes.equals(before.bytes))
        throw new Error(`"${target.asked}" changed meanwhile: read it again`)
    },
  })
}
