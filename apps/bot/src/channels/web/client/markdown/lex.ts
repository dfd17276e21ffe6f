import { Marked, type MarkedToken, type Token } from 'marked'

import { isHuge } from './table-size.ts'

// An instance of our own: what anybody sets on the shared one does not reach it.
const marked = new Marked({
  gfm: true,
  tokenizer: {
    // Nothing: it is no table. `false`: marked reads it.
    table: (source) => (isHuge(source) ? undefined : false),
  },
})

/** Beyond this a text is no answer that anybody reads, and takes too long to take apart. */
const LONGEST = 100_000

/**
 * Lines that open dozens of lists or quotes at once, hundreds of emphases, or addresses that end in thousands of signs.
 * What is read once is read again for each of them, so some kilobytes take seconds; no writer means them.
 */
const TOO_DEEP =
  /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){25}|^[ \t]{100,}(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])|[*_~`]{400}|[?!.,:;*_'"~()&]{2000}/m

/** The tokens of a text; `undefined` for one that is made to be hard to read. */
export function lex(text: string): readonly MarkedToken[] | undefined {
  if (text.length > LONGEST || TOO_DEEP.test(text)) return undefined
  try {
    return known(marked.lexer(text))
  } catch (error) {
    // Other ways to nest: the lexer has run out of stack.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** No extension is loaded, so there are no tokens but marked's own. */
export function known(tokens: readonly Token[]): readonly MarkedToken[] {
  return tokens as readonly MarkedToken[]
}
