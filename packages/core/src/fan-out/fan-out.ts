import { ensureError } from '@executus/llm'
import pLimit, { type LimitFunction } from 'p-limit'

import { checkCount, checkKeys, checkPort, expected } from '../check-option.ts'
import { consoleLogger, isolateLogger, type Logger } from '../logger.ts'

/** How work fans out. */
export interface FanOutOptions<Item, Lens, Value> {
  /** Cells at a time. @default 8 */
  readonly concurrency?: number
  /** What a cell draws on: a server, an account. A cell that waits for its key keeps none of another key waiting. */
  readonly keyOf?: (item: Item, lens: Lens) => string
  /** Cells of one key at a time, where `keyOf` is given. @default 1 */
  readonly concurrencyPerKey?: number
  /** Ends it early: cells that have not begun are skipped, those under way are given the signal and waited for. */
  readonly signal?: AbortSignal
  /** Told when a cell begins and when it ends. What it throws is logged. */
  readonly onProgress?: (progress: FanOutProgress<Item, Lens, Value>) => unknown
  /** @default consoleLogger */
  readonly logger?: Logger
}

/** What came of one item under one lens; `lens` is `undefined` where there are none. */
export type FanOutCell<Item, Lens, Value> = { readonly item: Item; readonly lens: Lens } & (
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false
      /** `failed`: its work did. `aborted`: it did after the signal aborted. `skipped`: it had not begun by then. */
      readonly status: 'failed' | 'aborted' | 'skipped'
      /** What the work threw; for a skipped cell, the signal's reason. */
      readonly error: Error
    }
)

/** A cell began or ended; a skipped one only ends. `done` counts those that have ended, of `total`. */
export type FanOutProgress<Item, Lens, Value> =
  | {
      readonly type: 'cell-start'
      readonly item: Item
      readonly lens: Lens
      readonly done: number
      readonly total: number
    }
  | {
      readonly type: 'cell-end'
      readonly cell: FanOutCell<Item, Lens, Value>
      readonly done: number
      readonly total: number
    }

export interface FanOutContext {
  /** Aborts when the fan-out is to end. Never, where it was given no signal. */
  readonly signal: AbortSignal
}

// As many as a person's own key at any vendor takes at once without being told to slow down.
const CONCURRENCY = 8

const OPTIONS = ['concurrency', 'keyOf', 'concurrencyPerKey', 'signal', 'onProgress', 'logger']

/**
 * Looks at each item through each lens: does `work` for every pair, so many at a time, and gives the results as rows in
 * the order of `items`, each in the order of `lenses`. Without lenses, does it for each item and gives one row.
 * It resolves whatever becomes of the cells; nothing is under way any more when it does.
 *
 * @throws TypeError or RangeError that names the argument or option
 *
 * @example
 * const rows = await fanOut(files, ['bugs', 'style'], (file, lens, { signal }) => review(file, lens, signal))
 * const bugs = rows.map(([cell]) => (cell?.ok ? cell.value : 'no answer'))
 */
export function fanOut<Item, Lens, Value>(
  items: readonly Item[],
  lenses: readonly Lens[],
  work: (item: Item, lens: Lens, context: FanOutContext) => Value | PromiseLike<Value>,
  options?: FanOutOptions<Item, Lens, Value>,
): Promise<readonly (readonly FanOutCell<Item, Lens, Value>[])[]>
export function fanOut<Item, Value>(
  items: readonly Item[],
  work: (item: Item, context: FanOutContext) => Value | PromiseLike<Value>,
  options?: FanOutOptions<Item, undefined, Value>,
): Promise<readonly FanOutCell<Item, undefined, Value>[]>
export function fanOut(items: readonly unknown[], ...rest: readonly unknown[]): Promise<readonly unknown[]> {
  if (typeof rest[0] !== 'function') {
    const [lenses, work, options = {}] = rest as GridArguments
    return startGrid(items, lenses, work, options)
  }
  const [work, options = {}] = rest as ListArguments
  const rows = startGrid(items, [undefined], (item, _lens, context) => work(item, context), options)
  return rows.then((grid) => grid.flat())
}

