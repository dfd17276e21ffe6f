import { join } from 'node:path'

import {
  type Agent,
  type ApprovalRequest,
  type CheckpointerFactory,
  createExecutor,
  type Executor,
  type Invocation,
  type JournalEntry,
  type JsonObject,
  type Model,
  type Palette,
  type RunResult,
  type SessionToolFactory,
  staticPalette,
  type ToolResultPart,
} from '@executus/core'
import {
  countingIds,
  type FakeClock,
  fakeClock,
  recordingCheckpointer,
  recordingLogger,
  scriptedModel,
} from '@executus/core/testing'
import { createPersonas, type Personas } from '@executus/persona'
import { createSchedule, type Schedule } from '@executus/schedule'
import { createSkills, type Skills } from '@executus/skill'
import { type SqliteFileStore, sqliteFileStore } from '@executus/store-sqlite'
import { onTestFinished } from 'vitest'

import { builtInAgents } from '../agents/built-in-agents.ts'
import { openBotDatabase } from '../store/bot-database.ts'
import { tempFolder } from '../temp-folder.test-kit.ts'
import { botTools } from './bot-tools.ts'
import { type NoteStore, sqliteNoteStore } from './notes/note-store.ts'

/** All of the bot's tools over real stores, and what a test says to questions. */
export interface ToolHost {
  readonly clock: FakeClock
  readonly notes: NoteStore
  readonly schedule: Schedule
  readonly personas: Personas
  readonly skills: Skills
  readonly files: SqliteFileStore
  readonly all: ReturnType<typeof botTools>
  /** What people were asked. */
  readonly asked: ApprovalRequest[]
  /** What they say. @default yes */
  say: { isApproved: boolean; note?: string }
  /** The agent that people talk to, with the researcher below it. */
  readonly assistant: Agent
  readonly executorOf: (model: Model, options?: ExecutorChoice) => Executor
  /**
   * Has one call made, and made again after a crash at each moment of that run, over what it has left behind. Gives what came
   * of it each time.
   */
  readonly callWithCrashes: (name: string, input: JsonObject) => Promise<readonly string[]>
  /** Has the assistant make one call for somebody, and gives what came of it. */
  readonly call: (name: string, input: JsonObject, invocation?: Invocation) => Promise<CallResult>
}

interface CallResult {
  readonly isError: boolean
  readonly text: string
}

interface ExecutorChoice {
  readonly checkpointer?: CheckpointerFactory
  readonly sessionTools?: SessionToolFactory
  readonly palette?: Palette
}

export async function toolHost(): Promise<ToolHost> {
  const folder = tempFolder()
  const db = openBotDatabase(join(folder, 'bot.db'))
  // Nothing of it has to survive a loss of power.
  db.pragma('synchronous = OFF')
  const clock = fakeClock()
  const files = await sqliteFileStore(join(folder, 'files.db'), { clock })
  onTestFinished(async () => {
    await files.close()
    db.close()
  })
  const logger = recordingLogger()
  const notes = sqliteNoteStore(db, { clock })
  const schedule = createSchedule({ clock, logger })
  const personas = createPersonas({ clock, logger })
  const skills = createSkills({ clock, logger })
  const all = botTools({
    notes,
    files,
    personas,
    skills,
    schedule,
    timeZone: 'Europe/Oslo',
    isOwner: (personId) => personId === 'web:owner',
    principalOf: ({ caller }) => ({ ...(caller !== undefined && { id: caller }), roles: [], isAdmin: false }),
    mayUse: ({ agent }) => agent.name === 'assistant',
    clock,
  })
  const registered = all.tools.map(({ name }) => name)
  const [assistant, ...others] = builtInAgents.map((agent): Agent => ({ tools: registered, ...agent }))
  const researcher = staticPalette(others.map((one) => ({ description: one.name, ...one })))
  const asked: ApprovalRequest[] = []
  const ids = countingIds()
  const host: ToolHost = {
    clock,
    notes,
    schedule,
    personas,
    skills,
    files,
    all,
    asked,
    say: { isApproved: true },
    assistant: { ...assistant!, palette: ['researcher'] },
    executorOf: (model, { checkpointer, sessionTools = all.sessionTools, palette = researcher } = {}) =>
      createExecutor({
        tiers: { fast: model },
        tools: all.tools,
        sessionTools,
        palette,
        approvals: {
          ask(requests) {
            asked.push(...requests)
            return Promise.resolve(requests.map(({ id }) => ({ id, ...host.say })))
          },
        },
        clock,
        ids,
        logger,
        ...(checkpointer && { checkpointer }),
      }),
    async call(name, input, invocation = { caller: 'web:ann' }) {
      const model = scriptedModel([{ calls: [{ name, input }] }, { text: 'Done.' }], { clock })
      const { messages, ...result } = await host.executorOf(model).run(host.assistant, 'go', invocation)
      if (result.status !== 'ok') throw result.error
      const given = messages.flatMap((message) => (message.role === 'tool' ? message.content : []))[0]!
      return { isError: given.isError, text: textOfResult(given) }
    },
    async callWithCrashes(name, input) {
      const turns = [{ calls: [{ name, input, id: 'call' }] }, { text: 'Done.' }]
      const kept = recordingCheckpointer({ now: () => clock.now() })
      const gave = ({ status, messages }: RunResult) =>
        `${status}: ${messages.flatMap((message) => (message.role === 'tool' ? message.content.map(textOfResult) : [])).join()}`
      const first = host.executorOf(scriptedModel(turns), { checkpointer: kept })
      const texts = [gave(await first.run(host.assistant, 'go', { runId: 'r', caller: 'web:ann' }))]
      for (let entries = 1; entries < kept.length; entries++) {
        const checkpointer = kept.afterCrash(entries)
        const answered = checkpointer.records.get('r')!.entries.filter(isModelResult).length
        const executor = host.executorOf(scriptedModel(turns.slice(answered)), { checkpointer })
        texts.push(gave(await executor.resume('r').result))
      }
      return texts
    },
  }
  return host
}

function isModelResult(entry: JournalEntry): boolean {
  return entry.type === 'result' && entry.kind === 'model'
}

function textOfResult({ content }: ToolResultPart): string {
  return content.map((part) => (part.type === 'text' ? part.text : part.type)).join('\n')
}
