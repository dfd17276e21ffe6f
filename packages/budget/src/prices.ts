import type { CallRecord, Spent, Usage } from '@executus/core'

import { type Amounts, largest, microUsdOf, NOTHING, wholeOf } from './amounts.ts'
import type { Charge, PricedUsage } from './budget-store.ts'

/** What tokens cost, as far as the host says. */
export interface Prices {
  readonly costOf: ((usage: Usage, spec: string) => number | undefined) | undefined
  /** Dollars per million tokens of models that `costOf` does not know. */
  readonly unknownPriceUsd: number | undefined
}

/** Millionths of a dollar; `undefined` where the price is not known. */
export function priced({ costOf, unknownPriceUsd }: Prices, usage: PricedUsage, spec: string): number | undefined {
  const costUsd = costOf?.({ ...usage, reasoningTokens: 0 }, spec)
  if (isCost(costUsd)) return microUsdOf(costUsd)
  if (unknownPriceUsd === undefined) return undefined
  return wholeOf((usage.inputTokens + usage.outputTokens) * unknownPriceUsd)
}

/** What is no number is no price: a table that gives `null` must not make a model free. */
function isCost(costUsd: unknown): costUsd is number {
  return typeof costUsd === 'number' && costUsd >= 0
}

/**
 * What one run took so far, in all its segments. Its model calls are known each by its own model and price where the host
 * passes on `onModelCall`; tokens that nobody told of cost what the run's first model costs.
 */
export class Meter {
  readonly #prices: Prices
  readonly #spec: string
  readonly #earlier: Pick<Charge, 'total' | 'usage'>
  #seen: PricedUsage = NO_TOKENS
  #seenMicroUsd = 0
  #most: Amounts = NOTHING

  constructor(prices: Prices, spec: string, earlier: Pick<Charge, 'total' | 'usage'>) {
    this.#prices = prices
    this.#spec = spec
    this.#earlier = earlier
  }

  see({ spec, usage, costUsd }: CallRecord): void {
    if (usage === undefined) return // nobody knows
    const tokens = pricedUsageOf(usage)
    this.#seen = sumOf(this.#seen, tokens)
    this.#seenMicroUsd += isCost(costUsd)
      ? microUsdOf(costUsd)
      : (priced(this.#prices, tokens, spec) ?? this.#ownPrice(tokens))
  }

  /** With what runs below it take at this moment, as far as their calls were seen. Never less than it was. */
  taken({ usage, elapsedMs }: Spent): Amounts {
    const { total, usage: settled } = this.#earlier
    const told = pricedUsageOf(usage)
    const known = sumOf(settled, this.#seen)
    const microUsd = total.microUsd + this.#seenMicroUsd + this.#ownPrice(without(told, known))
    const tokens = Math.max(tokensOf(told), tokensOf(known))
    this.#most = largest(this.#most, { runs: 0, workMs: wholeOf(elapsedMs), tokens, microUsd: wholeOf(microUsd) })
    return this.#most
  }

  usageOf({ usage }: Spent): PricedUsage {
    const told = pricedUsageOf(usage)
    const known = sumOf(this.#earlier.usage, this.#seen)
    return {
      inputTokens: Math.max(told.inputTokens, known.inputTokens),
      outputTokens: Math.max(told.outputTokens, known.outputTokens),
      cacheReadTokens: Math.max(told.cacheReadTokens, known.cacheReadTokens),
      cacheWriteTokens: Math.max(told.cacheWriteTokens, known.cacheWriteTokens),
    }
  }

  #ownPrice(usage: PricedUsage): number {
    return tokensOf(usage) === 0 ? 0 : (priced(this.#prices, usage, this.#spec) ?? 0)
  }
}

export const NO_TOKENS: PricedUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

/** Input and output together. */
export function tokensOf({ inputTokens, outputTokens }: PricedUsage): number {
  return wholeOf(inputTokens + outputTokens)
}

/** Tokens as they are kept: in whole numbers. */
export function pricedUsageOf({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  cacheWriteTokens,
}: PricedUsage): PricedUsage {
  return {
    inputTokens: wholeOf(inputTokens),
    outputTokens: wholeOf(outputTokens),
    cacheReadTokens: wholeOf(cacheReadTokens),
    cacheWriteTokens: wholeOf(cacheWriteTokens),
  }
}

function sumOf(a: PricedUsage, b: PricedUsage): PricedUsage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  }
}

function without(a: PricedUsage, b: PricedUsage): PricedUsage {
  const inputTokens = Math.max(0, a.inputTokens - b.inputTokens)
  const cacheReadTokens = Math.min(inputTokens, Math.max(0, a.cacheReadTokens - b.cacheReadTokens))
  return {
    inputTokens,
    outputTokens: Math.max(0, a.outputTokens - b.outputTokens),
    cacheReadTokens,
    cacheWriteTokens: Math.min(inputTokens - cacheReadTokens, Math.max(0, a.cacheWriteTokens - b.cacheWriteTokens)),
  }
}
