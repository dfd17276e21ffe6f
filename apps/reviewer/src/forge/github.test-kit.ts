import { parseDiff } from '../change/parse-diff.ts'
import { type Answer, type Asked, type ForgeServer, forgeServer } from './forge-server.test-kit.ts'
import { SHA } from './reviews.test-kit.ts'

interface Comment {
  readonly author: string
  readonly body: string
}

interface Thread {
  readonly id: string
  readonly path: string
  readonly side: string
  readonly quote: string
  readonly line: number
  readonly startLine: number | undefined
  readonly comments: Comment[]
  isOutdated: boolean
  isResolved: boolean
}

interface Sent {
  readonly commit_id?: string
  readonly event?: string
  readonly body?: string
  readonly path?: string
  readonly line?: number
  readonly side?: string
  readonly start_line?: number
  readonly start_side?: string
  readonly comments?: readonly Sent[]
}

const PULL = '/api/v3/repos/house/app/pulls/7'
/** Of lists, so that a few are several pages. */
const PAGE = 2

/** As much of GitHub as one pull request needs, and as strict. */
export class FakeGitHub {
  readonly tokens: Map<string, string> = new Map([
    ['bot-token', 'bot'],
    ['ann-token', 'ann'],
  ])
  readonly files: Map<string, string> = new Map()
  readonly threads: Thread[] = []
  readonly comments: (Comment & { readonly id: string; body: string })[] = []
  readonly reviews: Sent[] = []
  readonly commits: string[] = [SHA.base]
  diff = ''
  headSha = ''
  title = 'A change'
  /** A GitHub Actions token without the right to write contents. */
  mayResolve = true
  server!: ForgeServer

  static async start(diff: string): Promise<FakeGitHub> {
    const fake = new FakeGitHub()
    fake.push(SHA.one, diff)
    fake.server = await forgeServer((asked) => fake.#answer(asked))
    return fake
  }

  get url(): string {
    return `${this.server.origin}/house/app/pull/7`
  }

  /** A new head; a thread whose code is no longer in the change is outdated. */
  push(headSha: string, diff: string): void {
    this.commits.push(headSha)
    this.headSha = headSha
    this.diff = diff
    for (const thread of this.threads) thread.isOutdated = !this.#lines().some(({ text }) => text === thread.quote)
  }

  #answer(asked: Asked): Answer {
    const viewer = this.#viewer(asked)
    if (viewer === 'nobody') return { status: 401, body: { message: 'Bad credentials' } }
    const { method, path, headers } = asked
    if (path === '/api/graphql') return viewer === undefined ? wantsToken : this.#graphql(asked, viewer)
    if (path === PULL && method === 'GET') {
      if (headers['accept'] === 'application/vnd.github.diff') return { status: 200, body: this.diff }
      const { title, headSha } = this
      return { status: 200, body: { title, body: null, head: { sha: headSha }, base: { sha: SHA.base } } }
    }
    const file = /^\/api\/v3\/repos\/house\/app\/contents\/(.*)$/.exec(path)?.[1]
    if (file !== undefined) return this.#file(file, asked)
    if (method === 'POST' && viewer === undefined) return wantsToken
    if (path === `${PULL}/reviews` && method === 'POST') return this.#review(asked.body as Sent, viewer!)
    if (path === `${PULL}/comments` && method === 'POST') return this.#comment(asked.body as Sent, viewer!)
    if (path === '/api/v3/repos/house/app/issues/7/comments' && method === 'POST') {
      const { body = '' } = asked.body as Sent
      if (isWrongBody(body)) return unprocessable('body is wrong')
      this.comments.push({ id: `IC_${this.comments.length}`, author: viewer!, body })
      return { status: 201, body: {} }
    }
    return { status: 404, body: { message: 'Not Found' } }
  }

