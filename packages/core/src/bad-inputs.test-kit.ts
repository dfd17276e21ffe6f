import type { RunResult } from './result.ts'

/** What a model reads of one call. */
export interface Answer {
  readonly text: string
  readonly isError: boolean
}

/** What a model reads of each call of a run. */
export function answersOf({ messages }: RunResult): readonly Answer[] {
  return messages.flatMap(({ role, content }) =>
    role !== 'tool'
      ? []
      : content.flatMap((part) =>
          part.type !== 'tool-result'
            ? []
            : [
                {
                  text: part.content.map((one) => (one.type === 'text' ? one.text : '')).join('\n'),
                  isError: part.isError,
                },
              ],
        ),
  )
}
