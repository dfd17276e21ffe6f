import { expect, test } from 'vitest'

import type { Cluster } from '../consolidate/cluster.ts'
import type { Review } from '../review/review.ts'
import { forgeOf } from './forge-of.ts'
import { hastyClock } from './forge-server.test-kit.ts'
import { forgeSource } from './forge-source.ts'
import { FakeGitHub } from './github.test-kit.ts'
import { markerOf, SUMMARY } from './marker.ts'
import { type PostOptions, postReview } from './post-review.ts'
import { clusterAt, diffOf, hole, reviewOf, SHA } from './reviews.test-kit.ts'

const DIFF = diffOf(['eval(input)', 'drop(table)'])
const ALL: PostOptions = { maxComments: 10, minSeverity: 'low', minAgreement: 1 }
const NOTHING = { posted: 0, kept: 0, resolved: 0, refused: 0, notes: [] }

/** Posts as a new process would. */
function post(
  github: FakeGitHub,
  review: Review | readonly Cluster[],
  given: Partial<PostOptions> = {},
  token = 'bot-token',
) {
  const forge = forgeOf(github.url, token, { clock: hastyClock() })
  return postReview('fleet' in review ? review : reviewOf(review), forge, { ...ALL, ...given })
}

test('findings come to their lines in one review, with one summary, and nothing is posted twice', async () => {
  const github = await FakeGitHub.start(DIFF)
  const clusters = [
    clusterAt(DIFF, 'eval(input)'),
    clusterAt(DIFF, 'const removed = 2'),
    clusterAt(DIFF, 'eval(input)\ndrop(table)', { title: 'Both' }),
  ]
  expect(await post(github, clusters)).toEqual({ ...NOTHING, posted: 3 })
  expect(github.reviews).toHaveLength(1)
  expect(github.threads.map(({ side, startLine, line }) => [side, startLine, line])).toEqual([
    ['RIGHT', undefined, 2],
    ['LEFT', undefined, 2],
    ['RIGHT', 2, 3],
  ])
  const written = structuredClone(github.threads)
  expect(await post(github, clusters.toReversed())).toEqual({ ...NOTHING, kept: 3 })
  expect(github.threads).toEqual(written)
  expect(github.comments).toHaveLength(1)
  expect(github.comments[0]?.body).toMatch(
    /^<!-- executus:v1 summary 1{40} -->\n\n## Review: 3 findings\n\n3 findings on the lines of the change\.\n/,
  )
  expect(github.comments[0]?.body).not.toContain('It is wrong.')
})

test('code that has moved is known again, also when somebody has resolved its thread', async () => {
  const github = await FakeGitHub.start(DIFF)
  await post(github, [clusterAt(DIFF, 'eval(input)')])
  github.threads[0]!.isResolved = true
  const moved = diffOf(['more()', 'eval(input)', 'drop(table)'], 40)
  github.push(SHA.two, moved)
  expect(await post(github, [clusterAt(moved, 'eval(input)')])).toEqual({ ...NOTHING, kept: 1 })
  expect(github.comments[0]?.body).toContain(`summary ${SHA.two}`)
})

test('what was posted by somebody else is not ours, whatever mark it has', async () => {
  const github = await FakeGitHub.start(DIFF)
  const clusters = [clusterAt(DIFF, 'eval(input)')]
  await post(github, clusters, {}, 'ann-token')
  expect(await post(github, clusters)).toEqual({ ...NOTHING, posted: 1 })
  expect(github.comments.map(({ author }) => author)).toEqual(['ann', 'bot'])
})

test('a comment of ours that quotes the summary is not it', async () => {
  const github = await FakeGitHub.start(DIFF)
  const mark = markerOf({ about: SUMMARY, headSha: SHA.one })
  github.comments.push({ id: 'IC_quote', author: 'bot', body: `> ${mark}\n\nI disagree.` })
  await post(github, [])
  expect(github.comments.map(({ body }) => body.startsWith(mark))).toEqual([false, true])
  expect(github.comments[0]?.body).toContain('I disagree.')
})

