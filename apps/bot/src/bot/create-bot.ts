import { createRedactor, redactLogger } from '@executus/audit'
import { type Clock, consoleLogger, createLane, type Logger, type Model, randomIds, systemClock } from '@executus/core'
import { createSchedule } from '@executus/schedule'

import type { Channel, Outlet } from '../channel/channel.ts'
import type { BotSettings } from '../config/bot-settings.ts'
import { openStores } from '../store/stores.ts'
import { botTools, REGISTERED_TOOL_NAMES } from '../tools/bot-tools.ts'
import { sqliteNoteStore } from '../tools/notes/note-store.ts'
import { AnswerDesk } from './answers/answer-desk.ts'
import { LiveRuns } from './answers/live-runs.ts'
import type { Bot } from './bot.ts'
import { Cast } from './cast.ts'
import { executorOf } from './executor-of.ts'
import { Feed } from './feed.ts'
import { frontDesk } from './front-desk.ts'
import { keepHouse } from './keep-house.ts'
import { Log } from './log.ts'
import { openBatteries } from './open-batteries.ts'
import { BudgetDesk } from './questions/budget-desk.ts'
import { QuestionDesk } from './questions/question-desk.ts'
import { goOn, reconcile } from './recover.ts'
import { RunDesk } from './run-desk.ts'
import { runJob } from './run-job.ts'
import { AuditNotes } from './sending/audit-notes.ts'
import { Outbox } from './sending/outbox.ts'
import { showPresence } from './sending/show-presence.ts'

export interface BotOptions {
  readonly settings: BotSettings
  readonly channels: readonly Channel[]
  /** In the place of the tier `fast` of the settings. */
  readonly model?: Model
  /** Values that no record and no line of the log may hold, beside those of the settings. */
  readonly secrets?: readonly string[]
  readonly suggestions?: readonly string[]
  /** @default systemClock */
  readonly clock?: Clock
  /** @default consoleLogger */
  readonly logger?: Logger
}

/** A bot that is at work. */
export interface RunningBot {
  readonly bot: Bot
  /**
   * Takes nothing more, and gives what is under way `graceMs` to come to a safe point: it goes on at the next start. Rejects
   * with nothing.
   */
  readonly close: (options: { readonly graceMs: number }) => Promise<void>
}

/** So many messages of one person may wait for a free place. */
const MOST_QUEUED = 1_000
const OUTBOX_GRACE_MS = 5_000

/**
 * Opens the bot: its storage, then its channels. What an earlier process left goes on. Rejects when the storage or a channel
 * cannot be opened, with nothing left open.
 */
