import { z } from 'zod'

import { ForgeError } from './errors.ts'
import { ForgeClient, type ForgeLimits } from './forge-client.ts'
import type { Forge, LineComment, OwnThread, PullRequest } from './forge.ts'
import { readMarker } from './marker.ts'
import { encodedPath, type PullAddress } from './pull-address.ts'

export interface GiteaForgeOptions {
  readonly address: PullAddress
  readonly token: string | undefined
  /** With `/api/v1`, without a slash at its end. */
  readonly baseUrl: string
  readonly limits?: ForgeLimits | undefined
}

const sha = z.string().regex(/^[\da-f]{40,64}$/)
const user = z.object({ id: z.number() })

const pullRequest = z.object({
  title: z.string(),
  body: z.string().nullish(),
  head: z.object({ sha }),
  base: z.object({ sha }),
})

const review = z.object({ id: z.number(), state: z.string(), user: user.nullish() })
const reviewComment = z.object({
  id: z.number(),
  body: z.string(),
  path: z.string(),
  position: z.number().nullish(),
  original_position: z.number().nullish(),
  user: user.nullish(),
  resolver: user.nullish(),
})
const issueComment = z.object({ id: z.number(), body: z.string(), user: user.nullish() })

/** A pull request of Gitea or Forgejo. Threads cannot be resolved there, and nothing says whether one is outdated. */
export function giteaForge({ address, token, baseUrl, limits }: GiteaForgeOptions): Forge {
  const headers = { accept: 'application/json', 'user-agent': 'executus-review' }
  const client = new ForgeClient({ name: 'Gitea', baseUrl, scheme: 'token', token, limits, headers, writePauseMs: 0 })
  const repository = `/repos/${address.owner}/${address.repo}`
  const pullPath = `${repository}/pulls/${address.number}`
  let pull: Promise<PullRequest> | undefined

  async function readPull(signal: AbortSignal | undefined): Promise<PullRequest> {
    const { title, body, head, base } = await client.json({ path: pullPath, signal }, pullRequest)
    return { title, description: body ?? '', headSha: head.sha, baseSha: base.sha }
  }

  return {
    name: 'Gitea',
    getPull: ({ signal, isFresh = false } = {}) => (pull = isFresh || pull === undefined ? readPull(signal) : pull),
    getDiff: async ({ signal } = {}) => (await client.send({ path: `${pullPath}.diff`, signal })).text,

    async getFile(path, commit) {
      const encoded = encodedPath(path)
      if (encoded === undefined) return undefined
      try {
        return (await client.send({ path: `${repository}/raw/${encoded}?ref=${encodeURIComponent(commit)}` })).text
      } catch (error) {
        if (ForgeError.is(error) && error.code === 'not-found') return undefined
        throw error
      }
    },

    async listOwn() {
      const { id: me } = await whoAmI()
      const threads: OwnThread[] = []
      for (const { id } of (await client.pages({ path: `${pullPath}/reviews` }, review)).filter(
        (one) => one.user?.id === me,
      ))
        threads.push(...(await commentsOf(id)).map(threadOf))
      const comments = await client.pages({ path: `${repository}/issues/${address.number}/comments` }, issueComment)
      return {
        threads,
        comments: comments.flatMap((one) => (one.user?.id === me ? [{ id: String(one.id), body: one.body }] : [])),
      }
    },

    async postComments(comments, headSha) {
      if (comments.length === 0) return []
      await clearPending()
      if (await isTaken(comments, headSha)) return []
      if (comments.length === 1) return comments
      const refused: LineComment[] = []
      for (const comment of comments) if (!(await isTaken([comment], headSha))) refused.push(comment)
      return refused
    },

    async writeComment(body, id) {
      if (id === undefined)
        await client.send({ method: 'POST', path: `${repository}/issues/${address.number}/comments`, body: { body } })
      else await client.send({ method: 'PATCH', path: `${repository}/issues/comments/${id}`, body: { body } })
    },

    async resolveThread() {
      throw new ForgeError('refused', 'Gitea has no way to resolve a thread from outside')
    },
  }

  async function whoAmI(): Promise<z.output<typeof user>> {
    try {
      return await client.json({ path: '/user' }, user)
    } catch (error) {
      if (!ForgeError.is(error) || error.status !== 403) throw error
      const message =
        'The token may not tell whose it is, which is needed to know our own comments: give it the scope read:user'
      throw new ForgeError('auth', message, { cause: error, status: error.status })
    }
  }

  function commentsOf(reviewId: number): Promise<readonly z.output<typeof reviewComment>[]> {
    return client.pages({ path: `${pullPath}/reviews/${reviewId}/comments` }, reviewComment)
  }

  /**
   * Whether Gitea took them. It writes the comments of a review one by one as a draft, and one that it fails at (with 500,
   * as it cannot blame the line) leaves the others in it, to be published with the next review.
   */
  async function isTaken(comments: readonly LineComment[], headSha: string): Promise<boolean> {
    const body = { commit_id: headSha, event: 'COMMENT', body: '', comments: comments.map(bodyOf) }
    try {
      await client.send({ method: 'POST', path: `${pullPath}/reviews`, body })
      return true
    } catch (error) {
      if (!ForgeError.is(error) || ![404, 422, 500].includes(error.status ?? 0)) throw error
      await clearPending()
      return false
    }
  }

  /** Drafts of ours go; one that a person writes under the same name must neither go nor be published. */
  async function clearPending(): Promise<void> {
    const { id: me } = await whoAmI()
    const reviews = await client.pages({ path: `${pullPath}/reviews` }, review)
    for (const { id } of reviews.filter(({ state, user: by }) => state === 'PENDING' && by?.id === me)) {
      if ((await commentsOf(id)).some(({ body }) => readMarker(body) === undefined))
        throw new ForgeError(
          'refused',
          'There is a review that its writer has not submitted yet, under the name of the token',
        )
      await client.send({ method: 'DELETE', path: `${pullPath}/reviews/${id}` })
    }
  }
}

function threadOf({
  id,
  body,
  path,
  position,
  original_position: old,
  resolver,
}: z.output<typeof reviewComment>): OwnThread {
  // The one that it is not about is 0.
  const line = [position, old].find((one) => typeof one === 'number' && one > 0) ?? undefined
  return {
    id: String(id),
    body,
    path,
    ...(line !== undefined && { lines: { start: line, end: line } }),
    isResolved: (resolver ?? undefined) !== undefined,
    isOutdated: false,
    hasReplies: true, // it does not say: nothing may be concluded from it
  }
}

/** `new_position` is the number of the line in the file, whatever its name says; of a range it takes the first line. */
function bodyOf({ path, side, startLine, endLine, body }: LineComment) {
  const range = startLine === endLine ? '' : `\n\n<sub>Lines ${startLine} to ${endLine}</sub>`
  const line =
    side === 'new' ? { new_position: startLine, old_position: 0 } : { new_position: 0, old_position: startLine }
  return { path, body: `${body}${range}`, ...line }
}
