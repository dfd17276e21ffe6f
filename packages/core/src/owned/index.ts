// What things have in common that people make, own and share: personas, saved skills. For the batteries of such things, and
// for those who use them.
export { nameKeyOf, type Owned, type OwnedKind, VISIBILITIES, type Visibility } from './owned.ts'
export { OwnedError, type OwnedErrorCode } from './errors.ts'
export type { Viewer } from './viewer.ts'

// Keep them.
export { fitsQuery, type FoundOwned, type OwnedQuery, type OwnedStore, type Sight } from './owned-store.ts'
export { type MemoryOwnedStore, memoryOwnedStore } from './memory-owned-store.ts'
export { checkVersion, idTaken, nameTaken, notFound } from './store-refusals.ts'
export { plain } from './plain.ts'

// Let people make them, and runs delegate to them.
export { ownedItems, type OwnedItems } from './owned-items.ts'
export type { ItemsConfig, OwnedChange, OwnedDraft } from './items-config.ts'
export type { OwnedListQuery, OwnedPage } from './read-items.ts'
export { type OwnedPorts, PORT_OPTIONS, portsOf } from './owned-ports.ts'
export { ownedPalette } from './owned-palette.ts'
export { findNamed, type FindNamedOptions } from './find-named.ts'

// Bound what they may name, and how large they are.
export { allowedAgent, checkAllowed, checkPolicy, type OwnedPolicy } from './policy.ts'
export type { AgentPolicy, OwnedAgent } from './bind-agent.ts'
export { checkChars, checkLength, checkNames, LONGEST_NAME } from './check-size.ts'
