import { html } from 'htm/preact'
import { h, type RefObject, type VNode } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

import type { Chat } from '../chat.ts'
import { readDraft, writeDraft } from '../draft.ts'
import { ChosenFiles } from './chosen-files.ts'
import { icon } from './icon.ts'

export interface ComposerProps {
  readonly chat: Chat
  readonly conversationId: string | undefined
  readonly isWorking: boolean
  readonly field: RefObject<HTMLTextAreaElement | null>
}

/** Where one writes. */
export function Composer({ chat, conversationId, isWorking, field }: ComposerProps): VNode {
  const [text, setText] = useState(() => readDraft(conversationId))
  const [files, setFiles] = useState<readonly File[]>([])
  const [isDropping, setDropping] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const canSend = conversationId !== undefined && (text.trim() !== '' || files.length > 0)

  useEffect(() => field.current?.focus(), [field])
  useLayoutEffect(() => {
    const { current } = field
    if (current === null) return
    current.style.height = 'auto'
    current.style.height = `${current.scrollHeight}px`
  }, [field, text])

  const write = (words: string) => {
    setText(words)
    // Now, not with the next frame: the page may be left before that.
    writeDraft(conversationId, words)
  }
  const add = (list: FileList | null | undefined): boolean => {
    const added = [...(list ?? [])]
    if (added.length > 0) setFiles((before) => [...before, ...added])
    return added.length > 0
  }
  const send = () => {
    if (!canSend) return
    chat.say(text.trim(), files)
    write('')
    setFiles([])
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter only takes it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setDropping(false)
    add(event.dataTransfer?.files)
  }
  const onDragOver = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    setDropping(true)
  }
  return html`<form
    class=${`composer${isDropping ? ' composer-drop' : ''}`}
    aria-label="Message"
    onSubmit=${(event: Event) => {
      event.preventDefault()
      send()
    }}
    onDragOver=${onDragOver}
    onDragLeave=${() => setDropping(false)}
    onDrop=${onDrop}
  >
    <div class="composer-box">
      ${h(ChosenFiles, { files, onRemove: (file) => setFiles((before) => before.filter((one) => one !== file)) })}
      <textarea
        ref=${field}
        rows="1"
        value=${text}
        placeholder=${isDropping ? 'Drop it here' : isWorking ? 'Add a word for the run under way' : 'Write a message'}
        aria-label="Message"
        aria-describedby="composer-help"
        dir="auto"
        onInput=${(event: { readonly currentTarget: HTMLTextAreaElement }) => write(event.currentTarget.value)}
        onKeyDown=${onKeyDown}
        onPaste=${(event: ClipboardEvent) => add(event.clipboardData?.files) && event.preventDefault()}
      ></textarea>
      <div class="composer-row">
        <button type="button" class="quiet round" aria-label="Attach files" onClick=${() => picker.current?.click()}>
          ${icon('clip')}
        </button>
        <input
          ref=${picker}
          class="hidden"
          type="file"
          multiple
          tabindex="-1"
          aria-hidden="true"
          onChange=${(event: { readonly currentTarget: HTMLInputElement }) => {
            add(event.currentTarget.files)
            // The same file can be chosen again.
            event.currentTarget.value = ''
          }}
        />
        <button
          type="button"
          class="quiet slash"
          title="Show what can be asked with a slash"
          onClick=${() => chat.say('/help')}
        >
          <kbd>/</kbd>Commands
        </button>
        <span class="composer-help" id="composer-help"
          ><kbd>Enter</kbd> sends, <kbd>Shift Enter</kbd> begins a line</span
        >
        <button type="submit" class="send" aria-label="Send" disabled=${!canSend}>${icon('send')}</button>
      </div>
    </div>
  </form>`
}
