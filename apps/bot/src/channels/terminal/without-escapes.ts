/** Our own Markdown as a terminal shows it: `my\\_agent` -> `my_agent`. What is code has no escapes. */
export function withoutEscapes(markdown: string): string {
  return markdown.replaceAll(
    /(```[^]*?```|`[^`\n]*`)|\\([\\`*_{}[\]<>#|~])/g,
    (_whole, code: string | undefined, sign: string) => code ?? sign,
  )
}
