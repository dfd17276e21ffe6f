import type { FilePart, ImagePart, JsonObject, Message, ToolSpec } from '@executus/core'
import type { AudioPart, ModelRequest } from '@executus/llm'

/** What the scripted model sees: the newest thing that was said, and what has been done about it since. */
export interface DemoTurn {
  readonly system: string
  readonly text: string
  /** What the bot itself adds to a message: what it did not take. */
  readonly notes: readonly string[]
  readonly media: readonly (ImagePart | FilePart | AudioPart)[]
  /** Oldest first. */
  readonly results: readonly DemoResult[]
  /** By name. */
  readonly tools: ReadonlyMap<string, ToolSpec>
  /** Of times that name no zone. */
  readonly timeZone: string
}

export interface DemoResult {
  readonly tool: string
  readonly text: string
  readonly isError: boolean
}

/** What the scripted model says: text, and then calls. */
export interface DemoReply {
  readonly reasoning?: string
  readonly text?: string
  readonly calls?: readonly DemoCall[]
}

export interface DemoCall {
  readonly name: string
  readonly input: JsonObject
}

/** A thing that it can play: the next reply, or nothing when something else was asked for. */
export type Scene = (turn: DemoTurn) => DemoReply | undefined

export function readTurn({ system = '', messages, tools = [] }: ModelRequest, timeZone: string): DemoTurn {
  const newest = messages.findLastIndex(({ role }) => role === 'user')
  const said = messages[newest]
  const parts = said?.role === 'user' ? said.content : []
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return {
    system,
    text: withoutName(
      texts
        .filter((text) => !isNote(text))
        .join('\n')
        .trim(),
    ),
    notes: texts.filter(isNote),
    media: parts.filter((part) => part.type !== 'text'),
    results: resultsIn(messages.slice(newest + 1)),
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    timeZone,
  }
}

// What may stand before a colon that is no name.
const COMMAND =
  /^(and|ask|at|can|cancel|could|create|daily|don|each|every|forget|hello|hey|hi|in|keep|look|make|note|now|on|please|remember|remind|research|show|tell|today|tomorrow|tour|use|what|would)\b/i

/** Where several people speak, the bot puts the name of each before what they say. */
function withoutName(text: string): string {
  const [prefix] = /^\p{L}[\p{L}\p{N}_.-]*(?: [\p{L}\p{N}_.-]+){0,2}: (?=\S)/u.exec(text) ?? []
  return prefix === undefined || COMMAND.test(prefix) ? text : text.slice(prefix.length)
}

/** A person hardly ever begins with a sentence in brackets; what the bot adds to a message does. */
function isNote(text: string): boolean {
  return /^\[[^\]]{15,}\]/.test(text)
}

function resultsIn(messages: readonly Message[]): readonly DemoResult[] {
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.content : []))
  return results.map(({ name, content, isError }) => ({
    tool: name,
    text: content.map((one) => (one.type === 'text' ? one.text : `(${one.type})`)).join('\n'),
    isError,
  }))
}

/** What one tool gave in this turn. */
export function resultsOf({ results }: DemoTurn, tool: string): readonly DemoResult[] {
  return results.filter((one) => one.tool === tool)
}
