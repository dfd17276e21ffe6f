import { type Link, LinkedList } from './linked-list.ts'

/**
 * What waits under many keys, taken in turns: in a round each key that waits gets as many turns as its weight, and in a
 * key it is first come, first served. A key that begins to wait joins at the end of the round, so who is first of its
 * key is taken after at most one share of each key that was there before. Every operation takes constant time.
 */
export class FairQueue<T> {
  readonly #weightOf: (key: string) => number
  /** The keys that wait, the one that is served first. Nothing is kept of a key that does not wait. */
  readonly #round = new LinkedList<Row<T>>()
  readonly #places = new Map<string, Link<Row<T>>>()
  #size = 0

  /** `weightOf` gives an integer of 1 or more. */
  constructor(weightOf: (key: string) => number) {
    this.#weightOf = weightOf
  }

  get size(): number {
    return this.#size
  }

  sizeOf(key: string): number {
    return this.#places.get(key)?.value.waiting.size ?? 0
  }

  /** The keys under which something waits. */
  keys(): Iterable<string> {
    return this.#places.keys()
  }

  /** What `take` would give. */
  get first(): T | undefined {
    return this.#round.first?.value.waiting.first?.value
  }

  /** Adds `value`; the returned function takes it out again if it still waits. */
  add(key: string, value: T): () => void {
    const row = this.#places.get(key)?.value ?? this.#join(key, new LinkedList())
    const link = row.waiting.append(value)
    this.#size += 1
    return () => {
      this.#remove(row, link)
    }
  }

  take(): T | undefined {
    const row = this.#round.first?.value
    const link = row?.waiting.first
    if (row === undefined || link === undefined) return undefined
    this.#remove(row, link)
    row.turnsLeft -= 1
    if (row.turnsLeft === 0 && row.waiting.size > 0) {
      this.#leave(row.key)
      this.#join(row.key, row.waiting)
    }
    return link.value
  }

  /** Puts a key at the end of the round, with all its turns. */
  #join(key: string, waiting: LinkedList<T>): Row<T> {
    const row = { key, waiting, turnsLeft: this.#weightOf(key) }
    this.#places.set(key, this.#round.append(row))
    return row
  }

  #leave(key: string): void {
    const place = this.#places.get(key)
    if (place !== undefined) this.#round.remove(place)
    this.#places.delete(key)
  }

  #remove({ key, waiting }: Row<T>, link: Link<T>): void {
    if (!waiting.remove(link)) return
    this.#size -= 1
    if (waiting.size === 0) this.#leave(key)
  }
}

/** What waits under one key. */
interface Row<T> {
  readonly key: string
  readonly waiting: LinkedList<T>
  turnsLeft: number
}
