import type { Cluster } from '../consolidate/cluster.ts'

/** Of a body on GitHub (https://github.com/orgs/community/discussions/27190); others take more. */
export const MOST_CHARACTERS = 65_536

// Escaping makes a text up to five times as long, and what is one comment's must fit into it.
const MOST_TITLE = 200
const MOST_CODE = 4_000

/** A finding that fits into a comment, however much a model says; its body is bounded by the report. */
export function shortened(cluster: Cluster): Cluster {
  const { finding } = cluster
  const { title, quote, suggestion } = finding
  return {
    ...cluster,
    finding: {
      ...finding,
      title: cut(title, MOST_TITLE),
      quote: cut(quote, MOST_CODE),
      // Half of a suggestion is none.
      suggestion: suggestion !== undefined && suggestion.length <= MOST_CODE ? suggestion : undefined,
    },
  }
}

function cut(text: string, most: number): string {
  // A character may be two halves, and half a character is none.
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')} ...`
}
