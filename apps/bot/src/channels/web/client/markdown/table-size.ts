const MOST_CELLS = 20_000

/**
 * Whether a text begins with a table of more cells than a page can show. A row is filled up to the width of the first, so
 * a wide one with thousands of short rows is made of millions of cells.
 */
export function isHuge(source: string): boolean {
  const [, first = ''] = /^[^\n]*\n([ \t|:-]{3,})(?:\n|$)/.exec(source) ?? []
  const columns = first.split('|').length
  if (columns < 2) return false
  const end = source.search(/\n[ \t]*\n/)
  const rows = (end < 0 ? source : source.slice(0, end)).split('\n').length
  return columns * rows > MOST_CELLS
}
