import { type Answer, type Asked, type ForgeServer, forgeServer } from './forge-server.test-kit.ts'
import { SHA } from './reviews.test-kit.ts'

interface SentComment {
  readonly path: string
  readonly body: string
  readonly new_position?: number
  readonly old_position?: number
}

interface Review {
  readonly id: number
  readonly userId: number
  state: 'PENDING' | 'COMMENT'
  readonly comments: SentComment[]
}

/** Of lists, so that a few are several pages. */
const PAGE = 2

/** As much of Gitea as one pull request needs, with its ways: lists without links, reviews that are written piece by piece. */
export class FakeGitea {
  readonly tokens: Map<string, number> = new Map([
    ['bot-token', 1],
    ['ann-token', 2],
  ])
  readonly files: Map<string, string> = new Map()
  readonly reviews: Review[] = []
  readonly comments: { readonly id: number; readonly userId: number; body: string }[] = []
  diff: string
  headSha: string = SHA.one
  /** Of the file that is changed: no line behind it can be blamed. */
  lastLine = 100
  isUserScoped = true
  server!: ForgeServer
  /** Below which path of its host it lives. */
  readonly below: string
  #nextId = 1

  constructor(diff: string, below: string) {
    this.diff = diff
    this.below = below
  }

  static async start(diff: string, below = '/git'): Promise<FakeGitea> {
    const fake = new FakeGitea(diff, below)
    fake.server = await forgeServer((asked) => fake.#answer(asked))
    return fake
  }

  get url(): string {
    return `${this.server.origin}${this.below}/house/app/pulls/7`
  }

  get pending(): readonly Review[] {
    return this.reviews.filter(({ state }) => state === 'PENDING')
  }

  /** Comments that people see. */
  get onLines(): readonly SentComment[] {
    return this.reviews.flatMap(({ state, comments }) => (state === 'COMMENT' ? comments : []))
  }

  draft(userId: number, body: string): void {
    const comments = [{ path: 'src/a.ts', body, new_position: 1 }]
    this.reviews.push({ id: this.#nextId++, userId, state: 'PENDING', comments })
  }

  #answer(asked: Asked): Answer {
    const { authorization } = asked.headers
    const user = this.tokens.get(String(authorization).replace(/^token /, ''))
    if (authorization !== undefined && user === undefined)
      return { status: 401, body: { message: 'invalid username, password or token' } }
    const base = `${this.below}/api/v1`
    if (!asked.path.startsWith(base)) return { status: 404, body: 'Not found.' }
    const path = asked.path.slice(base.length)
    if (path === '/user') return this.#whoAmI(user)
    const below = /^\/repos\/house\/app\/(.*)$/.exec(path)?.[1] ?? ''
    if (asked.method === 'GET') return this.#read(below, asked, user)
    return user === undefined
      ? { status: 401, body: { message: 'token is required' } }
      : this.#write(below, asked, user)
  }

  #whoAmI(user: number | undefined): Answer {
    if (user === undefined) return { status: 401, body: { message: 'token is required' } }
    const message = 'token does not have at least one of required scope(s): [read:user]'
    return this.isUserScoped ? { status: 200, body: { id: user, login: 'x' } } : { status: 403, body: { message } }
  }

  #read(path: string, { query }: Asked, user: number | undefined): Answer {
    const { headSha } = this
    if (path === 'pulls/7')
      return ok({ title: 'A change', body: 'Why.', head: { sha: headSha }, base: { sha: SHA.base } })
    if (path === 'pulls/7.diff') return ok(this.diff)
    const file = /^raw\/(.*)$/.exec(path)?.[1]
    const text = file === undefined ? undefined : this.files.get(`${query.get('ref')}:${decodeURIComponent(file)}`)
    if (text !== undefined) return ok(text)
    if (path === 'pulls/7/reviews') {
      const visible = this.reviews.filter(({ state, userId }) => state !== 'PENDING' || userId === user)
      const start = (Number(query.get('page') ?? 1) - 1) * PAGE
      const page = visible
        .slice(start, start + PAGE)
        .map(({ id, state, userId }) => ({ id, state, user: { id: userId } }))
      return { status: 200, body: page, headers: { 'x-total-count': String(visible.length) } }
    }
    const review = this.#review(/^pulls\/7\/reviews\/(\d+)\/comments$/.exec(path)?.[1])
    if (review !== undefined)
      return ok(
        review.comments.map(({ path: of, body, new_position: position = 0, old_position: old = 0 }, id) => ({
          ...{ id, body, path: of, position, original_position: old, resolver: null },
          user: { id: review.userId },
        })),
      )
    if (path === 'issues/7/comments')
      return ok(this.comments.map(({ id, userId, body }) => ({ id, body, user: { id: userId } })))
    return { status: 404, body: { message: "The target couldn't be found." } }
  }

  #write(path: string, { method, body }: Asked, user: number): Answer {
    if (method === 'POST' && path === 'pulls/7/reviews') return this.#postReview(body as never, user)
    const review = this.#review(/^pulls\/7\/reviews\/(\d+)$/.exec(path)?.[1])
    if (method === 'DELETE' && review !== undefined) {
      if (review.userId !== user) return { status: 403, body: {} }
      this.reviews.splice(this.reviews.indexOf(review), 1)
      return { status: 204 }
    }
    const { body: text } = body as { readonly body: string }
    if (text.trim() === '') return { status: 422, body: { message: '[Body]: Required' } }
    if (method === 'POST' && path === 'issues/7/comments') {
      this.comments.push({ id: this.#nextId++, userId: user, body: text })
      return { status: 201, body: {} }
    }
    const id = Number(/^issues\/comments\/(\d+)$/.exec(path)?.[1])
    const comment = this.comments.find((one) => one.id === id)
    if (method !== 'PATCH' || comment === undefined) return { status: 404, body: { message: 'not found' } }
    if (comment.userId !== user) return { status: 403, body: {} }
    comment.body = text
    return ok({})
  }

  /** Each comment goes into the draft of its writer, and stays there when a later one fails. */
  #postReview(
    sent: {
      readonly commit_id: string
      readonly event: string
      readonly body: string
      readonly comments: readonly SentComment[]
    },
    user: number,
  ): Answer {
    if (sent.event === 'COMMENT' && sent.body === '' && sent.comments.length === 0)
      return { status: 422, body: { message: 'review event COMMENT requires a body or a comment' } }
    for (const comment of sent.comments) {
      const draft = this.pending.find(({ userId }) => userId === user) ?? this.#newDraft(user)
      const { new_position: line = 0, old_position: old = 0 } = comment
      if (line > 0 === old > 0) throw new Error('This fake wants one of both positions')
      if (line > this.lastLine) return { status: 500, body: { message: '', url: '/api/swagger' } }
      draft.comments.push(comment)
    }
    for (const draft of this.pending.filter(({ userId }) => userId === user)) draft.state = 'COMMENT'
    return ok({ id: 1 })
  }

  #newDraft(userId: number): Review {
    const draft: Review = { id: this.#nextId++, userId, state: 'PENDING', comments: [] }
    this.reviews.push(draft)
    return draft
  }

  #review(id: string | undefined): Review | undefined {
    return this.reviews.find((review) => String(review.id) === id)
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}
