import type { Artifact, AssistantMessage, Message, RunError, RunResult, ToolResultPart } from '@executus/core'

import type { AuditError } from './audit-run.ts'
import type { Redactor } from './redact/redactor.ts'

// Names and labels: what is longer is none.
const LONGEST_LABEL = 512
const MOST_CAUSES = 5
const MOST_ITEMS = 100

type Part = Message['content'][number] | ToolResultPart['content'][number]

/** Makes texts of what comes with events: redacted first, then bounded. */
export class TextMaker {
  readonly #redactor: Redactor
  readonly #maxChars: number

  constructor(redactor: Redactor, maxChars: number) {
    this.#redactor = redactor
    this.#maxChars = maxChars
  }

  text(text: string): string {
    return this.#redactor.text(text, { maxChars: this.#maxChars })
  }

  /** A name, an id, a tool's name: as `text`, but short. */
  label(text: string): string {
    return this.#redactor.text(text, { maxChars: LONGEST_LABEL })
  }

  optional<Name extends string>(name: Name, text: string | undefined): { readonly [Key in Name]?: string } {
    return text === undefined ? {} : ({ [name]: this.label(text) } as { readonly [Key in Name]?: string })
  }

  /** A value as JSON. */
  json(value: unknown): string {
    return this.text(JSON.stringify(this.#redactor.value(value)) ?? '')
  }

  /** What was said: texts joined as the model reads them, anything else by its name. */
  message(message: Message | Pick<ToolResultPart, 'content'>): string {
    let text = ''
    for (const part of message.content) {
      text += this.#part(part)
      if (text.length > this.#farEnough) break
    }
    return this.text(text)
  }

  /** What is longer is cut once it is redacted; to go on joining would only cost time. */
  get #farEnough(): number {
    return this.#maxChars * 4 + 65_536
  }

  #part(part: Part): string {
    switch (part.type) {
      case 'text':
        return part.text
      case 'image':
      case 'file':
      case 'audio': {
        const name = 'name' in part && part.name !== undefined ? ` ${part.name}` : ''
        return `[${part.type} ${part.mediaType}${name}${'url' in part.source ? ` ${part.source.url}` : ''}]`
      }
      case 'tool-result':
        return part.content.map((one) => this.#part(one)).join('')
      case 'reasoning':
      case 'opaque':
      case 'tool-call': // an entry of its own
        return ''
    }
  }

  answer(message: AssistantMessage): string {
    return this.message(message)
  }

  error(error: unknown): AuditError {
    const code = fieldOf(error, 'code')
    const causes: string[] = []
    let cause = fieldOf(error, 'cause')
    while (cause !== undefined && cause !== null && causes.length < MOST_CAUSES) {
      causes.push(this.text(sayingOf(cause)))
      cause = fieldOf(cause, 'cause')
    }
    return {
      name: this.label(stringOf(fieldOf(error, 'name') ?? 'Error')),
      ...(code !== undefined && { code: this.label(stringOf(code)) }),
      message: this.text(stringOf(fieldOf(error, 'message') ?? '')),
      ...(causes.length > 0 && { causes }),
    }
  }

  artifacts(artifacts: RunResult['artifacts']): readonly string[] | undefined {
    return artifacts?.slice(0, MOST_ITEMS).map(({ name, mediaType, source }: Artifact) => {
      const at = 'url' in source ? ` ${source.url}` : ''
      return this.label(`${name} (${mediaType})${at}`)
    })
  }
}

/** Tools and models throw anything; how a run ended is kept all the same. */
function fieldOf(error: unknown, name: 'name' | 'message' | 'code' | 'cause'): unknown {
  try {
    return (error as Partial<RunError> | null | undefined)?.[name]
  } catch {
    return name === 'cause' ? undefined : '[unreadable]'
  }
}

function sayingOf(cause: unknown): string {
  try {
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  } catch {
    return '[unreadable]'
  }
}

function stringOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    return '[unreadable]'
  }
}
