import type { SessionToolFactory, Tool, ToolContext } from '@executus/core'
import type { Viewer } from '@executus/core/owned'
import { commonTools, webFetchTool } from '@executus/core/tools'
import { type Personas, personaTools } from '@executus/persona'
import type { Skills } from '@executus/skill'
import type { SqliteFileStore } from '@executus/store-sqlite'

import type { NoteStore } from './notes/note-store.ts'
import { noteTools } from './notes/note-tools.ts'
import { readAttachmentTool } from './read-attachment.ts'
import { saveSkillTool } from './save-skill.ts'
import type { ScheduleToolsOptions } from './schedule/schedule-tools-options.ts'
import { SCHEDULE_TOOL_NAMES, scheduleTools } from './schedule/schedule-tools.ts'

/** What the bot's tools work on. */
interface BotToolsOptions extends ScheduleToolsOptions {
  readonly notes: NoteStore
  readonly files: Pick<SqliteFileStore, 'read'>
  readonly personas: Personas
  readonly skills: Pick<Skills, 'create' | 'get'>
  /** For whom a call is made: which agents and skills it may see and change. */
  readonly principalOf: (context: ToolContext) => Viewer | Promise<Viewer>
}

interface BotTools {
  /** For the executor; agents name them. */
  readonly tools: readonly Tool[]
  /** Those of one run; no agent may name them, `mayUse` says who has them. */
  readonly sessionTools: SessionToolFactory
}

/** Those that an executor has from its start; the others are of one run. */
export const REGISTERED_TOOL_NAMES: readonly string[] = [
  'think',
  'current_time',
  'todo_list',
  'self_status',
  'web_fetch',
  'save_note',
  'list_notes',
  'delete_note',
  'list_agents',
  'read_agent',
  'create_agent',
  'update_agent',
  'save_skill',
  'read_attachment',
]

/** What an agent of the config may name, without those of skill folders: known before anything is opened. */
export const BOT_TOOL_NAMES: readonly string[] = [...REGISTERED_TOOL_NAMES, ...SCHEDULE_TOOL_NAMES]

/** All tools of the bot. */
export function botTools(options: BotToolsOptions): BotTools {
  const { notes, files, personas, skills, principalOf, ...schedules } = options
  const { clock, timeZone } = schedules
  const ownClock = clock === undefined ? {} : { clock }
  const tools = [
    ...commonTools({ ...ownClock, timeZone }),
    webFetchTool(ownClock),
    ...noteTools(notes),
    ...personaTools(personas, { principalOf }),
    saveSkillTool(skills, principalOf),
    readAttachmentTool(files),
  ]
  return { tools, sessionTools: scheduleTools(schedules) }
}
