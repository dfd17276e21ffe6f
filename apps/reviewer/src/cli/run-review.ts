import { readFile, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'

import type { ChangeSource } from '../change/change.ts'
import { diffSource } from '../change/diff-source.ts'
import { DiffError } from '../change/errors.ts'
import { gitSource } from '../change/git-source.ts'
import { fleetFromEnv } from '../fleet/from-env.ts'
import { forgeOf } from '../forge/forge-of.ts'
import { forgeSource } from '../forge/forge-source.ts'
import type { Forge } from '../forge/forge.ts'
import { postReview } from '../forge/post-review.ts'
import type { Environment } from '../from-env.ts'
import { count } from '../report/coverage.ts'
import { planText } from '../report/plan-text.ts'
import { reportOf } from '../report/report-of.ts'
import type { TextStyle } from '../report/text-report.ts'
import { planReview, reviewChange, type ReviewPlan } from '../review/review-change.ts'
import type { Review } from '../review/review.ts'
import { StopSwitch } from '../swarm/stop-switch.ts'
import { showProgress } from '../terminal/show-progress.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { type Arguments, type Subject, UsageError } from './parse-arguments.ts'

/** Does what the command line says; gives the exit code. Rejects for what is wrong with how it was called. */
export async function runReview(args: Arguments, environment: Environment): Promise<number> {
  const fleet = fleetFromEnv()
  const forge = args.subject.type === 'pull-request' ? forgeOf(args.subject.url, environment.token) : undefined
  if (args.isPosted && environment.token === undefined)
    throw new UsageError('--post needs a token in EXECUTUS_REVIEW_TOKEN')
  if (args.isPosted && fleet.isDemo)
    throw new UsageError('--post needs models in EXECUTUS_REVIEW_MODELS: what the demo says is not worth posting')
  const stop = new StopSwitch()
  const { lenses, include, exclude } = args
  const source = await sourceOf(args.subject, forge)
  const plan = await planReview({ source, fleet, lenses, include, exclude, signal: stop.signal })
  const style = styleOf(args, environment)
  if (args.isPlan) return (await write(args, planText(plan, style))) ? EXIT.clean : EXIT.usage
  const review = await reviewed(plan, stop, args, environment)
  const isWritten = await write(args, reportOf(review, { ...args, ...style }))
  const isPosted = await post(args, forge, review)
  if (!isWritten) return EXIT.usage
  return isPosted ? exitCodeOf(review, args) : EXIT.notPosted
}

/** Ctrl-C is ours as long as this runs: before and after it there is nothing to finish, and it ends the program. */
async function reviewed(
  plan: ReviewPlan,
  stop: StopSwitch,
  { hasEvents, concurrency, maxCostUsd, timeoutMs }: Arguments,
  { isCi, isPlain, isDumb, isUtf8, token }: Environment,
): Promise<Review> {
  const progress = showProgress({ isCi, isPlain, isDumb, isUtf8, hasEvents, plan })
  const onInterrupt = () => {
    stop.stop()
    progress.note({ type: 'stopping', why: 'interrupted' })
  }
  process.on('SIGINT', onInterrupt)
  try {
    const { note: onEvent, logger } = progress
    const secrets = token === undefined ? [] : [token]
    return await reviewChange(plan, { stop, onEvent, concurrency, maxCostUsd, timeoutMs, secrets, logger })
  } finally {
    process.off('SIGINT', onInterrupt)
    progress.end()
  }
}

async function sourceOf(subject: Subject, forge: Forge | undefined): Promise<ChangeSource> {
  if (forge !== undefined) return forgeSource(forge)
  if (subject.type === 'diff') return diffSource(await diffText(subject.file))
  const { base, head } = subject as Extract<Subject, { readonly type: 'base' }>
  return gitSource({ cwd: process.cwd(), base, ...(head !== undefined && { head }) })
}

async function diffText(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  } catch (cause) {
    throw new DiffError('unreadable', `${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** Whether all that was to be posted is; what went wrong is told, and the review stands. */
async function post(
  { isPosted, maxComments, minSeverity, minAgreement, hasEvents }: Arguments,
  forge: Forge | undefined,
  review: Review,
): Promise<boolean> {
  if (!isPosted || forge === undefined) return true
  // Who asked for events reads nothing else on standard error.
  const tell = (event: object, words: string) => console.error(hasEvents ? JSON.stringify(event) : words)
  try {
    const report = await postReview(review, forge, { maxComments, minSeverity, minAgreement })
    const { posted, kept, resolved, refused, notes } = report
    const words = [
      `Posted ${count(posted, 'comment')}; ${kept} were there, ${resolved} were resolved.`,
      ...(refused === 0
        ? []
        : [`${count(refused, 'finding')} stand in the summary, as the forge took no comment there.`]),
      ...notes,
    ]
    tell({ type: 'posted', ...report }, words.join('\n'))
    return true
  } catch (error) {
    const { message } = error as Error
    tell({ type: 'not-posted', message }, `The review was not posted: ${message}`)
    return false
  }
}

/** Whether it went where it was to go; else to standard output, as what was paid for is not thrown away. */
async function write({ output, hasEvents }: Arguments, report: string): Promise<boolean> {
  const ended = report.endsWith('\n') ? report : `${report}\n`
  if (output !== undefined)
    try {
      await writeFile(output, ended)
      return true
    } catch (error) {
      const message = `${output} cannot be written: ${(error as Error).message}`
      console.error(hasEvents ? JSON.stringify({ type: 'error', message }) : message)
    }
  process.stdout.write(ended)
  return output === undefined
}

function styleOf({ output }: Arguments, { isPlain }: Environment): TextStyle {
  const { isTTY, columns } = process.stdout
  return output === undefined && isTTY
    ? { hasColor: !isPlain, width: columns > 0 ? columns : 80 }
    : { hasColor: false, width: 100 }
}
