import type { ImagePart } from '@executus/llm'

import type { Artifact } from '../artifact.ts'
import type { RunResult } from '../result.ts'
import type { RunInfo } from '../run-info.ts'
import type { Tool } from '../tool/tool.ts'

/** Makes tools that belong to one run: a browser of its own, say. Asked again when the run is resumed. */
export type SessionToolFactory = (session: Session) => SessionTools | Promise<SessionTools>

/** The run that the tools are for. */
export interface Session {
  readonly info: RunInfo
  readonly signal: AbortSignal
  /** Shows images to the model before its next step. */
  attachImages(images: readonly ImagePart[], text?: string): void
}

export interface SessionTools {
  readonly tools: readonly Tool[]
  /** Lets go of what the tools hold. Called once, however the run ended. */
  readonly cleanup?: () => void | Promise<void>
  /** Makes something of the finished run, while what the tools hold is still there; it goes into the result. */
  readonly postRun?: (result: RunResult) => readonly Artifact[] | Promise<readonly Artifact[]>
}
