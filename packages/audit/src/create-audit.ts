import { type Clock, consoleLogger, type Logger, systemClock } from '@executus/core'
import { checkCount, checkKeys, checkPort, expected } from '@executus/core/check-option'

import type { AuditLog } from './audit-log.ts'
import type { AuditStore } from './audit-store.ts'
import { memoryAuditStore } from './memory-store.ts'
import { redactLogger } from './redact/redact-logger.ts'
import { createRedactor, type RedactorOptions } from './redact/redactor.ts'
import { StoredAudit } from './stored-audit.ts'

export interface AuditOptions extends RedactorOptions {
  /** @default memoryAuditStore() */
  readonly store?: AuditStore
  /** Characters that are kept of one text: an answer, the arguments of a call, its result. @default 8_000 */
  readonly maxTextChars?: number
  /** Whether each entry has a hash over itself and the one before, for `verify`. @default false */
  readonly chain?: boolean
  /** Milliseconds after which an entry is written, with all others that have come by then. @default 250 */
  readonly flushAfterMs?: number
  /** Entries that wait to be written, of all runs together; what comes while there are so many is dropped. @default 10_000 */
  readonly maxBuffered?: number
  /** Characters of those, about. @default 16 MiB */
  readonly maxBufferedChars?: number
  /** Milliseconds that the end of a run, `flush` and `close` wait for the store at most. @default 2_000 */
  readonly waitMs?: number
  /** @default systemClock */
  readonly clock?: Clock
  /** Told once a minute at most when entries are dropped. @default consoleLogger */
  readonly logger?: Logger
}

const DEFAULTS = {
  // Two pages of text tell what was said; a run of 12 steps then takes some 100 kB at the very most.
  maxTextChars: 8_000,
  chain: false,
  // What a crash of the process may take; a write for each entry would cost a host with many runs its disk.
  flushAfterMs: 250,
  // Minutes of a busy host, while its store is away.
  maxBuffered: 10_000,
  maxBufferedChars: 16 * 1024 * 1024,
  // Core waits ten seconds for a port that is told of the end; a person who waits for an answer must not.
  waitMs: 2_000,
} as const

const METHODS = ['write', 'find', 'list', 'entries', 'forget', 'sweep', 'close']
const OPTIONS = ['store', 'secrets', 'keys', ...Object.keys(DEFAULTS), 'clock', 'logger']

/**
 * An audit of runs: records what they did, with secrets taken out before anything is kept. It never slows a run or fails it.
 *
 * @throws TypeError or RangeError that names the option
 * @example
 * const audit = createAudit({ secrets: [apiKey] })
 * const executor = createExecutor({ ...fromEnv(), audit })
 */
export function createAudit(options: AuditOptions = {}): AuditLog {
  checkKeys('options', options, OPTIONS)
  const { secrets, keys, store = memoryAuditStore(), clock = systemClock, logger = consoleLogger, ...rest } = options
  const config = { ...DEFAULTS, ...rest }
  checkPort('options.store', store, METHODS)
  for (const name of ['maxTextChars', 'maxBuffered', 'maxBufferedChars'] as const)
    checkCount(`options.${name}`, config[name], 1)
  for (const name of ['flushAfterMs', 'waitMs'] as const) checkCount(`options.${name}`, config[name], 0)
  if (typeof config.chain !== 'boolean') throw expected('options.chain', 'a boolean', config.chain)
  checkPort('options.clock', clock, ['now', 'after'])
  checkPort('options.logger', logger, ['warn', 'error'])
  const redactor = createRedactor({ ...(secrets !== undefined && { secrets }), ...(keys !== undefined && { keys }) })
  return new StoredAudit(store, redactor, { ...config, clock, logger: redactLogger(logger, redactor) })
}
