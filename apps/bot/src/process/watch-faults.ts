import type { Logger } from '@executus/core'

/**
 * Has faults that nobody caught told by the logger, which takes secrets out of them; by itself Node would print them whole,
 * and end the program at once. Calls `stop` after one that was thrown, as nobody knows what it has left half done. Gives
 * what ends it.
 */
export function watchFaults(logger: Logger, stop: () => void): () => void {
  const onRejection = (error: unknown): void => {
    logger.error('something failed that nobody waited for; the bot goes on', error)
  }
  const onException = (error: unknown): void => {
    logger.error(
      'something failed and nobody caught it; the bot stops, and what is under way goes on at the next start',
      error,
    )
    process.exitCode = 1
    stop()
  }
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  // Whoever read what we print may go away: that is no fault, and to tell it would be the next one.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onGone)
  return () => {
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
    for (const stream of [process.stdout, process.stderr]) stream.off('error', onGone)
  }
}

function onGone(): void {}
