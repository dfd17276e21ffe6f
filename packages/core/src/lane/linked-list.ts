/** A place in a `LinkedList`. */
export interface Link<T> {
  readonly value: T
  previous: Link<T> | undefined
  next: Link<T> | undefined
  /** False once it is taken out. */
  isIn: boolean
}

/** A list that gives up any of its places in constant time: who waits in a queue may leave it from the middle. */
export class LinkedList<T> {
  #first: Link<T> | undefined
  #last: Link<T> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  get first(): Link<T> | undefined {
    return this.#first
  }

  append(value: T): Link<T> {
    const link: Link<T> = { value, previous: this.#last, next: undefined, isIn: true }
    if (this.#last === undefined) this.#first = link
    else this.#last.next = link
    this.#last = link
    this.#size += 1
    return link
  }

  /** Takes `link` out of the list that it was appended to. Gives false when it was out already. */
  remove(link: Link<T>): boolean {
    if (!link.isIn) return false
    if (link.previous === undefined) this.#first = link.next
    else link.previous.next = link.next
    if (link.next === undefined) this.#last = link.previous
    else link.next.previous = link.previous
    link.isIn = false
    this.#size -= 1
    return true
  }
}
