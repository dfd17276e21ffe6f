import { z } from 'zod'

import type { ForgeErrorCode } from './errors.ts'
import type { ForgeClient } from './forge-client.ts'
import type { OwnComments, OwnThread } from './forge.ts'
import type { PullAddress } from './pull-address.ts'

// Of a longer thread the rest is somebody's reply for all that matters here.
const THREADS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) { page: reviewThreads(first: 50, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id isResolved isOutdated path line startLine originalLine originalStartLine
      comments(first: 20) { totalCount nodes { body viewerDidAuthor } } } } } } }`

const COMMENTS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) { page: comments(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id body viewerDidAuthor } } } } }`

const UPDATE = `mutation ($id: ID!, $body: String!) { updateIssueComment(input: { id: $id, body: $body }) { clientMutationId } }`
const RESOLVE = `mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { clientMutationId } }`

const comment = z.object({ body: z.string(), viewerDidAuthor: z.boolean() })
const line = z.number().int().nullish()
const thread = z.object({
  id: z.string(),
  isResolved: z.boolean(),
  isOutdated: z.boolean(),
  path: z.string(),
  line,
  startLine: line,
  originalLine: line,
  originalStartLine: line,
  comments: z.object({ totalCount: z.number(), nodes: z.array(comment) }),
})

/** What REST does not have: which comments are one's own, whatever kind of token it is, and threads. */
export class GitHubGraphql {
  readonly #client: ForgeClient
  readonly #address: PullAddress

  constructor(client: ForgeClient, address: PullAddress) {
    this.#client = client
    this.#address = address
  }

  async listOwn(): Promise<OwnComments> {
    const threads = await this.#pages(THREADS, thread)
    const comments = await this.#pages(COMMENTS, comment.extend({ id: z.string() }))
    return {
      threads: threads.flatMap((one) => ownThread(one) ?? []),
      comments: comments.flatMap(({ id, body, viewerDidAuthor }) => (viewerDidAuthor ? [{ id, body }] : [])),
    }
  }

  async updateComment(id: string, body: string): Promise<void> {
    await this.#ask(UPDATE, { id, body }, z.unknown())
  }

  async resolveThread(id: string): Promise<void> {
    await this.#ask(RESOLVE, { id }, z.unknown())
  }

  async #pages<Schema extends z.ZodType>(query: string, node: Schema): Promise<readonly z.output<Schema>[]> {
    const page = z.object({
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      nodes: z.array(node),
    })
    const schema = z.object({ repository: z.object({ pullRequest: z.object({ page }) }) })
    const nodes: z.output<Schema>[] = []
    let after: string | undefined
    do {
      const read: z.output<typeof schema> = await this.#ask(query, { ...this.#address, after }, schema)
      const { pageInfo, nodes: more } = read.repository.pullRequest.page
      nodes.push(...more)
      const next = pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined
      after = next === after ? undefined : next
    } while (after !== undefined)
    return nodes
  }

  async #ask<Schema extends z.ZodType>(query: string, variables: object, data: Schema): Promise<z.output<Schema>> {
    const request = {
      method: 'POST',
      path: '/graphql',
      isRead: query.startsWith('query'),
      body: { query, variables },
    } as const
    const answer = await this.#client.json(request, z.object({ errors: z.array(problem).nullish(), data: z.unknown() }))
    const [first] = answer.errors ?? []
    if (first !== undefined) throw this.#client.problem(CODES[first.type] ?? 'unexpected', first.message)
    return this.#client.checked(answer.data, data)
  }
}

const problem = z.object({ type: z.string().catch(''), message: z.string().catch('') })

/** GraphQL tells what went wrong in an answer of status 200. */
const CODES: Readonly<Record<string, ForgeErrorCode>> = {
  NOT_FOUND: 'not-found',
  FORBIDDEN: 'auth',
  INSUFFICIENT_SCOPES: 'auth',
  RATE_LIMITED: 'rate-limited',
  UNPROCESSABLE: 'refused',
}

function ownThread({ comments: { totalCount, nodes }, ...said }: z.output<typeof thread>): OwnThread | undefined {
  const [first] = nodes
  if (first?.viewerDidAuthor !== true) return undefined
  const { id, path, isResolved, isOutdated } = said
  // An outdated thread has no line any more.
  const isPlaced = typeof said.line === 'number'
  const end = (isPlaced ? said.line : said.originalLine) ?? undefined
  const start = (isPlaced ? said.startLine : said.originalStartLine) ?? end
  return {
    id,
    body: first.body,
    path,
    ...(start !== undefined && end !== undefined && { lines: { start, end } }),
    isResolved,
    isOutdated,
    hasReplies: totalCount > nodes.length || nodes.some(({ viewerDidAuthor }) => !viewerDidAuthor),
  }
}