export async function createBot(options: BotOptions): Promise<RunningBot> {
  const { settings, channels, clock = systemClock } = options
  const secrets = [...settings.secrets, ...(options.secrets ?? [])]
  const logger = redactLogger(options.logger ?? consoleLogger, createRedactor({ secrets }))
  const isOwner = ownersOf(settings)
  let onWarning: BudgetDesk['warn'] = () => {}
  const batteries = await openBatteries({
    settings,
    toolNames: REGISTERED_TOOL_NAMES,
    secrets,
    onBudgetWarning: (warning) => onWarning(warning),
    clock,
    logger,
  })
  const { checkpoints, audit, budget, personas, skills, files } = batteries
  const stores = openStores(batteries.db)
  const feed = new Feed(logger)
  const live = new LiveRuns(feed)
  const outlets = new Map(channels.flatMap(({ name, outlet }): [string, Outlet][] => (outlet ? [[name, outlet]] : [])))
  const log = new Log({ stores, feed, outlets, clock })
  const budgets = new BudgetDesk(budget, {
    stores,
    log,
    clock,
    timeZone: settings.timeZone,
    extraTokens: settings.budget.extraTokens,
  })
  const answers = new AnswerDesk({ stores, log, live, audit, budgets, logger })
  onWarning = (warning) => budgets.warn(warning)
  const cast = new Cast({ agents: settings.agents, personas, skills, isOwner })
  const schedule = createSchedule({
    store: batteries.scheduleStore,
    run: (firing, context) => runJob({ stores, cast, runs, clock }, firing, context),
    timeZone: settings.timeZone,
    timeoutMs: 60 * 60_000,
    clock,
    logger,
  })
  const tools = botTools({
    schedule,
    timeZone: settings.timeZone,
    isOwner,
    clock,
    notes: sqliteNoteStore(batteries.db, { clock }),
    files,
    personas,
    skills,
    principalOf: ({ caller }) => cast.viewerOf(caller, undefined),
    mayUse: (info, tool) => cast.mayUse(info, tool),
    placeOf: ({ deliverTo, rootRunId }) => deliverTo ?? placeOfRun(rootRunId),
  })
  const placeOfRun = (runId: string) => {
    const run = stores.runs.find(runId)
    return run && { conversationId: run.conversationId }
  }
  const { concurrency } = settings.runs
  const lane = createLane({ concurrency, maxQueuedPerKey: MOST_QUEUED })
  const executor = executorOf({ ...options, batteries, tools, cast, stores, log, live, answers, lane, clock, logger })
  const common = {
    executor,
    checkpoints,
    stores,
    log,
    live,
    cast,
    files,
    answers,
    budgets,
    isOwner,
    clock,
    ids: randomIds,
    logger,
  }
  const runs = new RunDesk({ ...common, isFull: () => lane.stats.running >= concurrency })
  const auditNotes = new AuditNotes({ notes: stores.auditNotes, audit, clock, logger })
  const questions = new QuestionDesk({ ...common, runs, notes: auditNotes })
  const outbox = new Outbox({ stores, log, outlets, audit, notes: auditNotes, clock, logger })
  log.onOutgoing = () => outbox.wake()
  log.onChanged = (entry) => outbox.update(entry)
  log.onQuestion = () => questions.schedule()

  const late = new AbortController()
  const { bot, idle } = frontDesk({
    ...batteries,
    ...common,
    settings,
    runs,
    questions,
    schedule,
    feed,
    about: aboutOf(options),
    signal: late.signal,
  })
  const stop = new AbortController()
  const recovery = { ...common, runs, signal: stop.signal }
  const background: Promise<unknown>[] = []
  let hidePresence = () => {}

  const close = async ({ graceMs }: { readonly graceMs: number }): Promise<void> => {
    runs.close()
    questions.close()
    hidePresence()
    stop.abort(new Error('The bot is stopping'))
    const giveUpFiles = () => late.abort(new Error('the bot was stopped'))
    const cancelLate = graceMs > 0 ? clock.after(graceMs, giveUpFiles) : giveUpFiles()
    await attempt('runs could not be given back', executor.shutdown({ graceMs }))
    await runs.idle()
    await questions.idle()
    // What came of the last runs goes out before the channels are closed; what people say meanwhile is kept.
    await outbox.close(OUTBOX_GRACE_MS)
    for (const channel of channels) await attempt(`the channel ${channel.name} could not be closed`, channel.close())
    // Nobody says it a second time: what is being taken is kept, if need be without its files.
    await idle()
    cancelLate?.()
    await Promise.all(background)
    await auditNotes.close()
    await attempt('the schedule could not be closed', schedule.close())
    await attempt('the storage could not be closed', batteries.close())
  }
  const attempt = (what: string, work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => logger.error(what, error))

  try {
    for (const channel of channels) await channel.open(bot)
    await reconcile(recovery)
    background.push(attempt('interrupted runs are not looked for any more', goOn(recovery)))
    await questions.open()
    await outbox.open()
    await auditNotes.write()
    background.push(attempt('the schedule has stopped', schedule.loop({ signal: stop.signal })))
    background.push(keepHouse({ ...common, audit, schedule, keepDays: settings.keepDays }, stop.signal))
    hidePresence = showPresence({ live, stores, outlets, clock, logger })
  } catch (error) {
    await close({ graceMs: 0 })
    throw error
  }
  return { bot, close }
}

/** Whoever sits at this machine owns the bot, and those whom the settings name do. */
function ownersOf({ owners }: BotSettings): (personId: string) => boolean {
  const known = new Set(owners)
  return (personId) => known.has(personId) || /^(web|terminal):/.test(personId)
}

function aboutOf({ settings, model, suggestions = [] }: BotOptions): Bot['about'] {
  const { fast } = settings.models.tiers
  const named = model?.spec ?? (typeof fast === 'string' ? fast : Array.isArray(fast) ? fast.join(', ') : '')
  return { isDemo: settings.isDemo, models: named, suggestions }
}
