import type { Logger } from '@executus/core'

import type { ReviewEvent } from '../review/review-event.ts'

/** What a person, a build's log or a program sees of a review while it runs. */
export interface Progress {
  readonly note: (event: ReviewEvent) => void
  /** Nothing more comes; the screen is left as it was found. A second call does nothing. */
  readonly end: () => void
  /** Warnings, so that they do not break what is drawn. */
  readonly logger: Logger
}

/** The slice of a stream that is written to. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Absent where the terminal does not say. */
  readonly columns?: number
  readonly rows?: number
}
