import { type Folder, type FolderEntry, readFolder } from './folder.ts'

export interface WalkOptions {
  readonly maxDepth: number
  readonly signal: AbortSignal
}

/**
 * Everything below `path`, level by level and each folder in order, so that who stops early has seen the whole breadth.
 * Skipped folders are named but not entered.
 */
export async function* walk(
  folder: Folder,
  path: string,
  { maxDepth, signal }: WalkOptions,
): AsyncGenerator<FolderEntry, void, undefined> {
  const queue = [{ path, depth: 1 }]
  for (const { path: at, depth } of queue) {
    const reading = readFolder(folder, at)
    // A folder that vanished or may not be read is no reason to give up the others.
    for (const entry of await (depth === 1 ? reading : reading.catch(() => []))) {
      signal.throwIfAborted()
      yield entry
      if (entry.isFolder && depth < maxDepth && !folder.skip.has(entry.name))
        queue.push({ path: entry.path, depth: depth + 1 })
    }
  }
}
