import type { Logger } from '@executus/core'

/** `logger`, without what it throws: a log that fails has nowhere left to tell it. */
export function quiet(logger: Logger): Logger {
  const guarded = (level: keyof Logger) => (message: string, details?: unknown) => {
    try {
      const told: unknown = logger[level](message, details)
      if (told instanceof Promise) told.catch(() => {})
    } catch {
      // Nobody can be told.
    }
  }
  return { warn: guarded('warn'), error: guarded('error') }
}
