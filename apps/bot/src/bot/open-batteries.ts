import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { type AuditLog, createAudit } from '@executus/audit'
import { type BudgetBook, type BudgetWarning, createBudget } from '@executus/budget'
import { type Checkpoints, createCheckpoints } from '@executus/checkpoint'
import { type Clock, DEFAULT_TIER, type Logger, type RunInfo, textOf } from '@executus/core'
import { createPersonas, type Personas } from '@executus/persona'
import type { ScheduleStore } from '@executus/schedule'
import { createSkills, type SkillFolder, skillFolder, type Skills } from '@executus/skill'
import {
  openSqlite,
  sqliteAuditStore,
  sqliteBudgetStore,
  type SqliteDatabase,
  type SqliteFileStore,
  sqliteFileStore,
  sqliteJournalStore,
  sqlitePersonaStore,
  sqliteScheduleStore,
  sqliteSkillStore,
} from '@executus/store-sqlite'

import { isShipped, SHIPPED_SKILLS } from '../agents/shipped-skills.ts'
import type { BotSettings } from '../config/bot-settings.ts'
import { type BotDatabase, openBotDatabase } from '../store/bot-database.ts'
import { lockFolder } from '../store/folder-lock.ts'
import { priceList } from './price-list.ts'

/** What the bot is made of, on one file; and its own file beside it. */
export interface Batteries {
  readonly checkpoints: Checkpoints
  readonly audit: AuditLog
  readonly budget: BudgetBook
  readonly personas: Personas
  readonly skills: Skills
  readonly skillFolder: SkillFolder
  readonly files: SqliteFileStore
  readonly scheduleStore: ScheduleStore
  readonly db: BotDatabase
  /** Lets go of all of it; to be called when nothing uses it any more. */
  close(): Promise<void>
}

export interface BatteriesOptions {
  readonly settings: BotSettings
  /** Names of the tools that agents and skills of people may use. */
  readonly toolNames: readonly string[]
  /** Values that no record may hold. */
  readonly secrets: readonly string[]
  readonly onBudgetWarning: (warning: BudgetWarning) => void
  readonly clock: Clock
  readonly logger: Logger
}

/** Rejects with `StoreError` when the file cannot be used, or another bot uses it; nothing is left open then. */
export async function openBatteries(options: BatteriesOptions): Promise<Batteries> {
  const { dataFolder } = options.settings
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const opened: (() => unknown)[] = [lockFolder(dataFolder)]
  const close = async () => {
    for (const letGo of opened.toReversed()) await letGo()
  }
  try {
    const sqlite = await openSqlite(join(dataFolder, 'executus.db'))
    opened.push(() => sqlite.close())
    const db = openBotDatabase(join(dataFolder, 'bot.db'))
    opened.push(() => db.close())
    return await openOn(sqlite, db, options, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function openOn(
  sqlite: SqliteDatabase,
  db: BotDatabase,
  { settings, toolNames, secrets, onBudgetWarning, clock, logger }: BatteriesOptions,
  closeFiles: () => Promise<void>,
): Promise<Batteries> {
  const { budget: limits, timeZone } = settings
  const on = { clock }
  const checkpoints = createCheckpoints(await sqliteJournalStore(sqlite, on), { clock })
  const audit = createAudit({
    store: await sqliteAuditStore(sqlite, on),
    secrets: [...secrets],
    chain: true,
    clock,
    logger,
  })
  const prices = priceList(settings.models.models)
  const budget = createBudget({
    store: await sqliteBudgetStore(sqlite, on),
    limits: limits.perPerson.map((limit) => ({ ...limit, timeZone })),
    costOf: prices,
    estimateOf,
    onWarning: onBudgetWarning,
    clock,
    logger,
  })
  const allow = { tools: toolNames, tiers: [...new Set([DEFAULT_TIER, ...Object.keys(settings.models.tiers)])] }
  const personas = createPersonas({ store: await sqlitePersonaStore(sqlite, on), allow })
  const skills = createSkills({ store: await sqliteSkillStore(sqlite, on), allow })
  const files = await sqliteFileStore(sqlite, on)
  const scheduleStore = await sqliteScheduleStore(sqlite, on)
  const { folders, trustedDigests } = settings.skills
  const folder = await skillFolder([SHIPPED_SKILLS, ...folders.filter((one) => one !== SHIPPED_SKILLS)], {
    trust: isShipped,
    trustedDigests,
    logger,
  })
  return {
    checkpoints,
    audit,
    budget,
    personas,
    skills,
    skillFolder: folder,
    files,
    scheduleStore,
    db,
    async close() {
      for (const battery of [personas, skills, budget, audit, files, checkpoints]) await battery.close()
      await closeFiles()
    },
  }
}

/** Set aside for the first call: what was said, and a page of answer; what a run takes beyond it counts as it comes. */
function estimateOf({ input }: RunInfo): { readonly tokens: number } {
  const chars = input.reduce((sum, message) => sum + textOf(message).length, 0)
  return { tokens: Math.ceil(chars / 4) + 500 }
}
