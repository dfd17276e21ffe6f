/** Enough of a stemmer to have `validates`, `validated`, `validation` and `unvalidated` meet. */
export function stemOf(word: string): string {
  const one = word
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/ies$/, 'y')
    .replace(/([^su])s$/, '$1')
  if (one.length <= 3) return one
  // What is `unchecked` lacks a check: a review says both of one fault.
  const plain = one.replace(/^(un|non)-?(?=[a-z]{4})(?!i[a-z]|der|til|less)/, '')
  const stem = plain
    .replace(/(i[sz]ation(al)?|i[sz](e|ed|ing|er|able))$/, '')
    .replace(/(ational|fulness|iveness)$/, '')
    .replace(/ly$/, '')
    .replace(/at(e|ed|ing|or|ion)$/, '')
    .replace(/(ition|ement|ment|ness|able|ible|ally|ity|ing|ied|ed|er|or|ion|al|ive|ous|ful|ency|ence|ent|ant)$/, '')
    .replace(/(.)\1$/, '$1')
    .replace(/[ei]$/, '')
    .replace(/y$/, 'i')
  return stem.length >= 3 ? stem : plain
}
