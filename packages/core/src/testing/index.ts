/** Models that play a script, a clock that a test moves, a server that speaks the vendors' wire formats. */
export {
  type FakeClock,
  fakeClock,
  type ScriptedCall,
  type ScriptedModel,
  type ScriptedModelOptions,
  scriptedModel,
  type ScriptedReply,
  type ScriptTurn,
  startWireServer,
  type WireFailure,
  type WireRequest,
  type WireServer,
  type WireTurn,
} from '@executus/llm/testing'

/** Ids that count: `run-1`, `run-2`, ... */
export { countingIds } from './counting-ids.ts'

/** A logger that remembers. */
export { type RecordedLine, recordingLogger, type RecordingLogger } from './recording-logger.ts'

/** An executor with all of these. */
export { type ScriptedHost, scriptedHost } from './scripted-host.ts'

/** A checkpointer in memory, which can go back to any moment of its records. */
export {
  type JournalRecord,
  type RecordingCheckpointer,
  recordingCheckpointer,
  type RecordingCheckpointerOptions,
} from './recording-checkpointer.ts'
