import { html } from 'htm/preact'
import { h, type VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import { isPicture } from '../is-picture.ts'
import { icon } from './icon.ts'
import { sizeText } from './measure.ts'

export interface ChosenFilesProps {
  readonly files: readonly File[]
  readonly onRemove: (file: File) => void
}

/** The files that go with the next message. */
export function ChosenFiles({ files, onRemove }: ChosenFilesProps): VNode | null {
  if (files.length === 0) return null
  return html`<ul class="files files-chosen" aria-label="Files of this message">
    ${files.map(
      (file, index) =>
        html`<li key=${`${index} ${file.name}`} class="chip">
          ${h(Sign, { file })}<span class="chip-label">${file.name}</span>
          <span class="chip-about">${sizeText(file.size)}</span>
          <button type="button" class="quiet round" aria-label=${`Remove ${file.name}`} onClick=${() => onRemove(file)}>
            ${icon('cross')}
          </button>
        </li>`,
    )}
  </ul>`
}

/** A small view of a picture; a sign for any other file. */
function Sign({ file }: { readonly file: File }): VNode {
  const [address, setAddress] = useState<string | undefined>()
  // What is called a picture need not be one.
  const forget = () => setAddress(undefined)
  useEffect(() => {
    if (!isPicture(file.type)) return undefined
    const made = URL.createObjectURL(file)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return address === undefined ? icon('file') : html`<img class="chip-view" src=${address} alt="" onError=${forget} />`
}