  #viewer({ headers }: Asked): string | undefined {
    const { authorization } = headers
    if (authorization === undefined) return undefined
    return this.tokens.get(String(authorization).replace(/^Bearer /, '')) ?? 'nobody'
  }

  #file(path: string, { query }: Asked): Answer {
    const name = `${query.get('ref')}:${decodeURIComponent(path)}`
    const body = this.files.get(name)
    if (body !== undefined)
      return { status: 200, body, headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' } }
    const isFolder = [...this.files.keys()].some((key) => key.startsWith(`${name}/`))
    return isFolder ? { status: 200, body: [] } : { status: 404, body: { message: 'Not Found' } }
  }

  /** All of it or none. */
  #review(review: Sent, author: string): Answer {
    const { commit_id: commit = this.headSha, event, body = '', comments = [] } = review
    if (event !== 'COMMENT') return unprocessable('this fake wants an event')
    if (body === '' && comments.length === 0) return unprocessable('a review needs a body or comments')
    const problems = comments.map((comment) => this.#problemOf(comment, commit)).filter((one) => one !== undefined)
    if (problems.length > 0) return unprocessable(...problems)
    this.reviews.push(review)
    for (const comment of comments) this.#begin(comment, author)
    return { status: 200, body: { id: this.reviews.length } }
  }

  #comment(comment: Sent, author: string): Answer {
    const problem = this.#problemOf(comment, comment.commit_id ?? '')
    if (problem !== undefined) return unprocessable(problem)
    this.#begin(comment, author)
    return { status: 201, body: {} }
  }

  #begin({ path = '', line = 0, start_line: startLine, side = 'RIGHT', body = '' }: Sent, author: string): void {
    const quote = this.#lines().find((one) => one.path === path && one.side === side && one.line === line)!.text
    const id = `PRRT_${this.threads.length}`
    this.threads.push({
      ...{ id, path, side, quote, line, startLine },
      comments: [{ author, body }],
      isOutdated: false,
      isResolved: false,
    })
  }

  #problemOf(
    { path, line, side, start_line: start, start_side: startSide, body = '' }: Sent,
    commit: string,
  ): string | undefined {
    if (!this.commits.includes(commit)) return 'commit_id is not part of the pull request'
    if (isWrongBody(body)) return 'body is wrong'
    const hunkOf = (number: number | undefined, on: string | undefined) =>
      this.#lines().find((one) => one.path === path && one.line === number && one.side === on)?.hunk
    const hunk = hunkOf(line, side)
    if (hunk === undefined) return 'Pull request review thread line must be part of the diff'
    if (start === undefined) return undefined
    if (start >= line!) return 'Pull request review thread start line must precede the end line.'
    return hunkOf(start, startSide) === hunk ? undefined : 'start line must be part of the same hunk as the line.'
  }

  #lines() {
    return parseDiff(this.diff).files.flatMap(({ path, hunks }) =>
      hunks.flatMap((hunk) =>
        hunk.lines.flatMap(({ text, oldLine, newLine }) => [
          ...(oldLine === undefined ? [] : [{ path, hunk: hunk.newStart, text, line: oldLine, side: 'LEFT' }]),
          ...(newLine === undefined ? [] : [{ path, hunk: hunk.newStart, text, line: newLine, side: 'RIGHT' }]),
        ]),
      ),
    )
  }

  #graphql({ body }: Asked, viewer: string): Answer {
    const { query, variables } = body as { query: string; variables: Record<string, unknown> }
    const { id, owner, repo, number } = variables
    if (query.includes('updateIssueComment')) {
      const comment = this.comments.find((one) => one.id === id)
      if (comment === undefined) return wrong('NOT_FOUND', 'Could not resolve to a node')
      if (comment.author !== viewer) return wrong('FORBIDDEN', `${viewer} does not have the right`)
      if (isWrongBody(String(variables['body']))) return wrong('UNPROCESSABLE', 'Body is wrong')
      comment.body = String(variables['body'])
      return { status: 200, body: { data: { updateIssueComment: {} } } }
    }
    if (query.includes('resolveReviewThread')) {
      if (!this.mayResolve) return wrong('FORBIDDEN', 'Resource not accessible by integration')
      const thread = this.threads.find((one) => one.id === id)
      if (thread === undefined) return wrong('NOT_FOUND', 'Could not resolve to a node')
      thread.isResolved = true
      return { status: 200, body: { data: { resolveReviewThread: {} } } }
    }
    if (owner !== 'house' || repo !== 'app' || number !== 7)
      return wrong('NOT_FOUND', 'Could not resolve to a PullRequest')
    const nodes = query.includes('reviewThreads') ? this.#threadNodes(viewer) : this.#commentNodes(viewer)
    const start = Number(variables['after'] ?? 0)
    const hasNextPage = start + PAGE < nodes.length
    const pageInfo = { hasNextPage, endCursor: hasNextPage ? String(start + PAGE) : null }
    const page = { pageInfo, nodes: nodes.slice(start, start + PAGE) }
    return { status: 200, body: { data: { repository: { pullRequest: { page } } } } }
  }

  #threadNodes(viewer: string): readonly unknown[] {
    return this.threads.map(({ id, path, comments, line, startLine = null, isOutdated, isResolved }) => ({
      ...{ id, path, isOutdated, isResolved },
      line: isOutdated ? null : line,
      startLine: isOutdated ? null : startLine,
      originalLine: line,
      originalStartLine: startLine,
      comments: { totalCount: comments.length, nodes: comments.map((one) => seenBy(one, viewer)) },
    }))
  }

  #commentNodes(viewer: string): readonly unknown[] {
    return this.comments.map((one) => ({ id: one.id, ...seenBy(one, viewer) }))
  }
}

const wantsToken: Answer = { status: 401, body: { message: 'Requires authentication' } }

function seenBy({ author, body }: Comment, viewer: string) {
  return { body, viewerDidAuthor: author === viewer }
}

function isWrongBody(body: string): boolean {
  return body.trim() === '' || body.length > 65_536
}

function unprocessable(...errors: readonly string[]): Answer {
  return { status: 422, body: { message: 'Unprocessable Entity', errors: [errors.join(', ')] } }
}

function wrong(type: string, message: string): Answer {
  return { status: 200, body: { data: null, errors: [{ type, message }] } }
}
