import type { Entry } from '../../../../view/entry.ts'

const LONGEST = 300

/** What a screen reader says of something new; nothing of what its hearer said. */
export function announcementOf(what: Entry | string): string {
  if (typeof what === 'string') return spoken(what)
  switch (what.kind) {
    case 'said':
      return ''
    case 'answer':
      if (what.outcome === 'failed')
        return spoken(`${what.agent} could not finish: ${what.problem ?? 'no reason is known'}`)
      if (what.outcome === 'stopped') return spoken(`${what.agent} was stopped.`)
      return spoken(`${what.agent}: ${what.text}`)
    case 'question':
      return spoken(`${what.outcome ?? 'A question'}: ${what.title}`)
    case 'notice':
      return spoken(what.text)
  }
}

/** Without the signs of Markdown, which would be read out one by one. */
function spoken(markdown: string): string {
  const text = markdown
    .replaceAll(/[*_`#>|~]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text
}
