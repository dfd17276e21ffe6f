import type { Logger } from '@executus/core'

/** Work that nobody waits for until the end. What fails is logged. */
export class BackgroundWork {
  readonly #logger: Logger
  readonly #underWay = new Set<Promise<void>>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  add(work: Promise<unknown>): void {
    const done = work.then(
      () => {},
      (error: unknown) => this.#logger.error('something of a run failed', error),
    )
    this.#underWay.add(done)
    void done.finally(() => this.#underWay.delete(done))
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }
}
