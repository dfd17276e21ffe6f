/** A request to Discord whose answer was not had: whether it was carried out is known only where it never left. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer'
  readonly outcome: 'unknown' | 'not-sent'

  constructor(outcome: 'unknown' | 'not-sent', message: string, options?: ErrorOptions) {
    super(message, options)
    this.outcome = outcome
  }
}