type GridArguments = readonly [lenses: readonly unknown[], work: GridWork, options?: AnyOptions]
type ListArguments = readonly [work: ListWork, options?: AnyOptions]
type GridWork = (item: unknown, lens: unknown, context: FanOutContext) => unknown
type ListWork = (item: unknown, context: FanOutContext) => unknown
type AnyOptions = FanOutOptions<unknown, unknown, unknown>
type AnyCell = FanOutCell<unknown, unknown, unknown>

function startGrid(
  items: readonly unknown[],
  lenses: readonly unknown[],
  work: GridWork,
  options: AnyOptions,
): Promise<readonly (readonly AnyCell[])[]> {
  checkList('items', items)
  checkList('lenses', lenses)
  if (typeof work !== 'function') throw expected('work', 'a function', work)
  checkOptions(options)
  const { signal = new AbortController().signal } = options
  const limit = limits(options)
  const tell = progressTeller(options, items.length * lenses.length)

  const runCell = async (item: unknown, lens: unknown): Promise<AnyCell> => {
    if (signal.aborted) return { item, lens, ok: false, status: 'skipped', error: ensureError(signal.reason) }
    tell.start(item, lens)
    try {
      return { item, lens, ok: true, value: await work(item, lens, { signal }) }
    } catch (error) {
      return { item, lens, ok: false, status: signal.aborted ? 'aborted' : 'failed', error: ensureError(error) }
    }
  }
  const startCell = async (item: unknown, lens: unknown): Promise<AnyCell> => {
    let cell: AnyCell
    try {
      cell = await limit(item, lens, () => runCell(item, lens))
    } catch (error) {
      cell = { item, lens, ok: false, status: 'failed', error: ensureError(error) } // `keyOf` threw
    }
    tell.end(cell)
    return cell
  }
  // Array.from and not map, which passes over the holes of a list.
  return Promise.all(Array.from(items, (item) => Promise.all(Array.from(lenses, (lens) => startCell(item, lens)))))
}

/** The bounds. The key's comes first: what waits for its key has no place yet among those that wait for a global slot. */
function limits({ concurrency = CONCURRENCY, concurrencyPerKey = 1, keyOf }: AnyOptions) {
  const overall = pLimit(concurrency)
  const byKey = new Map<string, LimitFunction>()
  return (item: unknown, lens: unknown, run: () => Promise<AnyCell>): Promise<AnyCell> => {
    if (keyOf === undefined) return overall(run)
    const key = keyOf(item, lens)
    let ofKey = byKey.get(key)
    if (ofKey === undefined) byKey.set(key, (ofKey = pLimit(concurrencyPerKey)))
    return ofKey(() => overall(run))
  }
}

function progressTeller({ onProgress, logger = consoleLogger }: AnyOptions, total: number) {
  let done = 0
  const complain = (error: unknown) => isolateLogger(logger).error('onProgress of a fan-out failed', error)
  const tell = (progress: FanOutProgress<unknown, unknown, unknown>) => {
    try {
      // It may be an async function; its rejection must not end the process.
      const returned = onProgress?.(progress)
      if (returned instanceof Promise) returned.catch(complain)
    } catch (error) {
      complain(error)
    }
  }
  return {
    start: (item: unknown, lens: unknown) => tell({ type: 'cell-start', item, lens, done, total }),
    end(cell: AnyCell) {
      done += 1
      tell({ type: 'cell-end', cell, done, total })
    },
  }
}

function checkList(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw expected(name, 'a list', value)
}

function checkOptions(options: AnyOptions): void {
  checkKeys('options', options, OPTIONS)
  const { concurrency = CONCURRENCY, keyOf, concurrencyPerKey, signal, onProgress, logger } = options
  checkCount('concurrency', concurrency, 1)
  if (concurrencyPerKey !== undefined) checkCount('concurrencyPerKey', concurrencyPerKey, 1)
  if (keyOf !== undefined || concurrencyPerKey !== undefined)
    if (typeof keyOf !== 'function') throw expected('keyOf', 'a function', keyOf)
  if (signal !== undefined) checkPort('signal', signal, ['addEventListener'])
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw expected('onProgress', 'a function', onProgress)
  if (logger !== undefined) checkPort('logger', logger, ['warn', 'error'])
}
