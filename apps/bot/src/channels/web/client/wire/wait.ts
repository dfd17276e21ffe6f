const FIRST_MS = 1_000
const LONGEST_MS = 5_000

/** How long to wait before the next attempt: longer each time, and never so long that a person notices that it is back. */
export function waitMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1))
}