test('the most important come to lines, all others and the refused ones to the summary, and those refuted nowhere', async () => {
  const github = await FakeGitHub.start(DIFF)
  const off = clusterAt(DIFF, 'const last = 9', { startLine: 400, endLine: 400, title: 'Off the change' })
  const refuted = clusterAt(DIFF, 'const removed = 2', {
    title: 'Refuted one',
    verdict: { type: 'refuted', model: 'claude', reason: 'no' },
  })
  const clusters = [
    off,
    clusterAt(DIFF, 'eval(input)'),
    refuted,
    clusterAt(DIFF, 'drop(table)', { title: 'The third' }),
  ]
  expect(await post(github, clusters, { maxComments: 2 })).toEqual({ ...NOTHING, posted: 1, refused: 1 })
  expect(github.threads.map(({ quote }) => quote)).toEqual(['eval(input)'])
  const { body } = github.comments[0]!
  expect(body).toContain('### high: Off the change')
  expect(body).toContain('### high: The third')
  expect(body).not.toContain('About eval')
  expect(body).toContain('Refuted: 1')
  expect(await post(github, clusters, { maxComments: 1 })).toEqual({ ...NOTHING, kept: 1 })
})

test('after a head that GitHub no longer knows, all findings are in the summary', async () => {
  const github = await FakeGitHub.start(DIFF)
  const forge = forgeOf(github.url, 'bot-token', { clock: hastyClock() })
  await forge.getPull()
  github.commits.splice(0)
  github.push(SHA.two, DIFF)
  const review = reviewOf([clusterAt(DIFF, 'eval(input)')])
  expect(await postReview(review, forge, ALL)).toEqual({ ...NOTHING, refused: 1 })
  expect(github.comments[0]?.body).toContain('### high: About eval(input)')
})

test('an outdated thread of ours is resolved when its finding is gone, and each doubt keeps it open', async () => {
  const github = await FakeGitHub.start(DIFF)
  const [gone, there] = [clusterAt(DIFF, 'eval(input)'), clusterAt(DIFF, 'drop(table)')]
  await post(github, [gone, there])
  const isResolved = () => github.threads.map((thread) => thread.isResolved)

  await post(github, []) // GitHub does not call it outdated
  const fixed = diffOf(['safe(input)', 'drop(table)'])
  github.push(SHA.two, fixed)
  await post(github, reviewOf([], { cells: [hole] }))
  await post(github, reviewOf([], { endedEarly: 'max-cost' }))
  await post(github, reviewOf([], { skipped: [{ path: 'src/a.ts', reason: 'excluded', why: 'x', changedLines: 1 }] }))
  await post(github, [gone])
  await post(github, [clusterAt(fixed, 'safe(input)', { title: 'Still wrong' })], { maxComments: 0 })
  const moved = diffOf(['more()', 'eval(input)'], 90)
  await post(github, [clusterAt(moved, 'eval(input)')], { maxComments: 0 })
  github.threads[0]!.comments.push({ author: 'ann', body: 'Is it?' })
  await post(github, [])
  expect(isResolved()).toEqual([false, false])

  github.threads[0]!.comments.pop()
  expect(await post(github, [clusterAt(fixed, 'drop(table)')])).toEqual({ ...NOTHING, kept: 1, resolved: 1 })
  expect(isResolved()).toEqual([true, false])
  expect(await post(github, [clusterAt(fixed, 'drop(table)')])).toEqual({ ...NOTHING, kept: 1 })
})

test('a token that may not resolve threads still posts', async () => {
  const github = await FakeGitHub.start(DIFF)
  await post(github, [clusterAt(DIFF, 'eval(input)')])
  github.push(SHA.two, diffOf(['safe(input)']))
  github.mayResolve = false
  expect(await post(github, [])).toEqual({
    ...NOTHING,
    notes: [
      'An outdated thread in src/a.ts was not resolved: GitHub does not do this (Resource not accessible by integration)',
    ],
  })
})

test('an incomplete review says so first', async () => {
  const github = await FakeGitHub.start(DIFF)
  await post(github, reviewOf([], { cells: [hole] }))
  expect(github.comments[0]?.body.split('\n').slice(2, 5)).toEqual([
    '## Incomplete review: nothing found in what was looked at',
    '',
    '**INCOMPLETE: 0 of 1 cells (1 model x 1 lens x 1 bundle)**',
  ])
})

