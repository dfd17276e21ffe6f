import type { AudioPart, FilePart, ImagePart } from '@executus/llm'

/** A file that somebody sent. */
export type Attachment = ImagePart | FilePart | AudioPart

/**
 * Files that arrive before the run that needs them: a chat delivers a picture now and the question about it next. The
 * key is the host's: a channel, a person in it.
 */
export interface PendingAttachments {
  /** Keeps a file until it is taken, or says why not. */
  put(key: string, attachment: Attachment): PutReceipt | Promise<PutReceipt>
  /** All that is kept under `key`, in the order it came; it is kept no more. */
  take(key: string): TakenAttachments | Promise<TakenAttachments>
}

/**
 * What became of a file. `too-many`: its key has as many as it may. `too-large`: its key would have more bytes than it
 * may. `full`: there is no room left at all.
 */
export type PutReceipt =
  | { readonly kept: true }
  | { readonly kept: false; readonly reason: 'too-many' | 'too-large' | 'full' }

export interface TakenAttachments {
  readonly attachments: readonly Attachment[]
  /** What came too early, and was dropped before it was taken. */
  readonly expired: readonly AttachmentLabel[]
}

/** What a file was called, without the file. */
export interface AttachmentLabel {
  readonly type: Attachment['type']
  readonly mediaType: string
  readonly name?: string
}
