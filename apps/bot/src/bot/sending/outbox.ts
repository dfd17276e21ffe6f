import { isDeepStrictEqual } from 'node:util'

import type { AuditLog } from '@executus/audit'
import type { Clock, Logger } from '@executus/core'

import type { Outlet, Part } from '../../channel/channel.ts'
import { ChannelError } from '../../channel/errors.ts'
import { pause } from '../../process/pause.ts'
import type { OutgoingPart } from '../../store/part-store.ts'
import type { Stores } from '../../store/stores.ts'
import type { Entry } from '../../view/entry.ts'
import type { Log, LogWriter } from '../log.ts'
import type { AuditNotes } from './audit-notes.ts'

export interface OutboxOptions {
  readonly stores: Stores
  readonly log: Log
  readonly outlets: ReadonlyMap<string, Outlet>
  readonly audit: Pick<AuditLog, 'flush'>
  readonly notes: AuditNotes
  readonly clock: Clock
  readonly logger: Logger
}

/** What one part may take; a service that limits its clients makes them wait. */
const LONGEST_SEND_MS = 120_000
/** What it may take on top of that to say whether it was sent. */
const LAST_WORD_MS = 10_000
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 5 * 60_000
/** At a start the newest questions, so many, are brought up to date where they are shown. */
const QUESTIONS_SEEN_TO = 50

/**
 * Brings what is kept to the channels: the parts of a place one after the other, each marked before it is sent. One that may
 * have arrived is never sent again.
 */
