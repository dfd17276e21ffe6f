import { expect, test } from 'vitest'

import type { Cluster } from '../consolidate/cluster.ts'
import { forgeOf } from './forge-of.ts'
import { hastyClock } from './forge-server.test-kit.ts'
import { forgeSource } from './forge-source.ts'
import { FakeGitea } from './gitea.test-kit.ts'
import { markerOf } from './marker.ts'
import { postReview } from './post-review.ts'
import { clusterAt, diffOf, reviewOf, SHA } from './reviews.test-kit.ts'

const DIFF = diffOf(['eval(input)', 'drop(table)'])
const ALL = { maxComments: 10, minSeverity: 'low', minAgreement: 1 } as const
const NOTHING = { posted: 0, kept: 0, resolved: 0, refused: 0, notes: [] }

/** Posts as a new process would. */
function post(gitea: FakeGitea, clusters: readonly Cluster[], token = 'bot-token') {
  return postReview(reviewOf(clusters), forgeOf(gitea.url, token, { clock: hastyClock() }), ALL)
}

test('findings come to the numbers of their lines, a range to its first, and nothing is posted twice', async () => {
  const gitea = await FakeGitea.start(DIFF)
  const clusters = [
    clusterAt(DIFF, 'eval(input)\ndrop(table)', { suggestion: 'safe(input)' }),
    clusterAt(DIFF, 'const removed = 2'),
    clusterAt(DIFF, 'drop(table)'),
  ]
  expect(await post(gitea, clusters)).toEqual({ ...NOTHING, posted: 3 })
  expect(gitea.reviews).toHaveLength(1)
  expect(gitea.onLines.map(({ new_position, old_position }) => [new_position, old_position])).toEqual([
    [2, 0],
    [0, 2],
    [3, 0],
  ])
  expect(gitea.onLines[0]?.body).toMatch(/\n\n<sub>Lines 2 to 3<\/sub>$/)
  expect(gitea.onLines[0]?.body).not.toContain('```suggestion')

  const moved = diffOf(['more()', 'eval(input)', 'drop(table)'], 50)
  gitea.diff = moved
  gitea.headSha = SHA.two
  const again = [clusterAt(moved, 'drop(table)'), clusterAt(moved, 'eval(input)\ndrop(table)')]
  expect(await post(gitea, again)).toEqual({ ...NOTHING, kept: 2 })
  expect(gitea.onLines).toHaveLength(3)
  expect(gitea.comments).toHaveLength(1)
  expect(gitea.comments[0]?.body).toContain(`<!-- executus:v1 summary ${SHA.two} -->`)
})

test('comments are found on all pages, those of others are not ours, and no thread is resolved', async () => {
  const gitea = await FakeGitea.start(DIFF, '')
  const clusters = ['eval(input)', 'const removed = 2', 'drop(table)'].map((quote) => clusterAt(DIFF, quote))
  await post(gitea, clusters, 'ann-token')
  for (const cluster of clusters) await post(gitea, [cluster])
  expect(gitea.reviews).toHaveLength(4)
  expect(await post(gitea, clusters)).toEqual({ ...NOTHING, kept: 3 })
  expect(await post(gitea, [])).toEqual(NOTHING)
})

test('a line that Gitea fails at goes to the summary, and what it left half written is not posted twice', async () => {
  const gitea = await FakeGitea.start(DIFF)
  gitea.lastLine = 2
  const clusters = ['eval(input)', 'drop(table)', 'const removed = 2'].map((quote) => clusterAt(DIFF, quote))
  expect(await post(gitea, clusters)).toEqual({ ...NOTHING, posted: 2, refused: 1 })
  expect(gitea.onLines.map(({ new_position }) => new_position)).toEqual([2, 0])
  expect(gitea.pending).toEqual([])
  expect(gitea.comments[0]?.body).toContain('### high: About drop(table)')
  expect(await post(gitea, clusters)).toEqual({ ...NOTHING, kept: 2, refused: 1 })
  expect(gitea.onLines).toHaveLength(2)
})

test('a draft of ours that was left is taken away, one of a person is neither published nor lost', async () => {
  const gitea = await FakeGitea.start(DIFF)
  const clusters = [clusterAt(DIFF, 'eval(input)')]
  gitea.draft(2, 'of ann')
  gitea.draft(1, `${markerOf({ about: 'ab12'.repeat(4), headSha: SHA.one })}\n\nleft`)
  expect(await post(gitea, clusters)).toEqual({ ...NOTHING, posted: 1 })
  expect(gitea.onLines).toHaveLength(1)

  gitea.draft(1, 'of the person whose token it is')
  await expect(post(gitea, [...clusters, clusterAt(DIFF, 'drop(table)')])).rejects.toMatchObject({
    code: 'refused',
    message: 'There is a review that its writer has not submitted yet, under the name of the token',
  })
  expect(gitea.pending).toHaveLength(2)
})

test.each([
  ['wrong', 'Gitea does not take the token (401, invalid username, password or token)'],
  [undefined, 'Gitea wants a token (401, token is required)'],
])('with the token %s nothing is posted, and why is told', async (token, message) => {
  const gitea = await FakeGitea.start(DIFF)
  const forge = forgeOf(gitea.url, token, { clock: hastyClock() })
  await expect(postReview(reviewOf([clusterAt(DIFF, 'eval(input)')]), forge, ALL)).rejects.toMatchObject({
    code: 'auth',
    message,
  })
  expect([gitea.reviews, gitea.comments]).toEqual([[], []])
})

test('a token that may not say whose it is, is told which right it lacks', async () => {
  const gitea = await FakeGitea.start(DIFF)
  gitea.isUserScoped = false
  await expect(post(gitea, [])).rejects.toMatchObject({ code: 'auth', message: expect.stringContaining('read:user') })
})

test('a limit is waited for', async () => {
  const gitea = await FakeGitea.start(DIFF)
  const clock = hastyClock()
  gitea.server.before.push({ status: 429, headers: { 'retry-after': '5' } })
  expect((await forgeOf(gitea.url, 'bot-token', { clock }).getPull()).headSha).toBe(SHA.one)
  expect(clock.waits).toEqual([5_000])
})

test('a change is read with its words and its files as they were before it', async () => {
  const gitea = await FakeGitea.start(DIFF)
  gitea.files.set(`${SHA.base}:docs/a b#.md`, 'before')
  const source = forgeSource(forgeOf(gitea.url, undefined))
  const change = await source.read({ signal: new AbortController().signal })
  expect(change).toMatchObject({ title: 'A change', description: 'Why.', files: [{ path: 'src/a.ts' }] })
  expect(await source.readBase('docs/a b#.md')).toBe('before')
  expect(await source.readBase('docs/none.md')).toBeUndefined()
  expect(await source.readHead('docs/a b#.md')).toBeUndefined()
})
