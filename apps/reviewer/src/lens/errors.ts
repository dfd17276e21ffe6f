/** The file of settings is not what it should be; the message has every fault, one a line. */
export class ReviewFileError extends Error {
  override readonly name = 'ReviewFileError'
}
