// Deeper lists are shown at this depth: indentation is the one thing that would grow with the square of nesting.
const DEEPEST_LIST = 8

/** Puts a page's pieces together: white space as a browser would collapse it, blocks apart, links with their target. */
export class TextWriter {
  readonly #parts: string[] = []
  #baseUrl: string
  #lists: { readonly isOrdered: boolean; count: number }[] = []
  #isPre = false
  /** Line breaks owed before the next word; none before the first. */
  #breaks = 0
  #space = false
  #prefix = ''
  #link: { readonly href: string; readonly at: number } | undefined

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl
  }

  setBase(href: string | undefined): void {
    this.#baseUrl = this.#webUrl(href) ?? this.#baseUrl
  }

  text(text: string): void {
    if (this.#isPre) {
      this.#put(text)
      return
    }
    const words = text.replaceAll(/[\s\u00a0]+/g, ' ')
    if (words === '') return
    if (words.startsWith(' ')) this.#space = true
    if (words === ' ') return
    this.#put(words.trim())
    this.#space = words.endsWith(' ')
  }

  /** What follows begins a new line. */
  line(): void {
    this.#breaks = Math.max(this.#breaks, 1)
  }

  /** What follows begins a new paragraph, with `prefix` before its first word; at the start of an item it stays there. */
  block(prefix = ''): void {
    if (this.#prefix === '') this.#breaks = 2
    this.#prefix += prefix
  }

  /** What follows is apart from what was; a prefix that found no word is dropped. */
  endBlock(breaks: 1 | 2 = 2): void {
    this.#prefix = ''
    this.#breaks = Math.max(this.#breaks, breaks)
  }

  cell(): void {
    this.#space = true
    if (this.#breaks === 0 && this.#parts.length > 0) this.#put('|')
    this.#space = true
  }

  list(isOrdered: boolean): void {
    if (this.#lists.length === 0) this.block()
    this.line()
    this.#lists.push({ isOrdered, count: 0 })
  }

  endList(): void {
    this.#lists.pop()
    this.endBlock(this.#lists.length === 0 ? 2 : 1)
  }

  item(): void {
    const list = this.#lists.at(-1) ?? { isOrdered: false, count: 0 }
    list.count += 1
    const depth = Math.min(Math.max(this.#lists.length - 1, 0), DEEPEST_LIST)
    this.line()
    this.#prefix = `${'  '.repeat(depth)}${list.isOrdered ? `${list.count}.` : '-'} `
  }

  startPre(): void {
    this.block()
    this.#put('```\n')
    this.#isPre = true
  }

  endPre(): void {
    if (!this.#isPre) return
    this.#isPre = false
    const last = this.#parts.at(-1) ?? ''
    this.#put(last.endsWith('\n') ? '```' : '\n```')
    this.endBlock()
  }

  startLink(href: string | undefined): void {
    this.endLink()
    const url = this.#webUrl(href)
    if (url !== undefined) this.#link = { href: url, at: this.#parts.length }
  }

  endLink(): void {
    const link = this.#link
    this.#link = undefined
    // A link without words is a picture or an anchor.
    if (link === undefined || this.#parts.length === link.at) return
    this.#parts.push(` (${link.href})`)
  }

  end(): string {
    this.endLink()
    this.endPre()
    return this.#parts.join('').trimEnd()
  }

  #put(text: string): void {
    if (this.#parts.length > 0) {
      if (this.#breaks > 0) this.#parts.push('\n'.repeat(this.#breaks))
      else if (this.#space) this.#parts.push(' ')
    }
    this.#parts.push(`${this.#prefix}${text}`)
    this.#breaks = 0
    this.#space = false
    this.#prefix = ''
  }

  /** Where a link leads, when that is the web and not the page itself. */
  #webUrl(href: string | undefined): string | undefined {
    if (href === undefined || href.trim().startsWith('#') || !URL.canParse(href, this.#baseUrl)) return undefined
    const url = new URL(href, this.#baseUrl)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined
  }
}
