import type { SessionToolFactory, SessionTools } from '@executus/core'

/** The tools that several factories make for a run, and all that they let go of. */
export function joinSessionTools(factories: readonly SessionToolFactory[]): SessionToolFactory {
  return async (session) => {
    const all: SessionTools[] = []
    for (const factory of factories) all.push(await factory(session))
    return {
      tools: all.flatMap(({ tools }) => tools),
      cleanup: async () => {
        for (const { cleanup } of all) await cleanup?.()
      },
    }
  }
}
