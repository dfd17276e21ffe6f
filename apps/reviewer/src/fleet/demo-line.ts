/** What of a line a rule looks at: its code without what stands in quotes, its comment, or all of it. */
export type LinePart = 'code' | 'comment' | 'line'

export function partOf(line: string, part: LinePart): string {
  if (part === 'line') return line
  return part === 'code' ? codeOf(line) : (COMMENT.exec(line)?.[1] ?? '')
}

const COMMENT = /(?:^|\s)(?:\/\/|\/\*+|\*|#|--|<!--)\s(.*)$/
/** The whole line is one; a private field begins with `#` too. */
const COMMENT_ALONE = /^\s*(?:\/\/|\/?\*|#(?=\s|!|$)|--\s|<!--)/
/** A string, or a pattern where a value may begin. */
const QUOTED =
  /(["'`])(?:\\.|(?!\1).)*(?:\1|$)|(?<=[=(:,!&|?]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]])*\]|[^/\\[])+\/[a-z]*/g

/** One line does not tell what is open above it: good enough for rules that are patterns themselves. */
function codeOf(line: string): string {
  if (COMMENT_ALONE.test(line)) return ''
  return line
    .replaceAll(QUOTED, '$1$1')
    .replaceAll(/\s\/\/.*$/g, '')
    .replaceAll(/\/\*.*?(?:\*\/|$)/g, '/**/')
}
