/** What a comment of ours is about: a finding by its fingerprint, or the whole. */
export interface Marker {
  readonly about: string
  readonly headSha: string
}

export const SUMMARY = 'summary'

/** The first line of a comment of ours, which readers of the page do not see. */
export function markerOf({ about, headSha }: Marker): string {
  return `<!-- executus:v1 ${about} ${headSha} -->`
}

/** What stands in the first line; a mark further down was written by somebody who wants it to look like ours. */
export function readMarker(body: string): Marker | undefined {
  const [, about, headSha] = /^<!-- executus:v1 ([\da-f]{8,64}|summary) ([\da-f]{40,64}) -->/.exec(body) ?? []
  return about === undefined || headSha === undefined ? undefined : { about, headSha }
}