test('a secondary limit is waited for, and nothing is posted twice by it', async () => {
  const github = await FakeGitHub.start(DIFF)
  const clock = hastyClock()
  const forge = forgeOf(github.url, 'bot-token', { clock })
  const limited = {
    status: 403,
    headers: { 'retry-after': '30' },
    body: { message: 'You have exceeded a secondary rate limit' },
  }
  await forge.getPull()
  await forge.listOwn()
  github.server.before.push(limited)
  expect(
    await forge.postComments([{ path: 'src/a.ts', side: 'new', startLine: 2, endLine: 2, body: 'x' }], SHA.one),
  ).toEqual([])
  expect(clock.waits).toEqual([30_000])
  expect(github.threads).toHaveLength(1)
})

test.each([
  ['wrong', 'auth', 'GitHub does not take the token (401, Bad credentials)'],
  [undefined, 'auth', 'GitHub wants a token (401, Requires authentication)'],
])('with the token %s nothing is posted, and why is told', async (token, code, message) => {
  const github = await FakeGitHub.start(DIFF)
  const forge = forgeOf(github.url, token, { clock: hastyClock() })
  await expect(postReview(reviewOf([clusterAt(DIFF, 'eval(input)')]), forge, ALL)).rejects.toMatchObject({
    code,
    message,
  })
  expect([github.threads, github.comments]).toEqual([[], []])
})

test('a forge that is gone, or a pull request that is not there, is told', async () => {
  const github = await FakeGitHub.start(DIFF)
  const other = forgeOf(github.url.replace(/7$/, '8'), 'bot-token')
  await expect(other.getPull()).rejects.toMatchObject({ code: 'not-found' })
  await expect(other.listOwn()).rejects.toMatchObject({ code: 'not-found' })
  const gone = forgeOf('http://127.0.0.1:1/house/app/pull/7', 'bot-token', { clock: hastyClock() })
  await expect(postReview(reviewOf([]), gone, ALL)).rejects.toMatchObject({ code: 'network' })
})

test('a change is read with its words, its files as they were before it, and without a token where that is enough', async () => {
  const github = await FakeGitHub.start(DIFF)
  github.files.set(`${SHA.base}:.executus/review.yaml`, 'lenses: [tests]\n')
  github.files.set(`${SHA.one}:.executus/review.yaml`, 'lenses: []\n')
  const source = forgeSource(forgeOf(github.url, undefined))
  const change = await source.read({ signal: new AbortController().signal })
  expect(change).toMatchObject({ title: 'A change', description: '', files: [{ path: 'src/a.ts', addedLines: 2 }] })
  expect(await source.readBase('.executus/review.yaml')).toBe('lenses: [tests]\n')
  expect(await source.readHead('.executus/review.yaml')).toBe('lenses: []\n')
  for (const path of ['none', '.executus', '../x', 'a//b']) expect(await source.readBase(path)).toBeUndefined()
})

test('a head that moves while it is read is read again, so that lines and comments are of one commit', async () => {
  const github = await FakeGitHub.start(DIFF)
  const forge = forgeOf(github.url, 'bot-token')
  const moved = diffOf(['later()'])
  let asked = 0
  const moving = {
    ...forge,
    getPull: (options?: Parameters<typeof forge.getPull>[0]) => {
      asked += 1
      if (asked === 2) github.push(SHA.two, moved)
      return forge.getPull(options)
    },
  }
  const { files } = await forgeSource(moving).read({ signal: new AbortController().signal })
  expect(files[0]?.addedLines).toBe(1)
  expect((await forge.getPull()).headSha).toBe(SHA.two)
})

test('a diff that GitHub does not give is told with what to do', async () => {
  const github = await FakeGitHub.start(DIFF)
  const forge = forgeOf(github.url, 'bot-token')
  github.server.before.push({
    status: 406,
    body: { message: 'Sorry, the diff exceeded the maximum number of lines (20000)' },
  })
  await expect(forge.getDiff()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('--base') })
})
