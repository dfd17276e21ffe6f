import { z } from 'zod'

import { ForgeError } from './errors.ts'
import { ForgeClient, type ForgeLimits } from './forge-client.ts'
import type { Forge, LineComment, PullRequest } from './forge.ts'
import { GitHubGraphql } from './github-graphql.ts'
import { encodedPath, type PullAddress } from './pull-address.ts'

export interface GitHubForgeOptions {
  readonly address: PullAddress
  readonly token: string | undefined
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** Where REST begins below it; GraphQL is at `/graphql`. */
  readonly restPath: string
  readonly limits?: ForgeLimits | undefined
}

const sha = z.string().regex(/^[\da-f]{40,64}$/)

const pullRequest = z.object({
  title: z.string(),
  body: z.string().nullish(),
  head: z.object({ sha }),
  base: z.object({ sha }),
})

// A review is made or refused as a whole, within the 10 s that GitHub gives a request.
const MOST_COMMENTS = 30

/** A pull request of github.com or of a GitHub Enterprise Server. */
export function githubForge({ address, token, baseUrl, restPath, limits }: GitHubForgeOptions): Forge {
  const client = new ForgeClient({
    name: 'GitHub',
    baseUrl,
    scheme: 'Bearer',
    token,
    limits,
    headers: {
      accept: 'application/vnd.github+json',
      'user-agent': 'executus-review',
      'x-github-api-version': '2022-11-28',
    },
    // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
    writePauseMs: 1_000,
  })
  const graphql = new GitHubGraphql(client, address)
  const repository = `${restPath}/repos/${address.owner}/${address.repo}`
  const pullPath = `${repository}/pulls/${address.number}`
  let pull: Promise<PullRequest> | undefined

  async function readPull(signal: AbortSignal | undefined): Promise<PullRequest> {
    const { title, body, head, base } = await client.json({ path: pullPath, signal }, pullRequest)
    return { title, description: body ?? '', headSha: head.sha, baseSha: base.sha }
  }

  return {
    name: 'GitHub',
    getPull: ({ signal, isFresh = false } = {}) => (pull = isFresh || pull === undefined ? readPull(signal) : pull),

    async getDiff({ signal } = {}) {
      try {
        return (await client.send({ path: pullPath, accept: 'application/vnd.github.diff', signal })).text
      } catch (error) {
        if (!ForgeError.is(error) || error.status !== 406) throw error
        const message = 'GitHub gives no diff of a pull request as large as this; review it in a checkout, with --base'
        throw new ForgeError('refused', message, { cause: error, status: error.status })
      }
    },

    async getFile(path, commit) {
      const encoded = encodedPath(path)
      if (encoded === undefined) return undefined
      try {
        const { headers, text } = await client.send({
          path: `${repository}/contents/${encoded}?ref=${encodeURIComponent(commit)}`,
          accept: 'application/vnd.github.raw+json',
        })
        // Of a folder it gives a list, of a file its text with the type that was asked for.
        return /^application\/json\b/.test(headers.get('content-type') ?? '') ? undefined : text
      } catch (error) {
        if (ForgeError.is(error) && error.code === 'not-found') return undefined
        throw error
      }
    },

    listOwn: () => graphql.listOwn(),

    async postComments(comments, headSha) {
      const refused: LineComment[] = []
      for (let start = 0; start < comments.length; start += MOST_COMMENTS)
        refused.push(...(await postReview(comments.slice(start, start + MOST_COMMENTS), headSha)))
      return refused
    },

    async writeComment(body, id) {
      if (id === undefined)
        await client.send({ method: 'POST', path: `${repository}/issues/${address.number}/comments`, body: { body } })
      else await graphql.updateComment(id, body)
    },

    resolveThread: (id) => graphql.resolveThread(id),
  }

  /** One review, and so one notification; when GitHub refuses it, it does not say for which comment. */
  async function postReview(comments: readonly LineComment[], headSha: string): Promise<readonly LineComment[]> {
    const review = { commit_id: headSha, event: 'COMMENT', comments: comments.map(bodyOf) }
    if (await isTaken({ method: 'POST', path: `${pullPath}/reviews`, body: review })) return []
    const refused: LineComment[] = []
    for (const comment of comments) {
      const body = { commit_id: headSha, ...bodyOf(comment) }
      if (!(await isTaken({ method: 'POST', path: `${pullPath}/comments`, body }))) refused.push(comment)
    }
    return refused
  }

  async function isTaken(request: Parameters<ForgeClient['send']>[0]): Promise<boolean> {
    try {
      await client.send(request)
      return true
    } catch (error) {
      if (ForgeError.is(error) && error.status === 422) return false
      throw error
    }
  }
}

function bodyOf({ path, side, startLine, endLine, body }: LineComment) {
  const name = side === 'new' ? 'RIGHT' : 'LEFT'
  // A start that is not before the end is refused.
  const start = startLine < endLine ? { start_line: startLine, start_side: name } : {}
  return { path, body, line: endLine, side: name, ...start }
}
