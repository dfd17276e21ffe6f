import { stripInvisible } from './strip-hidden.ts'

/** What opens a block of code: the words behind ticks hold no tick, or it is no block. */
const OPENING = /^( *)(`{3,}(?=[^`]*$)|~{3,})(.*)$/

/**
 * Markdown of a model as it may be posted: it calls nobody, refers to nothing, loads nothing and holds no markup. What is
 * in code stays as it is, where all of that is text anyway: so that what is code here is code for every reader of Markdown,
 * its marks are written anew, and no mark outside of it is left in force.
 */
export function defuse(markdown: string): string {
  const lines = stripInvisible(markdown).text.split(/\r\n|\r|\n/)
  const out: string[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent = '', marks, info = ''] = OPENING.exec(lines[at]!) ?? []
    if (marks === undefined) {
      out.push(defuseLine(lines[at]!))
      continue
    }
    const closing = new RegExp(`^ *${marks[0]}{${marks.length},} *$`)
    // What is left open would take the rest of the page with it.
    let end = at + 1
    while (end < lines.length && !closing.test(lines[end]!)) end += 1
    out.push(...block(lines.slice(at + 1, end), indent, info.trim()))
    at = end
  }
  return out.join('\n')
}

/** Forges make buttons, drawings and maps of these. */
const LIVE_BLOCKS = /^(suggestion|mermaid|geojson|topojson|stl|math)\b/i

/** Code between more ticks than are in it, no line of which leaves the list that it may be in. */
function block(code: readonly string[], indent: string, info: string): readonly string[] {
  const longest = Math.max(2, ...code.flatMap((line) => [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)))
  const fence = indent + '`'.repeat(longest + 1)
  const language = /^[\w+#.-]{1,30}$/.test(info) && !LIVE_BLOCKS.test(info) ? info : ''
  const lines = code.map((line) => (line.startsWith(indent) ? line : indent + line.trimStart()))
  return [fence + language, ...lines, fence]
}

/** Code spans of one line are left alone; a mark that is not closed by one as long is none. */
function defuseLine(line: string): string {
  const runs = [...line.matchAll(/`+/g)]
  const parts: string[] = []
  let end = 0
  for (const [index, closing] of closingRuns(runs).entries()) {
    const { index: start } = runs[index]!
    if (closing === undefined || start < end) continue
    const stop = closing.index + closing[0].length
    parts.push(defuseProse(line.slice(end, start)), line.slice(start, stop))
    end = stop
  }
  return joined([...parts, defuseProse(line.slice(end))])
}

/** To each run of ticks, the next one that is as long. */
function closingRuns(runs: readonly RegExpExecArray[]): readonly (RegExpExecArray | undefined)[] {
  const next = new Map<number, RegExpExecArray>()
  return runs
    .toReversed()
    .map((run) => {
      const closing = next.get(run[0].length)
      next.set(run[0].length, run)
      return closing
    })
    .toReversed()
}

/** Ticks that meet would be one mark, of another length. */
function joined(parts: readonly string[]): string {
  const said = parts.filter((part) => part !== '')
  return said
    .map((part, index) => (part.startsWith('`') && said[index - 1]?.endsWith('`') === true ? ` ${part}` : part))
    .join('')
}

const NAME = '[\\w.-]{1,100}'
const MORE = '(?:[\\w@#!/.-]*\\w)?'
/**
 * Links, and what a forge makes links of by itself and sends mails for. Marks of emphasis may stand around a reference,
 * letters may not. An address takes what follows it into its link, ticks too, and so is never left bare.
 */
const SPECIAL = new RegExp(
  [
    '(?<!!)\\[([^^[\\]][^[\\]]{0,300})\\]\\(((?:https?://|#|\\.{0,2}/)[^\\s()<>]{0,1000})\\)',
    '(?:[a-z][a-z\\d+.-]{0,30}://|www\\.)[^\\s<>()[\\]]*',
    `(?<![a-z\\d])@[\\w-]+(?:[/@#!.][\\w-]+)*`,
    `(?<![\\w.-])${NAME}(?:/${NAME})?[#!]\\d+${MORE}`,
    `(?<![a-z\\d])(?:[#!]|GH-)\\d+${MORE}`,
  ].join('|'),
  'gi',
)
/** Addresses that leave a trace where they lead to. */
const TRACING = /[@!]|#\d|\/(issues|pulls?|discussions|commit)\//i

function defuseProse(prose: string): string {
  const parts: string[] = []
  // No tick of it is in force: within one of these it would end our own.
  const plain = prose.split('`')
  for (const [index, text] of plain.entries()) {
    if (index > 0) parts.push('\\`')
    let end = 0
    for (const { 0: special, 1: label, 2: target = '', index: at } of text.matchAll(SPECIAL)) {
      parts.push(escaped(text.slice(end, at)))
      if (label === undefined) parts.push(`\`${special}\``)
      else parts.push(`[${defuseProse(label)}](${TRACING.test(target) ? '#' : target})`)
      end = at + special.length
    }
    parts.push(escaped(text.slice(end)))
  }
  return joined(parts)
}

function escaped(prose: string): string {
  return prose
    .replaceAll('\\', '\\\\') // or it would undo what follows
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('|', '\\|') // a cell of a table may end within code
    .replaceAll(/~{3,}/g, (marks) => marks.replaceAll('~', '\\~'))
    .replaceAll('![', '!\\[')
    .replaceAll('](', '] (')
    .replaceAll(']:', ']\\:')
}
