import { stemOf } from './stem-of.ts'

/** What reviewers call one thing by many names: the name of the concept, then the words for it. A word may stand for several. */
const CONCEPTS = `
  absent: null undefined nil none nullish absent missing unset optional npe dereference nullpointerexception
  race: race concurrent concurrency interleave toctou atomic simultaneous thread goroutine parallel synchronize mutex lock
  inject: injection sqli interpolate concatenate sanitize escape untrusted attacker
  release: leak close dispose cleanup teardown release free unsubscribe clear
  throw: throw raise exception crash panic reject abort fail typeerror valueerror
  ignore: swallow ignore silent suppress discard lose lost unnoticed unused
  await: await promise async rejection floating
  secret: secret credential password apikey hardcoded passphrase
  outside: bounds off-by-one past beyond last index overrun out-of-bounds
  overflow: overflow underflow wrap
  endless: infinite endless forever ever indefinite terminate hang stuck
  limit: limit cap clamp maximum unbounded unlimited quota exceed
  grow: grow exhaust evict unbounded accumulate dos
  test: test coverage untested assertion spec
  again: duplicate repeat redundant twice double
  slow: slow performance quadratic inefficient expensive costly bottleneck
  check: validate check verify guard sanity
  access: authorize permission privilege acl access right
  traverse: traversal symlink directory dot-dot escape
  compatible: compatible compatibility breaking backward contract migration
  clock: timezone utc dst clock timestamp
  decode: parse deserialize unmarshal decode pickle
  encode: encoding charset unicode utf
  fallback: default fallback
  convert: cast coerce conversion convert
  empty: empty blank zero-length zero
  mutate: mutate modify alias share immutable
  loop: loop iterate iteration foreach while
  invert: negate invert reverse flip opposite wrong-way backwards
  typo: typo misspell spelling
  log: log print console
  wait: wait sleep delay block poll
  stale: stale outdated expire ttl invalidate old
  retry: retry attempt backoff again
  delete: delete erase wipe purge drop
  compare: compare comparison equality identity equals
  disclose: expose disclose leak visible
  division: division divide zerodivisionerror modulo remainder
  document: documentation docs readme comment
  pin: pin version unpinned sha
  cancel: cancel abort stop interrupt signal
  partial: partial truncated incomplete flush
  round: round rounding precision decimal float`

/** The same word, written short. */
const SHORT_FORMS = `
  len length, err error, ctx context, req request, res response, resp response, db database, auth authentication, config configuration,
  cfg configuration, param parameter, params parameter, dir directory, env environment, msg message, idx index, init initialize, dup duplicate, arg argument,
  args argument, ref reference, dep dependency, deps dependency, doc documentation, docs documentation, str string, int integer, num number,
  del delete, exec execute, repo repository, conn connection, tx transaction, txn transaction, mem memory, addr address, buf buffer, iter iterate, max maximum,
  min minimum, tmp temporary, temp temporary, char character, perf performance, perms permission, creds credential, ptr pointer, vec vector,
  fn function, func function, impl implementation, obj object, elem element, attr attribute, async asynchronous, sync synchronize, regex expression`

const LONG_FORMS: ReadonlyMap<string, string> = new Map(
  SHORT_FORMS.split(',').map((pair) => pair.trim().split(' ') as [string, string]),
)

const BY_STEM: ReadonlyMap<string, readonly string[]> = conceptsByStem()

function conceptsByStem(): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, Set<string>>()
  for (const line of CONCEPTS.trim().split('\n')) {
    const [concept, words] = line.trim().split(': ')
    for (const word of words!.split(' ')) {
      const stem = stemOf(longForm(word))
      known.set(stem, (known.get(stem) ?? new Set()).add(concept!))
    }
  }
  return new Map([...known].map(([stem, concepts]) => [stem, [...concepts]]))
}

/** `context` for `ctx`; any other word as it is. */
export function longForm(word: string): string {
  return LONG_FORMS.get(word) ?? word
}

export function conceptsOf(stem: string): readonly string[] {
  return BY_STEM.get(stem) ?? []
}
