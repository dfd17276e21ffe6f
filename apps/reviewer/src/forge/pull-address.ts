/** Which pull request of which repository. */
export interface PullAddress {
  readonly owner: string
  readonly repo: string
  readonly number: number
}

/** A path of a repository as an address has it; `undefined` for one that would lead out of it. */
export function encodedPath(path: string): string | undefined {
  const parts = path.split('/')
  return parts.some((part) => /^\.{0,2}$/.test(part)) ? undefined : parts.map(encodeURIComponent).join('/')
}
