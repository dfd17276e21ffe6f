/** The kinds of image that models see, and that a browser may show in a page: none of them can hold a script. */
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const

export type ImageType = (typeof IMAGE_TYPES)[number]

export function isImageType(mediaType: string | undefined): mediaType is ImageType {
  return (IMAGE_TYPES as readonly (string | undefined)[]).includes(mediaType)
}
