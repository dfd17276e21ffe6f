import Database from 'better-sqlite3'

type Prepare = (this: Database.Database, source: string) => Database.Statement

/** Has this process kill itself before one of its writes, counted over all files; `0`: before none. */
export function dieBeforeWrite(fatal: number): void {
  let writes = 0
  const prepare = Object.getOwnPropertyDescriptor(Database.prototype, 'prepare')!.value as Prepare
  Database.prototype.prepare = function prepareCounted(this: Database.Database, source: string) {
    const statement = prepare.call(this, source)
    const run = statement.run.bind(statement)
    statement.run = (...values: unknown[]) => {
      writes += 1
      if (writes === fatal) process.kill(process.pid, 'SIGKILL')
      return run(...values)
    }
    return statement
  } as Database.Database['prepare']
}

/** The machine's clock, later by so much. */
export function laterClock(byMs: number) {
  return {
    now: () => Date.now() + byMs,
    after(ms: number, callback: () => void) {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
  }
}
