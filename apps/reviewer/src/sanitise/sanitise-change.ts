import type { Change, ChangedFile, DiffLine, Hunk } from '../change/change.ts'
import type { HiddenText } from './hidden-text.ts'
import { stripComments, stripInvisible } from './strip-hidden.ts'

/** Prose that is read rendered, so that its comments are read by nobody. Where code may be between such marks, it would be hidden. */
const RENDERED = /\.(md|markdown)$/i

/**
 * A change without what people do not see in it, which a model would read, and what that was. Lines keep their numbers.
 */
export function sanitiseChange(change: Change): { readonly change: Change; readonly hidden: readonly HiddenText[] } {
  const hidden: HiddenText[] = []
  const textOf = (where: 'title' | 'description'): Partial<Change> => {
    const said = change[where]
    if (said === undefined) return {}
    const { text, count } = stripComments(strip(said, { where }, hidden))
    if (count > 0) hidden.push({ where, kind: 'html-comment', count })
    return { [where]: text }
  }
  const texts = { ...textOf('title'), ...textOf('description') }
  const files = change.files.map((file) => fileWithoutHidden(file, hidden))
  return { change: { ...change, ...texts, files }, hidden }
}

function fileWithoutHidden(file: ChangedFile, hidden: HiddenText[]): ChangedFile {
  strip(file.path, { where: file.path }, hidden) // told, and kept: it is the file's name
  return { ...file, hunks: file.hunks.map((hunk) => hunkWithoutHidden(file.path, hunk, hidden)) }
}

function hunkWithoutHidden(path: string, hunk: Hunk, hidden: HiddenText[]): Hunk {
  // Old and new lines are two texts, and a comment may be open in one of them alone.
  const isOpen = { old: false, new: false }
  const lines = hunk.lines.map((line): DiffLine => {
    const place = { where: path, ...(line.newLine !== undefined && { line: line.newLine }) }
    // What is deleted is gone: it can hide nothing from those who read what is there now.
    const told = line.kind === 'deleted' ? [] : hidden
    const text = strip(line.text, place, told)
    if (!RENDERED.test(path)) return { ...line, text }
    const side = line.kind === 'deleted' ? 'old' : 'new'
    const stripped = stripComments(text, isOpen[side])
    isOpen[side] = stripped.isOpen
    if (line.kind === 'context') isOpen.old = stripped.isOpen
    if (stripped.count > 0) told.push({ ...place, kind: 'html-comment', count: stripped.count })
    return { ...line, text: stripped.text }
  })
  return { ...hunk, heading: stripInvisible(hunk.heading).text, lines }
}

function strip(said: string, place: Pick<HiddenText, 'where' | 'line'>, hidden: HiddenText[]): string {
  const { text, counts } = stripInvisible(said)
  for (const [kind, count] of counts) hidden.push({ ...place, kind, count })
  return text
}
