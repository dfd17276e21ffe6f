/** Something in a change that people do not see when they read it, and a model would. */
export interface HiddenText {
  /** `title`, `description`, or the path of a file. */
  readonly where: string
  /** In the new file, counting from 1, where it is in a file. */
  readonly line?: number
  readonly kind: 'zero-width' | 'bidi-control' | 'tag-character' | 'html-comment' | 'other-invisible'
  readonly count: number
}
