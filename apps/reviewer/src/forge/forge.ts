/**
 * One pull request of a forge, with the token that reads it and writes to it.
 *
 * Contract for every method: rejects with `ForgeError`, and neither a value nor an error holds the token.
 */
export interface Forge {
  /** In words, such as `GitHub`. */
  readonly name: string

  /**
   * The pull request as it was when this was first asked: all of a review is about one head, also what is posted after it
   * has moved on. `isFresh` asks again, and that is what counts from then on.
   */
  getPull(options?: ForgeOptions & { readonly isFresh?: boolean }): Promise<PullRequest>

  /** What it changes, as a diff. */
  getDiff(options?: ForgeOptions): Promise<string>

  /** A file at a commit, or `undefined` when it has none of that name. */
  getFile(path: string, commit: string): Promise<string | undefined>

  /** What the owner of the token has written there, nobody else: others could write marks that look like ours. */
  listOwn(): Promise<OwnComments>

  /** Comments on lines of a commit. Resolves with those that the forge refuses, as when a line is not in the diff. */
  postComments(comments: readonly LineComment[], headSha: string): Promise<readonly LineComment[]>

  /** A comment on the whole; with `id`, in the place of that one. */
  writeComment(body: string, id?: string): Promise<void>

  /** Is asked for threads alone that the forge itself calls outdated. */
  resolveThread(id: string): Promise<void>
}

interface ForgeOptions {
  readonly signal?: AbortSignal
}

export interface PullRequest {
  readonly title: string
  readonly description: string
  readonly headSha: string
  /** Where the branch that it goes to stood. */
  readonly baseSha: string
}

export interface LineComment {
  readonly path: string
  readonly side: 'new' | 'old'
  readonly startLine: number
  readonly endLine: number
  readonly body: string
}

export interface OwnComments {
  readonly threads: readonly OwnThread[]
  /** On the whole, oldest first. */
  readonly comments: readonly { readonly id: string; readonly body: string }[]
}

/** A comment of ours on lines, with what was said about it. */
export interface OwnThread {
  readonly id: string
  /** What it began with. */
  readonly body: string
  readonly path: string
  /** Where it was written; `undefined` when the forge does not say. */
  readonly lines?: { readonly start: number; readonly end: number } | undefined
  readonly isResolved: boolean
  /** The code that it was about is no longer in the change; `false` when the forge does not say. */
  readonly isOutdated: boolean
  /** Somebody else has written in it. */
  readonly hasReplies: boolean
}
