import type { Logger } from '@executus/core'

import { bundleFiles } from '../bundle/bundle-files.ts'
import type { Bundle } from '../bundle/bundle.ts'
import type { ChangeSource } from '../change/change.ts'
import { consolidate } from '../consolidate/consolidate.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Lens } from '../lens/lens.ts'
import { lensNamed, readReviewFile, REVIEW_FILE } from '../lens/review-file.ts'
import { refuteClusters } from '../refute/refute-clusters.ts'
import { sanitiseChange } from '../sanitise/sanitise-change.ts'
import { selectFiles } from '../select/select-files.ts'
import type { SkippedFile } from '../select/selection.ts'
import { planCells } from '../swarm/plan-cells.ts'
import type { StopSwitch } from '../swarm/stop-switch.ts'
import { Swarm } from '../swarm/swarm.ts'
import type { ReviewEvent } from './review-event.ts'
import type { Cell, Review } from './review.ts'

export interface PlanOptions {
  readonly source: ChangeSource
  readonly fleet: Fleet
  /** Names; all of the review file, or the built-in ones, without. */
  readonly lenses?: readonly string[] | undefined
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Of a model's window, for one bundle. @default 20_000 */
  readonly bundleTokens?: number | undefined
  readonly signal: AbortSignal
}

export interface ReviewOptions {
  readonly stop: StopSwitch
  readonly onEvent: (event: ReviewEvent) => void
  readonly concurrency?: number | undefined
  readonly concurrencyPerKey?: number | undefined
  readonly maxCostUsd?: number | undefined
  readonly timeoutMs?: number | undefined
  /** What no report may hold, beside the keys of providers. */
  readonly secrets?: readonly string[] | undefined
  readonly logger?: Logger
}

/** What a review will do, before any model is asked. */
export interface ReviewPlan {
  readonly change: Pick<Review, 'title'> & { readonly description?: string }
  readonly fleet: Fleet
  readonly lenses: readonly Lens[]
  readonly rules?: string | undefined
  readonly bundles: readonly Bundle[]
  readonly cells: readonly Cell[]
  readonly skipped: readonly SkippedFile[]
  readonly hidden: Review['hidden']
}

// Beyond this, models overlook what stands in the middle; and one answer stays short enough to be whole.
const BUNDLE_TOKENS = 20_000

/**
 * Reads the change and says who will look at what. Settings are read as they were before the change. Rejects with
 * `DiffError` and `ReviewFileError`.
 */
export async function planReview({ source, fleet, signal, ...options }: PlanOptions): Promise<ReviewPlan> {
  const { change, hidden } = sanitiseChange(await source.read({ signal }))
  const [settings, attributes] = await Promise.all([source.readBase(REVIEW_FILE), source.readBase('.gitattributes')])
  const file = readReviewFile(settings)
  const lenses = options.lenses?.map((name) => lensNamed(name, file.lenses)) ?? file.lenses
  const include = options.include ?? file.include
  const exclude = [...(file.exclude ?? []), ...(options.exclude ?? [])]
  const selection = selectFiles(change, {
    exclude,
    ...(include !== undefined && { include }),
    ...(attributes !== undefined && { attributes }),
  })
  const { bundles, tooLarge } = bundleFiles(selection.reviewed, { maxTokens: options.bundleTokens ?? BUNDLE_TOKENS })
  const { title, description } = change
  return {
    change: { ...(title !== undefined && { title }), ...(description !== undefined && { description }) },
    fleet,
    lenses,
    rules: file.rules,
    bundles,
    cells: planCells(fleet.members, lenses, bundles),
    skipped: [...selection.skipped, ...tooLarge],
    hidden,
  }
}

/** Has the fleet look at all that the plan says, and makes one review of what it says. */
export async function reviewChange(plan: ReviewPlan, options: ReviewOptions): Promise<Review> {
  const { change, fleet, lenses, bundles, cells, skipped, hidden } = plan
  const { onEvent } = options
  const startedAtMs = performance.now()
  const files = new Set(bundles.flatMap(({ parts }) => parts.map(({ file }) => file.path))).size
  onEvent({ type: 'plan', cells, files, skipped: skipped.length })
  const swarm = new Swarm({ ...options, fleet, change, rules: plan.rules })
  const { outcomes, findings, refused } = await swarm.review(cells)
  const clusters = await refuteClusters(consolidate(findings), {
    members: fleet.members,
    bundles,
    ask: (member, question) => swarm.ask(member, question),
    onEvent,
    concurrency: options.concurrency,
    ...(options.logger !== undefined && { logger: options.logger }),
  })
  const { endedEarly } = swarm
  return {
    ...(change.title !== undefined && { title: change.title }),
    fleet: fleet.members,
    lenses,
    bundles,
    cells: outcomes,
    clusters,
    refused,
    skipped,
    hidden,
    costUsd: swarm.cost,
    elapsedMs: performance.now() - startedAtMs,
    isDemo: fleet.isDemo,
    ...(endedEarly !== undefined && { endedEarly }),
  }
}
