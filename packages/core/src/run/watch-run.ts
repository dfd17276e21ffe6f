import { checkPort } from '../check-option.ts'
import { userMessageOf } from '../input.ts'
import { progressOf } from './progress.ts'
import { killed } from './run-stop.ts'
import { extendRun, type Run } from './run.ts'

/** Lets the audit see every event of the run. */
export function openAudit(run: Run): void {
  const { audit } = run.config
  if (audit === undefined) return
  try {
    const recorder = audit.open(run.info, { isResumed: run.isResumed })
    checkWatcher(run, 'audit.open()', recorder)
    run.recorder = recorder
    run.events.watch('the audit', (event) => recorder.event(event))
  } catch (error) {
    run.logger.error(`the audit of run ${run.id} failed`, error)
  }
}

/** Lets the critic watch the run, and do what it may. */
export function openCritic(run: Run): void {
  const { critic } = run.config
  if (critic === undefined) return
  try {
    const watched = {
      info: run.info,
      progress: () => progressOf(run),
      nudge: (text: string) => run.mailbox.post(userMessageOf(text, 'nudge')),
      extend: (more: Parameters<typeof extendRun>[1]) => void extendRun(run, more),
      kill: (reason: string) => run.stop.stop(killed(reason)),
    }
    const watch = critic.watch(watched, { isResumed: run.isResumed })
    checkWatcher(run, 'critic.watch()', watch)
    run.watch = watch
    run.events.watch('the critic', (event) => watch.event(event))
  } catch (error) {
    run.logger.error(`the critic of run ${run.id} failed`, error)
  }
}

/** One that comes later is none: events do not wait for it. */
function checkWatcher(run: Run, option: string, watcher: unknown): void {
  if (watcher instanceof Promise) watcher.catch((error: unknown) => run.logger.error(`${option} rejected`, error))
  checkPort(option, watcher, ['event', 'close'])
}
