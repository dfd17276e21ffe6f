import type { Delegate, Palette } from '../delegation/palette.ts'
import { damageTeller } from './damage-teller.ts'
import { findNamed } from './find-named.ts'
import type { OwnedPorts } from './owned-ports.ts'
import type { Owned, OwnedKind } from './owned.ts'

/**
 * What a run may delegate to: as its caller sees it, who is no admin here. `delegateOf` is given the name by which it was
 * asked for; what it gives nothing for is left out.
 */
export function ownedPalette<Item extends Owned>(
  { noun }: OwnedKind<Item>,
  { store, scopesOf, logger }: Required<OwnedPorts<Item>>,
  delegateOf: (name: string, item: Item) => Delegate | undefined,
): Palette {
  const onDamaged = damageTeller(noun, logger)
  return {
    async resolve(names, info, { signal }) {
      const scopes = await scopesOf(info)
      const seenBy = { ...(info.caller !== undefined && { id: info.caller }), scopes }
      const delegates: Delegate[] = []
      for (const name of new Set(names)) {
        signal.throwIfAborted()
        const item = await findNamed(store, name, seenBy, { onDamaged })
        const delegate = item && delegateOf(name, item)
        if (delegate !== undefined) delegates.push(delegate)
      }
      return delegates
    },
  }
}
