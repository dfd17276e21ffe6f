import { conceptsOf, longForm } from './concepts.ts'
import { stemOf } from './stem-of.ts'

/** What a finding says, as words that can be compared: how much each weighs. */
export type WordWeights = ReadonlyMap<string, number>

/** What is said in every review, whatever it is about. */
const STOP: ReadonlySet<string> = new Set(
  `a an and any are as at be because been before being but by can cannot could did do does doing done each else for from get gets had has have
  here how however if in instead into is it its itself just like may maybe might more most must never no nor not now of on once only or other our
  out over own same shall should since so some such than that the their them then there these they this those to too under until up use used
  uses using very via was were what when where which while who why will with within without would you your
  change changed changes code line lines file files function functions method methods call calls called caller callers value values variable
  case cases new old make makes made add adds added remove removes removed return returns returned fix ensure consider issue problem bug fault
  error potential possible possibly currently also need needs lead leads cause causes caused happen happens result results way one two first
  even every still another example e.g i.e logic style nitpick nit suggestion committable prompt agents around correctness`.split(
    /\s+/,
  ),
)

/** A concept says less than the word that stands for it: `lock` and `thread` are both of races, and two faults may be. */
const WEIGHT_OF_CONCEPT = 0.6
/** A name in code counts whole, and by its parts as far as others write `the user id` for `userId`. */
const WEIGHT_OF_PART = 0.7

/** Adds the words of a text to `into`, each time one is said by `weight`. */
export function addWords(text: string, weight: number, into: Map<string, number>): void {
  const add = (word: string, times: number) => into.set(word, (into.get(word) ?? 0) + weight * times)
  for (const [token] of text.matchAll(/[\p{L}_$][\p{L}\d_$]*(?:[-.][\p{L}_$][\p{L}\d_$]*)*|\d+/gu))
    for (const name of token.split('.')) {
      const isName = /\p{Ll}\p{Lu}|_|\$|\p{L}\d/u.test(name)
      if (isName) add(`#${name.toLowerCase()}`, 1)
      for (const part of partsOf(name)) {
        if (STOP.has(part)) continue
        const stem = stemOf(longForm(part))
        if (stem.length < 2) continue
        add(stem, isName ? WEIGHT_OF_PART : 1)
        for (const concept of conceptsOf(stem)) add(`~${concept}`, WEIGHT_OF_CONCEPT)
      }
    }
}

function partsOf(name: string): readonly string[] {
  const lower = name.toLowerCase()
  const isCompound = lower.includes('-') && conceptsOf(stemOf(lower)).length > 0
  if (isCompound) return [lower]
  return name
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .split(/[\s_$-]+/)
    .map((part) => part.toLowerCase())
    .filter((part) => part !== '')
}