export class Outbox {
  readonly #options: OutboxOptions
  /** Places that something is sent to, or that wait for another try. */
  readonly #busy = new Map<string, Promise<void>>()
  readonly #stop = new AbortController()
  #isClosed = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** What an earlier process was sending may have arrived; what it had not begun is sent. */
  async open(): Promise<void> {
    for (const part of this.#options.stores.parts.sending())
      await this.#giveUp(part, 'the bot was stopped while it was sent')
    const { entries, questions } = this.#options.stores
    for (const { entryId } of questions.newest(QUESTIONS_SEEN_TO)) {
      const entry = entries.find(entryId)
      if (entry !== undefined) this.update(entry)
    }
    this.wake()
  }

  wake(): void {
    if (this.#stop.signal.aborted) return
    const { outlets, stores } = this.#options
    for (const [channel, outlet] of outlets) {
      for (const part of stores.parts.nextOfPlaces(channel)) {
        const key = `${channel}:${part.place}`
        if (this.#busy.has(key)) continue
        const work = this.#sendAll(outlet, part, key).catch((error: unknown) =>
          this.#options.logger.error('something could not be sent', error),
        )
        this.#busy.set(key, work)
      }
    }
  }

  /** Shows what has become of an entry where something else was shown of it. */
  update(entry: Entry): void {
    const { stores, outlets, logger } = this.#options
    for (const shown of stores.parts.ofEntry(entry.id)) {
      const { channel, state } = shown
      const outlet = outlets.get(channel)
      const part = outlet?.partsOf(entry)[shown.number - 1]
      if (outlet === undefined || part === undefined || state !== 'sent' || isSame(part, shown.part)) continue
      void this.#change(outlet, shown, part).catch((error: unknown) =>
        logger.warn(`a message in ${channel} could not be changed`, error),
      )
    }
  }

  async #change(outlet: Outlet, shown: OutgoingPart, part: Part): Promise<void> {
    const { place, messageId } = shown
    if (messageId === undefined || outlet.update === undefined) return
    await outlet.update(place, messageId, part, { signal: this.#stop.signal })
    if (!this.#isClosed) this.#options.stores.parts.show(shown, part)
  }

  /** Begins nothing more, and gives what is being sent `graceMs` to arrive. */
  async close(graceMs: number): Promise<void> {
    const { clock } = this.#options
    let cancel = () => {}
    const late = new Promise<void>((resolve) => (cancel = clock.after(graceMs, resolve)))
    this.#stop.abort(new Error('The bot is stopping'))
    await Promise.race([Promise.all(this.#busy.values()), late])
    cancel()
    this.#isClosed = true
  }

  async #sendAll(outlet: Outlet, first: OutgoingPart, key: string): Promise<void> {
    const { clock } = this.#options
    const { signal } = this.#stop
    let failures = 0
    try {
      for (let part: OutgoingPart | undefined = first; part !== undefined && !signal.aborted;) {
        const waitMs = await this.#trySend(outlet, part)
        if (waitMs === undefined) failures = 0
        else await pause(clock, Math.max(waitMs, Math.min(FIRST_RETRY_MS * 2 ** failures++, LONGEST_RETRY_MS)), signal)
        if (!signal.aborted) part = this.#nextOf(first)
      }
    } finally {
      this.#busy.delete(key)
    }
  }

  #nextOf({ channel, place }: OutgoingPart): OutgoingPart | undefined {
    return this.#options.stores.parts.nextOfPlaces(channel).find((part) => part.place === place)
  }

  /** What could not be marked as being sent, on a disk that is full say, was not sent, and is tried again. */
  async #trySend(outlet: Outlet, part: OutgoingPart): Promise<number | undefined> {
    try {
      return await this.#send(outlet, part)
    } catch (error) {
      this.#options.logger.error('something could not be sent', error)
      return 0
    }
  }

  /** Sends one part; gives after how many milliseconds to try again, if it was not sent. */
  async #send(outlet: Outlet, given: OutgoingPart): Promise<number | undefined> {
    const { stores, audit, logger } = this.#options
    // What becomes of it is noted in the run's record, so that has to be there, also after a crash.
    if (given.number === 1) await audit.flush()
    if (this.#stop.signal.aborted) return undefined
    const entry = stores.entries.find(given.entryId)
    // A question that was decided before it went out goes out as it is now.
    const part = (entry && outlet.partsOf(entry)[given.number - 1]) ?? given.part
    stores.parts.set(given, 'sending')
    try {
      const messageId = await this.#sendInTime(outlet, given, part)
      if (this.#isClosed) return undefined
      this.#settle(given, 'sent', { messageId, part })
      // It may have been decided meanwhile.
      const now = stores.entries.find(given.entryId)
      if (now !== undefined) this.update(now)
      return undefined
    } catch (error) {
      if (this.#isClosed) return undefined
      if (!ChannelError.is(error)) {
        logger.error('it is not known whether a message was sent; it is not sent again', error)
        await this.#giveUp(given, 'the channel gave no answer')
        return undefined
      }
      if (error.code === 'busy') {
        stores.parts.set(given, 'waiting')
        return error.retryAfterMs ?? 0
      }
      logger.error(`a message was refused by ${given.channel}`, error)
      this.#settle(given, 'refused')
      return undefined
    }
  }

  /** Rejects when nothing is heard of it, also where the channel heeds no signal: others wait for the place. */
  #sendInTime(outlet: Outlet, { entryId, number, place }: OutgoingPart, part: Part): Promise<string> {
    const { clock } = this.#options
    const late = new AbortController()
    const cancels = [clock.after(LONGEST_SEND_MS, () => late.abort(new Error('The channel took too long')))]
    const silence = new Promise<never>((_resolve, reject) => {
      const giveUp = () => reject(new Error('Nothing was heard of the channel'))
      cancels.push(clock.after(LONGEST_SEND_MS + LAST_WORD_MS, giveUp))
    })
    const sent = outlet.send(place, part, { key: `${entryId}/${number}`, signal: late.signal })
    return Promise.race([sent, silence]).finally(() => {
      for (const cancel of cancels) cancel()
    })
  }

  /** Leaves a part that may have arrived as it is, and says so where it is looked for. */
  async #giveUp(part: OutgoingPart, why: string): Promise<void> {
    const { stores, notes } = this.#options
    const runId = stores.entries.find(part.entryId)?.runId
    const count = stores.parts.ofEntry(part.entryId).length
    const text = `Part ${part.number} of ${count} of the message to ${part.channel} may have arrived: ${why}. It is not sent again.`
    this.#settle(part, 'unknown', runId === undefined ? {} : { note: { runId, about: 'delivery', text } })
    await notes.write()
  }

  /** Keeps what became of a part, and what that makes of its answer, as one. */
  #settle(given: OutgoingPart, state: OutgoingPart['state'], more: SettleMore = {}): void {
    const { stores, log, notes } = this.#options
    const { messageId, part, note } = more
    log.write((writer) => {
      stores.parts.set(given, state, messageId)
      if (part !== undefined) stores.parts.show(given, part)
      if (note !== undefined) notes.keep(note)
      this.#noteDelivery(writer, given.entryId)
    })
  }

  #noteDelivery(writer: LogWriter, entryId: number): void {
    const { stores } = this.#options
    const entry = stores.entries.find(entryId)
    if (entry?.kind !== 'answer') return
    const states = stores.parts.ofEntry(entryId).map(({ state }) => state)
    const delivery = states.includes('unknown')
      ? 'unknown'
      : states.includes('refused')
        ? 'failed'
        : states.every((state) => state === 'sent')
          ? 'sent'
          : 'waiting'
    if (entry.delivery === delivery) return
    writer.change(entry.id, { ...entry, delivery })
  }
}

/** What is kept with what became of a part. */
interface SettleMore {
  readonly messageId?: string
  readonly part?: Part
  readonly note?: { readonly runId: string; readonly about: string; readonly text: string }
}

/** As it is kept: what is undefined is left out. */
function isSame(part: Part, kept: Part): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(part)), kept)
}
