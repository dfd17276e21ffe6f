import type { Logger } from '@executus/core'

import type { Redactor } from './redactor.ts'

/** A logger whose lines are redacted first. */
export function redactLogger(logger: Logger, redactor: Redactor): Logger {
  const redacted = (level: keyof Logger) => (message: string, details?: unknown) =>
    details === undefined
      ? logger[level](redactor.text(message))
      : logger[level](redactor.text(message), redactor.value(details))
  return { warn: redacted('warn'), error: redacted('error') }
}
