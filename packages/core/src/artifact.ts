/** Something that a run left behind. */
export interface Artifact {
  readonly name: string
  readonly mediaType: string
  /** Its content, or where it is. */
  readonly source: { readonly text: string } | { readonly base64: string } | { readonly url: string }
}
