import { createHash } from 'node:crypto'

import type { Clock } from '@executus/core'
import { type Client, DiscordAPIError, RateLimitError, Routes } from 'discord.js'

import type { Outlet, Part } from '../../channel/channel.ts'
import { ChannelError } from '../../channel/errors.ts'
import { pause } from '../../process/pause.ts'
import { LostAnswer } from './errors.ts'
import { bodyOf, filesOf } from './message-body.ts'
import { partsOf } from './parts-of.ts'
import { plainProblem } from './plain-problem.ts'

export interface OutletOptions {
  /** The open connection, if there is one. */
  readonly client: () => Client | undefined
  readonly clock: Clock
}

const MOST_ATTEMPTS = 3
const RETRY_MS = 1_000
/**
 * How long after its first attempt a message may be sent again. Discord gives the first message instead of making a second
 * for a nonce of "the past few minutes" (https://docs.discord.com/developers/resources/message#create-message, 2026-11):
 * within a minute a repetition is no double, and later it might be one.
 */
const SAME_NONCE_MS = 60_000
const NOT_CONNECTED_MS = 5_000

/** Sends to Discord's channels and threads; a place is the id of one. */
export function discordOutlet({ client, clock }: OutletOptions): Outlet {
  const rest = () => {
    const open = client()
    if (open?.isReady() !== true)
      throw new ChannelError('busy', 'Discord is not connected', { retryAfterMs: NOT_CONNECTED_MS })
    // discord.js forgets a token that was refused once, and sends nothing more.
    return open.rest.setToken(open.token)
  }
  return {
    partsOf,
    async send(place, part, { key, signal }) {
      const nonce = nonceOf(place, key, part)
      const request = { body: { ...bodyOf(part), nonce, enforce_nonce: true }, files: filesOf(part) }
      const firstMs = monotonicMs(clock)
      let lost: unknown
      for (let attempt = 1; ; attempt += 1) {
        try {
          checkPlace(place)
          const leftMs = Math.max(1, SAME_NONCE_MS - (monotonicMs(clock) - firstMs))
          const until = lost === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(leftMs)])
          const message = await rest().post(Routes.channelMessages(place), { ...request, signal: until })
          return (message as { readonly id: string }).id
        } catch (error) {
          const sure = notSent(error)
          // Once an attempt may have arrived, no later failure makes that certain again.
          if (sure !== undefined && lost === undefined) throw sure
          lost ??= error
          const isLate = monotonicMs(clock) - firstMs + RETRY_MS >= SAME_NONCE_MS
          if (sure?.code === 'refused' || isLate || attempt === MOST_ATTEMPTS || signal.aborted) throw lost
          await pause(clock, RETRY_MS, signal)
        }
      }
    },
    async update(place, messageId, part, { signal }) {
      checkPlace(place)
      // discord.js's error holds what was said; it is left behind.
      await rest()
        .patch(Routes.channelMessage(place, messageId), { body: bodyOf(part), signal })
        .catch((error: unknown) => {
          throw new Error(plainProblem(error))
        })
    },
    async showWorking(place) {
      checkPlace(place)
      // A sign only: where it cannot be shown, the answer comes all the same.
      await rest()
        .post(Routes.channelTyping(place))
        .catch(() => {})
    },
  }
}

/** What surely was not sent; `undefined` leaves it open. */
function notSent(error: unknown): ChannelError | undefined {
  if (ChannelError.is(error)) return error
  const message = plainProblem(error)
  // The bot may have another token at its next start; what it has to say waits for that.
  if (error instanceof DiscordAPIError && error.status === 401) return new ChannelError('busy', message)
  if (error instanceof DiscordAPIError) return new ChannelError('refused', message)
  if (error instanceof RateLimitError) {
    const retryAfterMs = Math.max(error.timeToReset, error.retryAfter, error.sublimitTimeout)
    return new ChannelError('busy', message, { retryAfterMs })
  }
  if (error instanceof LostAnswer && error.outcome === 'not-sent')
    return new ChannelError('busy', message, { retryAfterMs: NOT_CONNECTED_MS, cause: error })
  return undefined
}

/** 25 characters, Discord's limit. The place and the text are in it, as a key is unique in one store alone. */
function nonceOf(place: string, key: string, { text }: Part): string {
  return createHash('sha256')
    .update(JSON.stringify([place, key, text]))
    .digest('base64url')
    .slice(0, 25)
}

function checkPlace(place: string): void {
  if (!/^\d{1,20}$/.test(place)) throw new ChannelError('refused', 'The place is no channel of Discord')
}

function monotonicMs(clock: Clock): number {
  return clock.monotonicMs?.() ?? clock.now()
}
