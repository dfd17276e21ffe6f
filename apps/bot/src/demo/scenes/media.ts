import { quoted } from '../say.ts'
import type { DemoTurn, Scene } from '../turn.ts'

/** Says what came with a message, and what of it the bot did not take. */
export const mediaScene: Scene = (turn) => {
  const { media, notes } = turn
  if (media.length === 0 && notes.length === 0) return undefined
  const count = media.length === 1 ? 'One file' : `${media.length} files`
  const came =
    media.length === 0 ? ['Nothing that I can look at came with it.'] : [`${count} came with your message:`, '']
  const skipped = notes.length === 0 ? [] : ['', 'And the bot told me:', '', quoted(notes.join('\n'))]
  const limits = '\n\nI am scripted and cannot see what is in them; a real model is given the very same parts.'
  return { text: [...came, ...media.map(lineOf), ...skipped].join('\n') + (media.length === 0 ? '' : limits) }
}

function lineOf(part: DemoTurn['media'][number]): string {
  const name = part.type === 'file' && part.name !== undefined ? `${part.name}: ` : ''
  const size = 'base64' in part.source ? sizeInWords(Buffer.byteLength(part.source.base64, 'base64')) : 'by its address'
  return `- ${name}${part.mediaType}, ${size}`
}

function sizeInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
