import type { OwnedPorts } from './owned-ports.ts'
import type { Owned, OwnedKind, Visibility } from './owned.ts'

/** What somebody gives of a thing to be made. Each kind has more. */
export interface OwnedDraft {
  /** The host's to give, not its users'. @default one of `ids` */
  readonly id?: string
  readonly name: string
  /** Only an admin names another. @default who makes it */
  readonly owner?: string
  /** @default 'private' */
  readonly visibility?: Visibility
  readonly scope?: string
}

/** What somebody changes; what is not given stays as it is. */
export type OwnedChange<Draft extends OwnedDraft> = Partial<Omit<Draft, 'id'>>

/** What is particular to the things of one kind, and what they stand on. */
export interface ItemsConfig<Item extends Owned> {
  readonly kind: OwnedKind<Item>
  /** The fields that only this kind has, with what a draft has when it leaves them out. */
  readonly content: Content<Item>
  /** What an owner who is no admin may choose. @default 'private' and 'shared' */
  readonly visibilities?: readonly Visibility[] | undefined
  readonly maxPerOwner: number
  /** Looks at what only this kind has, and at its name. @throws TypeError or RangeError that names the field */
  readonly check: (item: Item) => void | Promise<void>
  readonly ports: Required<OwnedPorts<Item>>
}

type Content<Item extends Owned> = { readonly [K in Exclude<keyof Item, keyof Owned>]: Item[K] | undefined }
