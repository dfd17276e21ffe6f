import { readFile, stat } from 'node:fs/promises'

import { checkWith, type Clock, ensureError, type Schema, type SchemaOutput, systemClock } from '@executus/llm'

import { checkCount, checkKeys, checkPort, checkText, expected } from '../check-option.ts'
import { consoleLogger, isolateLogger, type Logger } from '../logger.ts'
import type { ConfigChange, ConfigSource } from './config-source.ts'
import { ConfigError, type ConfigErrorCode } from './errors.ts'

export interface FileConfigOptions {
  /** Milliseconds between two looks at a watched file. @default 2_000 */
  readonly pollMs?: number
  /** @default systemClock */
  readonly clock?: Clock
  /** Told of each change that did not pass, and of listeners that throw. @default consoleLogger */
  readonly logger?: Logger
}

// Soon enough for whoever edits the file; a look costs microseconds.
const POLL_MS = 2_000

/**
 * Settings in a JSON file that fit `schema`. `load` rejects with a ConfigError.
 *
 * A watched file is looked at by the clock: fs.watch speaks several times for one change, and on network drives and bind
 * mounts not at all. Watching keeps the process alive. A file is read when it looks different from before, and told of
 * when its text is; one that changes while it is read is read again at the next look, as it may be half written.
 *
 * @throws TypeError or RangeError that names the argument or option
 */
export function fileConfig<S extends Schema>(
  path: string,
  schema: S,
  options: FileConfigOptions = {},
): ConfigSource<SchemaOutput<S>> {
  checkText('path', path)
  if (typeof (schema as Schema | undefined)?.['~standard']?.validate !== 'function')
    throw expected('schema', 'a Standard Schema', schema)
  checkKeys('options', options, ['pollMs', 'clock', 'logger'])
  const { pollMs = POLL_MS, clock = systemClock, logger = consoleLogger } = options
  checkCount('pollMs', pollMs, 1)
  checkPort('clock', clock, ['now', 'after'])
  checkPort('logger', logger, ['warn', 'error'])
  return new FileConfig(path, schema, { pollMs, clock, logger: isolateLogger(logger) })
}

class FileConfig<S extends Schema> implements ConfigSource<SchemaOutput<S>> {
  readonly #path: string
  readonly #schema: S
  readonly #options: Required<FileConfigOptions>
  #current: SchemaOutput<S> | undefined
  #latest: Snapshot | undefined
  #readings = 0
  #newest = 0

  constructor(path: string, schema: S, options: Required<FileConfigOptions>) {
    this.#path = path
    this.#schema = schema
    this.#options = options
  }

  get current(): SchemaOutput<S> | undefined {
    return this.#current
  }

  async load(): Promise<SchemaOutput<S>> {
    const reading = this.#startReading()
    const change = await this.#judge(await readSnapshot(this.#path), reading)
    if (!change.ok) throw change.error
    return change.value
  }

  watch(listener: (change: ConfigChange<SchemaOutput<S>>) => void): () => void {
    const { clock, pollMs } = this.#options
    let known = this.#latest
    let isOver = false
    const look = async () => {
      const reading = this.#startReading()
      const snapshot = await readChanged(this.#path, known)
      if (snapshot !== undefined) {
        const isNews = known === undefined || snapshot.text !== known.text || snapshot.text === undefined
        known = snapshot
        if (isNews) {
          const change = await this.#judge(snapshot, reading)
          if (!isOver) this.#tell(listener, change)
        }
      }
      if (!isOver) cancel = clock.after(pollMs, () => void look())
    }
    let cancel = clock.after(pollMs, () => void look())
    return () => {
      isOver = true
      cancel()
    }
  }

  #startReading(): number {
    this.#readings += 1
    return this.#readings
  }

  async #judge(snapshot: Snapshot, reading: number): Promise<ConfigChange<SchemaOutput<S>>> {
    const checked = await this.#check(snapshot)
    // Two readings may end in the other order than they began.
    if (reading > this.#newest) {
      this.#newest = reading
      this.#latest = snapshot
      if (checked.ok) this.#current = checked.value
    }
    return checked.ok || this.#current === undefined ? checked : { ...checked, value: this.#current }
  }

  async #check(snapshot: Snapshot): Promise<ConfigChange<SchemaOutput<S>>> {
    const fail = (code: ConfigErrorCode, error: unknown) => {
      const { message } = ensureError(error)
      return { ok: false, error: new ConfigError(code, this.#path, message, { cause: error }) } as const
    }
    if (snapshot.text === undefined) return fail('unreadable', snapshot.error)
    let json: unknown
    try {
      json = JSON.parse(snapshot.text.replace(/^\uFEFF/, ''))
    } catch (error) {
      return fail('not-json', error)
    }
    try {
      const checked = await checkWith(this.#schema, json)
      if (checked.ok) return checked
      return { ok: false, error: new ConfigError('invalid', this.#path, checked.problem) }
    } catch (error) {
      return fail('invalid', error) // the schema threw
    }
  }

  #tell(listener: (change: ConfigChange<SchemaOutput<S>>) => unknown, change: ConfigChange<SchemaOutput<S>>): void {
    const { logger } = this.#options
    if (!change.ok) logger.warn(`the settings stay as they were: ${change.error.message}`, change.error)
    const complain = (error: unknown) => logger.error(`a listener for ${this.#path} failed`, error)
    try {
      const returned = listener(change)
      if (returned instanceof Promise) returned.catch(complain)
    } catch (error) {
      complain(error)
    }
  }
}

/** A file at one moment. Without `text` it could not be read. */
interface Snapshot {
  /** Differs when the file may be another. */
  readonly mark: string
  readonly text?: string
  readonly error?: unknown
}

async function readSnapshot(path: string): Promise<Snapshot> {
  try {
    const mark = await markOf(path)
    return { mark, text: await readFile(path, 'utf8') }
  } catch (error) {
    return { mark: ensureError(error).message, error }
  }
}

/** The file, unless it is as it was, or changes at this very moment. */
async function readChanged(path: string, known: Snapshot | undefined): Promise<Snapshot | undefined> {
  const mark = await markOf(path).catch((error: unknown) => ensureError(error).message)
  if (mark === known?.mark) return undefined
  const snapshot = await readSnapshot(path)
  if (snapshot.text === undefined) return snapshot.mark === known?.mark ? undefined : snapshot
  const markAfter = await markOf(path).catch(() => undefined)
  return markAfter === mark ? snapshot : undefined
}

async function markOf(path: string): Promise<string> {
  const { mtimeNs, size, ino } = await stat(path, { bigint: true })
  return `${mtimeNs} ${size} ${ino}`
}
