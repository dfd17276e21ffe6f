import type { AudioPart, FilePart, Message, UserPart } from '@executus/llm'

import type { Ending } from '../result.ts'
import { askPort } from './ask-port.ts'
import { createRunState } from './run-state.ts'
import type { Run } from './run.ts'
import { whoOf } from './who-of.ts'

/** Brings the files of a new run to the host's file store, and tells the model where they are. */
export async function stageInput(run: Run): Promise<Ending | undefined> {
  const { fileStore, attachments } = run.config
  const { files = [] } = run.invocation
  if (run.isResumed) return undefined
  const key = run.parent === undefined ? attachmentsKeyOf(run) : undefined
  const early =
    attachments === undefined || key === undefined
      ? []
      : (await askPort(run, 'The store of attachments', () => attachments.take(key))).attachments
  const images = early.filter((part) => part.type === 'image')
  const earlyFiles = early.filter((part) => part.type !== 'image')
  // Without a store, those of the invocation are in the input already.
  const all = fileStore === undefined ? earlyFiles : [...files, ...earlyFiles]
  if (images.length === 0 && all.length === 0) return undefined
  const parts = fileStore === undefined ? all : [{ type: 'text' as const, text: await storeAll(run, all) }]
  run.info = { ...run.info, input: withParts(run.info.input, [...images, ...(all.length === 0 ? [] : parts)]) }
  run.state = createRunState(run.info.input, run.limits, run.info.startedAtMs)
  return undefined
}

/** Where what arrives before its run is kept for it: a person in a channel. */
function attachmentsKeyOf({ info }: Run): string | undefined {
  if (info.channel === undefined && info.caller === undefined) return undefined
  return attachmentKey(whoOf(info))
}

/** The key under which a host puts attachments for the next run of this caller in this channel. */
export function attachmentKey(of: {
  readonly guild?: string
  readonly channel?: string
  readonly caller?: string
}): string {
  return JSON.stringify([of.guild ?? '', of.channel ?? '', of.caller ?? ''])
}

/** `input` with `parts` at the end of its last message, which is the user's. */
export function withParts(input: readonly Message[], parts: readonly UserPart[]): readonly Message[] {
  const last = input.at(-1)
  if (parts.length === 0 || last?.role !== 'user') return input
  return [...input.slice(0, -1), { ...last, content: [...last.content, ...parts] }]
}

/** A file that cannot be kept is named as such: the model should not look for it, and the run can go on without. */
async function storeAll(run: Run, files: readonly (FilePart | AudioPart)[]): Promise<string> {
  const lines: string[] = []
  for (const [index, file] of files.entries()) {
    const name = file.type === 'file' ? file.name : undefined
    const shown = `${name ?? `file ${index + 1}`} (${file.mediaType})`
    try {
      const saved = await run.stop.race(
        run.config.fileStore!.save(
          {
            run: { runId: run.id, ...whoOf(run.info) },
            ...(name !== undefined && { name }),
            mediaType: file.mediaType,
            source: file.source,
          },
          { signal: run.stop.signal },
        ),
      )
      lines.push(`- ${shown}: ${saved.name}`)
    } catch (error) {
      if (run.stop.cause !== undefined) throw error
      run.logger.error(`the file store failed in run ${run.id}`, error)
      lines.push(`- ${shown}: could not be stored`)
    }
  }
  return `[ATTACHED FILES]\n${lines.join('\n')}`
}
