import type { AudioPart, FilePart, ImagePart, JsonValue, Schema } from '@executus/llm'

import { checkKeys, checkText, expected } from './check-option.ts'
import { checkPermissions, type PermissionRules } from './permission/policy.ts'
import type { SessionToolFactory } from './ports/session-tools.ts'
import type { Tool } from './tool/tool.ts'

/** What the caller adds to one run. */
export interface Invocation<S extends Schema = Schema> {
  /** @default an id from the executor's `ids` */
  readonly runId?: string
  /** Aborts the run, which then ends `cancelled`. Only this: the run's time is its own. */
  readonly signal?: AbortSignal
  /** Whom the run is for. */
  readonly caller?: string
  readonly channel?: string
  readonly guild?: string
  /** What the run is about, for the record. */
  readonly subject?: string
  /** Join the last message of the input. */
  readonly images?: readonly ImagePart[]
  /** Go to the executor's `fileStore`, and the model is told where they are; without one, they join the input. */
  readonly files?: readonly (FilePart | AudioPart)[]
  /** Tools for this run alone, beside those that the agent names. */
  readonly extraTools?: readonly Tool[]
  /** Makes tools that belong to this very run; after the executor's `sessionTools`. */
  readonly sessionTools?: SessionToolFactory
  /** The shape that the answer must have; `result.object` holds it. */
  readonly output?: S
  /** Where the executor's `delivery` brings the answer: whatever it understands. Plain JSON. */
  readonly deliverTo?: JsonValue
  /** While a run of this request is under way, a second one is rejected as `duplicate`. */
  readonly requestKey?: string
  /** Rules for this run and those below it, beside the executor's; they can only tighten. */
  readonly permissions?: PermissionRules
  /** Whether the host itself wrote the agent; tools of visibility `private` are for those alone. @default true */
  readonly isFirstParty?: boolean
}

const OPTIONS = [
  'runId',
  'signal',
  'caller',
  'channel',
  'guild',
  'subject',
  'images',
  'files',
  'extraTools',
  'sessionTools',
  'output',
  'deliverTo',
  'requestKey',
  'permissions',
  'isFirstParty',
]

/** @throws TypeError or RangeError that names the field */
export function checkInvocation(invocation: Invocation): void {
  checkKeys('invocation', invocation, OPTIONS)
  const { signal, sessionTools, output, permissions, isFirstParty } = invocation
  for (const name of ['runId', 'caller', 'channel', 'guild', 'subject', 'requestKey'] as const)
    if (invocation[name] !== undefined) checkText(`invocation.${name}`, invocation[name])
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw expected('invocation.signal', 'an AbortSignal', signal)
  for (const name of ['images', 'files', 'extraTools'] as const)
    if (invocation[name] !== undefined && !Array.isArray(invocation[name]))
      throw expected(`invocation.${name}`, `a list of ${name === 'extraTools' ? 'tools' : name}`, invocation[name])
  for (const name of ['images', 'files'] as const)
    for (const part of invocation[name] ?? [])
      if (typeof (part as { type?: unknown } | null)?.type !== 'string')
        throw expected(`invocation.${name}`, 'a list of message parts', part)
  if (sessionTools !== undefined && typeof sessionTools !== 'function')
    throw expected('invocation.sessionTools', 'a function', sessionTools)
  if (output !== undefined && typeof (output as Schema | null)?.['~standard']?.validate !== 'function')
    throw expected('invocation.output', 'a Standard Schema that gives JSON Schema', output)
  if (permissions !== undefined) checkPermissions('invocation.permissions', permissions, false)
  if (isFirstParty !== undefined && typeof isFirstParty !== 'boolean')
    throw expected('invocation.isFirstParty', 'a boolean', isFirstParty)
}
