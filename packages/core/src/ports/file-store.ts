import type { AudioPart, FilePart } from '@executus/llm'

import type { RunInfo } from '../run-info.ts'

/** Where a host keeps what is too large or of a kind that models do not read. */
export interface FileStore {
  /** Keeps a file; gives what a model may call it, so that a tool of the host can find it again. */
  save(file: FileToSave, options: { readonly signal: AbortSignal }): Promise<{ readonly name: string }>
}

export interface FileToSave {
  readonly run: Pick<RunInfo, 'runId' | 'caller' | 'channel' | 'guild'>
  /** A name for it, where there is one. */
  readonly name?: string
  readonly mediaType: string
  readonly source: (FilePart | AudioPart)['source'] | { readonly text: string }
}
