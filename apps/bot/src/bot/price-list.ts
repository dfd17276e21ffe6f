import { type CatalogueEntries, costOf, createCatalogue, parseSpec, type Usage } from '@executus/llm'

/** Dollars that tokens of a model cost, where somebody knows. */
export function priceList(own: CatalogueEntries = {}): (usage: Usage, spec: string) => number | undefined {
  const catalogue = createCatalogue(own)
  return (usage, spec) => costOf(usage, catalogue.facts(parseSpec(spec)).price)
}
