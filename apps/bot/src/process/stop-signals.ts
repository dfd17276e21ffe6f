import { constants } from 'node:os'

export interface StopSignals {
  /** Resolves when the program is to end: at the first signal, or when `stop` is called. */
  readonly stopped: Promise<'signal' | 'asked'>
  /** Ends it without a signal. */
  readonly stop: () => void
  /** Signals do what they do by themselves again. */
  readonly release: () => void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The first signal asks the program to end well; the second ends it. */
export function stopSignals(): StopSignals {
  const { promise: stopped, resolve } = Promise.withResolvers<'signal' | 'asked'>()
  let isStopping = false
  const onSignal = (signal: NodeJS.Signals): void => {
    // eslint-disable-next-line unicorn/no-process-exit -- the person has asked twice
    if (isStopping) process.exit(128 + constants.signals[signal])
    isStopping = true
    resolve('signal')
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return {
    stopped,
    stop: () => {
      isStopping = true
      resolve('asked')
    },
    release: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal)
    },
  }
}
