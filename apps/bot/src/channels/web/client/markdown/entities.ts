/** The references that models write; any other is shown as it stands. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  euro: '€',
  times: '×',
  middot: '·',
  bull: '•',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  larr: '←',
  rarr: '→',
}

/** The text that character references stand for: `&lt;b&gt; &#9731;` -> `<b> ☃`. It is text, never HTML. */
export function withoutEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name: string) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? NAMED[name]! : whole
    return charOf(decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal))
  })
}

/** Zero, what is out of range and halves of pairs are what CommonMark makes of them: the replacement character. */
function charOf(code: number): string {
  const isValid = code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff)
  return isValid ? String.fromCodePoint(code) : '\uFFFD'
}
