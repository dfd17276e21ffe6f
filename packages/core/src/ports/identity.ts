/** Who a run is for. */
export interface Principal {
  /** Absent when nobody said. */
  readonly id?: string
  readonly roles: readonly string[]
  readonly isAdmin: boolean
}

/** Tells who a caller is. What it throws, or a wait without end, keeps the run from beginning. */
export interface Identity {
  /** `caller`, `channel` and `guild` are what the invocation says. */
  principalOf(who: {
    readonly caller?: string
    readonly channel?: string
    readonly guild?: string
  }): Principal | Promise<Principal>
}

/** Knows nobody: a caller is the name that the host gave, without roles. */
export const noIdentity: Identity = {
  principalOf: ({ caller }) => ({ ...(caller !== undefined && { id: caller }), roles: [], isAdmin: false }),
}
