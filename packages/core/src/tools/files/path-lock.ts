/** Runs what is given for one path one after the other, in the order of asking; other paths do not wait. */
export type PathLock = <T>(path: string, use: () => Promise<T>) => Promise<T>

/** A lock of its own, for one set of tools. */
export function pathLock(): PathLock {
  const last = new Map<string, Promise<unknown>>()
  return async (path, use) => {
    // Where case makes no difference two spellings are one file; elsewhere two files only wait for each other.
    const key = path.normalize('NFC').toLowerCase()
    const turn = (last.get(key) ?? Promise.resolve()).then(use)
    const settled = turn.catch(() => undefined)
    last.set(key, settled)
    try {
      return await turn
    } finally {
      if (last.get(key) === settled) last.delete(key)
    }
  }
}
