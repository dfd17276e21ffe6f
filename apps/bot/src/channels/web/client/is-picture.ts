const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

/** Whether the server shows it as a picture; all else it gives to be saved. */
export function isPicture(mediaType: string): boolean {
  return PICTURES.includes(mediaType)
}
