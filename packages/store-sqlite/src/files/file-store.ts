import type { FileStore, FileToSave } from '@executus/core'

/**
 * Files of runs: what an executor takes as its `fileStore`, and what a tool of the host reads from. Rejects with
 * `StoreError`.
 */
export interface SqliteFileStore extends FileStore {
  /**
   * Keeps a file. The same file of the same run, saved again, has the same name. One that is given as an address is not
   * fetched: the address is kept, as `text/uri-list`, for a tool that may.
   *
   * Rejects with TypeError or RangeError for base64 that is none, another address than http or https, and a file that is too
   * large.
   */
  save(file: FileToSave, options?: { readonly signal?: AbortSignal }): Promise<{ readonly name: string }>
  /**
   * A file with its content; `undefined` when there is none of this name. Any string may be asked for. Whether the run that
   * asks may see the file is for the caller to look at, by `runId`. Rejects with `corrupt` when the content is not what was
   * saved.
   */
  read(name: string): Promise<SavedContent | undefined>
  /** The files of a run, oldest first; those of runs below it are theirs. */
  list(query: { readonly runId: string }): Promise<readonly SavedFile[]>
  /** Forgets the files of a run; gives how many. Content goes with the last file that has it. */
  forget(runId: string): Promise<number>
  /**
   * Forgets files that were saved before `savedBeforeMs`, oldest first and at most `limit`, but not those of a run in the
   * same database that is not settled; gives how many. Removes what crashes have left in the folder of large files, when it
   * is an hour old.
   */
  sweep(query: { readonly savedBeforeMs: number; readonly limit: number }): Promise<number>
  /** Closes the store. Every later call but another `close` rejects with `closed`. */
  close(): Promise<void>
}

export interface SavedContent extends SavedFile {
  readonly bytes: Uint8Array
}

/** What is known about a file that was saved. */
export interface SavedFile {
  /** What it is called here: `file-` and 16 letters and digits, safe in a path and a URL. */
  readonly name: string
  readonly runId: string
  /** `text/uri-list` for one that was given as an address. */
  readonly mediaType: string
  /** What it was called before: any text, never to be taken for a path. */
  readonly originalName?: string
  /** In bytes. */
  readonly size: number
  /** Of its content, in hexadecimal. */
  readonly sha256: string
  /** Milliseconds since the epoch, by the store's clock. */
  readonly savedAtMs: number
}
