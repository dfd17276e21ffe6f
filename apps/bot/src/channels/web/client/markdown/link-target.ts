/** Where a link leads. */
export interface LinkTarget {
  readonly href: string
  /** The host, or the address of a mail: what a reader should know before the click. */
  readonly place: string
}

const LONGEST = 4_096

/** Where a link of a model may lead: the web or a mail. `undefined` for all else, as for what has no host of its own. */
export function linkTarget(href: string): LinkTarget | undefined {
  if (href.length > LONGEST) return undefined
  const url = URL.parse(href)
  if (url === null) return undefined
  if (url.protocol === 'mailto:') return { href: url.href, place: url.pathname }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  // `https://bank.example@evil.example/` is of evil.example, and looks as if it were not.
  url.username = ''
  url.password = ''
  return { href: url.href, place: url.host }
}

/** Whether a text looks like the address of another place than the one that its link leads to. */
export function isMisleading(text: string, { href, place }: LinkTarget): boolean {
  const trimmed = text.trim()
  if (href.startsWith('mailto:')) return /^https?:/i.test(trimmed)
  const named = /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?=$|[/:?#])/iu.exec(trimmed)?.[1]
  return named !== undefined && bare(named) !== bare(place)
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/:\d+$/, '')
}
