// What follows one of these is a secret. The names come without separators and in small letters.
const ANYWHERE =
  /password|passwd|passphrase|passcode|apikey|privatekey|accesskey|secretkey|signingkey|encryptionkey|authorization|clientsecret|credential|connectionstring|mnemonic|seedphrase|sessionid|sessionkey|cookie|sessid|accountkey|accesssignature/
const AT_THE_END =
  /(?:secret|pwd|jwt|psk|otp|sas|authkey|authheader|bearer|webhookurl|databaseurl|dsn)s?$|token$|(?:access|refresh|auth|api|id|session|bot|user|bearer|device|push|reset|deploy|personal|secret)tokens$/
/** Places in a list, signs of a model's alphabet, and what is said about a secret. Other `tokens` are counts of text. */
const NO_SECRETS =
  /(?:page|pagination|continuation|next|sync|cancellation|stop|eos|bos|pad|unk)token$|(?:length|type|policy|banner|consent|required|enabled|resetat|changedat|createdat|updatedat|expiresat)$/
const WHOLE: ReadonlySet<string> = new Set([
  ...['pass', 'pw', 'pin', 'auth', 'session', 'sid', 'cvv', 'cvc', 'csrf', 'xsrf', 'dbpass', 'userpass'],
  ...['secretid', 'secretstring', 'secretvalue', 'tokenvalue', 'xamzsignature', 'xgoogsignature'],
])

/** In the query of an address these are secrets, too; anywhere else they are ordinary words. */
const IN_QUERIES: ReadonlySet<string> = new Set(['sig', 'signature', 'sign', 'hmac', 'hm', 'key', 'code', 'state'])

/** Names of fields, headers and variables whose values are secrets: case and separators do not count. */
export class KeyNames {
  readonly #own: ReadonlySet<string>

  constructor(own: readonly string[]) {
    this.#own = new Set(own.map(plainKey))
  }

  isSecret(key: string): boolean {
    const plain = plainKey(key)
    if (this.#own.has(plain)) return true
    return !NO_SECRETS.test(plain) && (ANYWHERE.test(plain) || AT_THE_END.test(plain) || WHOLE.has(plain))
  }

  isSecretInQuery(key: string): boolean {
    return IN_QUERIES.has(plainKey(key)) || this.isSecret(key)
  }
}

/** A long name is told by its end. */
const LONGEST_KEY = 64

function plainKey(key: string): string {
  return key
    .slice(-LONGEST_KEY)
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()
}

/** Whether a value below a secret name may be kept: a flag tells nothing, nor does how many tokens were used or tests pass. */
export function isHarmless(key: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean' || value === '') return true
  return typeof value === 'number' && /(?:tokens?|pass|session)$/i.test(key)
}
