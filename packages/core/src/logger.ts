import { isolate } from './isolate.ts'

/** Where the executor tells what must not be lost and cannot be returned: a listener that threw, a late failure. */
export interface Logger {
  warn(message: string, details?: unknown): void
  error(message: string, details?: unknown): void
}

/** Writes to standard error, each line marked. */
export const consoleLogger: Logger = {
  warn: (message, details) => console.warn(`executus: ${message}`, ...(details === undefined ? [] : [details])),
  error: (message, details) => console.error(`executus: ${message}`, ...(details === undefined ? [] : [details])),
}

/** `logger`, without what it throws: a log that fails must not end a run, and there is nowhere left to tell it. */
export function isolateLogger(logger: Logger): Logger {
  // A log that fails has nowhere left to tell it.
  const isolated = (level: keyof Logger) => (message: string, details?: unknown) =>
    isolate(
      () => logger[level](message, details),
      () => {},
    )
  return { warn: isolated('warn'), error: isolated('error') }
}

/** Keeps silent. */
export const noLogger: Logger = { warn() {}, error() {} }
