/** A code block that is open: what its lines begin with, and what opens and closes it. */
export interface Fence {
  /** What the opening line holds before the marker, as later lines of the block have it: of a list, spaces. */
  readonly indent: string
  /** Three or more of one sign. */
  readonly marker: string
  /** What stands behind the marker: `ts`. */
  readonly info: string
}

// Blanks, list markers and quote signs may stand before it; what follows backticks holds none.
const OPENING = /^((?:[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|>)*)(?:(`{3,})([^`]*)|(~{3,})(.*))$/

/** Reads a line outside of code blocks; `undefined` when it opens none. */
export function openedBy(line: string): Fence | undefined {
  const [, before, ticks, tickInfo, tildes, tildeInfo] = OPENING.exec(line) ?? []
  const marker = ticks ?? tildes
  if (before === undefined || marker === undefined) return undefined
  return { indent: before.replaceAll(/[^\s>]/g, ' '), marker, info: (tickInfo ?? tildeInfo ?? '').trim() }
}

/** Whether a line within a code block ends it. */
export function isClosedBy(line: string, { marker }: Fence): boolean {
  const rest = line.replace(/^[\s>]*/, '').trimEnd()
  return rest.length >= marker.length && rest === marker.charAt(0).repeat(rest.length)
}

export function openingLine({ indent, marker, info }: Fence): string {
  return `${indent}${marker}${info}`
}

export function closingLine({ indent, marker }: Fence): string {
  return `${indent}${marker}`
}
