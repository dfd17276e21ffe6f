import { html } from 'htm/preact'
import type { VNode } from 'preact'

import type { KeptFile, SkippedFile } from '../../../../view/entry.ts'
import { isPicture } from '../is-picture.ts'
import { fileAddress } from '../wire/api.ts'
import { icon } from './icon.ts'
import { sizeText } from './measure.ts'
import { visibleText } from './visible-text.ts'

export interface FileListProps {
  readonly files: readonly KeptFile[]
  readonly skipped: readonly SkippedFile[]
}

/** The files of a message: pictures to look at, others to save, and why some are not there. */
export function FileList({ files, skipped }: FileListProps): VNode | null {
  if (files.length + skipped.length === 0) return null
  return html`<ul class="files">
    ${files.map((file) => html`<li key=${file.name}>${isPicture(file.mediaType) ? picture(file) : chip(file)}</li>`)}
    ${skipped.map(
      ({ label, reason }, index) =>
        html`<li key=${index}>
          <span class="chip chip-skipped">
            ${icon('alert')}<span class="chip-label">${visibleText(label)}</span>
            <span class="chip-about">left out: ${reason}</span>
          </span>
        </li>`,
    )}
  </ul>`
}

function picture({ name, label }: KeptFile): VNode {
  const text = visibleText(label)
  return html`<a class="picture" href=${fileAddress(name)} target="_blank" rel="noopener" title=${text}>
    <img src=${fileAddress(name)} alt=${text} loading="lazy" />
  </a>`
}

function chip({ name, label, size }: KeptFile): VNode {
  return html`<a class="chip" href=${fileAddress(name)} download>
    ${icon('file')}<span class="chip-label">${visibleText(label)}</span>
    <span class="chip-about">${sizeText(size)}</span>
  </a>`
}
