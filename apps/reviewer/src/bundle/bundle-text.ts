import type { ChangedFile, DiffLine, Hunk } from '../change/change.ts'
import { escapeInvisible } from '../sanitise/strip-hidden.ts'
import type { Bundle } from './bundle.ts'

/**
 * A bundle as a model reads it: a mark (`+` added, `-` deleted, blank for context), the line's number in the new file, a bar,
 * and the line itself, from which it quotes.
 */
export function bundleText(bundle: Bundle): string {
  let text = texts.get(bundle)
  if (text === undefined) texts.set(bundle, (text = textOf(bundle)))
  return text
}

// Each bundle is shown to every model through every lens.
const texts = new WeakMap<Bundle, string>()

function textOf({ parts }: Bundle): string {
  return parts.map(({ file, hunks }) => [headingOf(file), ...hunks.map(hunkText)].join('\n')).join('\n\n')
}

function headingOf({ path, oldPath, kind }: ChangedFile): string {
  const from = oldPath === undefined ? '' : ` from ${pathText(oldPath)}`
  return `File ${pathText(path)} (${kind}${from})`
}

/** A name in which nothing is hidden: what cannot be seen in it is written as its number. */
export function pathText(path: string): string {
  return escapeInvisible(JSON.stringify(path))
}

function hunkText({ heading, lines }: Hunk): string {
  const width = String(lines.at(-1)?.newLine ?? lines.at(-1)?.oldLine ?? 0).length + 1
  const title = heading === '' ? '...' : `... ${heading}`
  return [title, ...lines.map((line) => lineText(line, width))].join('\n')
}

const MARKS = { added: '+', deleted: '-', context: ' ' } as const

function lineText({ kind, text, newLine }: DiffLine, width: number): string {
  return `${MARKS[kind]}${String(newLine ?? '').padStart(width)}|${text}`
}
