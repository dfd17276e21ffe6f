// SIGINT is the program's own to take: its first one ends nothing.
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** Has `restore` called however the process ends, but by SIGKILL; the returned function calls that off. */
export function onExit(restore: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    restore()
    off()
    process.kill(process.pid, signal) // as it would have gone without us
  }
  const off = () => {
    process.off('exit', restore)
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
  process.on('exit', restore)
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return off
}
