import {
  type Clock,
  createExecutor,
  type Executor,
  joinPalettes,
  type Lane,
  type Logger,
  type Model,
  type TiersConfig,
} from '@executus/core'
import { createCritic } from '@executus/critic'

import type { BotSettings } from '../config/bot-settings.ts'
import type { Stores } from '../store/stores.ts'
import type { botTools } from '../tools/bot-tools.ts'
import type { AnswerDesk } from './answers/answer-desk.ts'
import type { LiveRuns } from './answers/live-runs.ts'
import type { Cast } from './cast.ts'
import { joinSessionTools } from './join-session-tools.ts'
import type { Log } from './log.ts'
import type { Batteries } from './open-batteries.ts'
import { approvalDesk } from './questions/approval-desk.ts'

export interface ExecutorOfOptions {
  readonly settings: BotSettings
  /** In the place of the tier `fast` of the settings. */
  readonly model?: Model
  readonly batteries: Batteries
  readonly tools: ReturnType<typeof botTools>
  readonly cast: Cast
  readonly stores: Stores
  readonly log: Log
  readonly live: LiveRuns
  readonly answers: AnswerDesk
  readonly lane: Lane
  readonly clock: Clock
  readonly logger: Logger
}

/** What runs the bot's agents, with every battery in its port. */
export function executorOf(options: ExecutorOfOptions): Executor {
  const { settings, model, batteries, tools, cast, stores, log, live, answers, lane, clock, logger } = options
  const { checkpoints, audit, budget, personas, skills, files, skillFolder } = batteries
  const { models, runs, approvals } = settings
  return createExecutor({
    ...models,
    tiers: model === undefined ? models.tiers : tiersOf(settings, model),
    tools: tools.tools,
    sessionTools: joinSessionTools([tools.sessionTools, skillFolder.sessionTools]),
    palette: joinPalettes(cast.palette(), personas.palette(), skills.palette()),
    limits: { maxSteps: runs.maxSteps, timeoutMs: runs.timeoutMinutes * 60_000 },
    permissions: { rules: askRules(approvals.askFor) },
    approvals: approvalDesk({ stores, log, logger }),
    approvalTtlMs: approvals.ttlMinutes * 60_000,
    identity: { principalOf: ({ caller, guild }) => cast.viewerOf(caller, guild) },
    checkpointer: checkpoints,
    requireDurable: true,
    delivery: answers.delivery,
    audit: live.heardBy(audit),
    budget,
    onModelCall: budget.onModelCall,
    critic: createCritic({ patterns: true, clock, logger }),
    fileStore: files,
    lanes: { runs: lane },
    clock,
    logger,
  })
}

/** One model in the place of those that are not configured, for every tier that an agent names. */
function tiersOf({ models: { tiers }, agents }: BotSettings, model: Model): TiersConfig {
  const named = agents
    .filter(({ tier }) => !Object.hasOwn(tiers, tier))
    .map(({ tier }): [string, Model] => [tier, model])
  return { ...tiers, fast: model, ...Object.fromEntries(named) }
}

function askRules(
  patterns: readonly string[],
): readonly { readonly decision: 'ask'; readonly tools: readonly string[] }[] {
  return patterns.length === 0 ? [] : [{ decision: 'ask', tools: patterns }]
}
