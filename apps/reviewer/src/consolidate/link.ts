/**
 * Joins the two groups that are most alike, again and again, while they are at least `least` alike on average of all pairs. By
 * the average and not by the nearest pair: a chain of findings, each a little like the next, is not one fault. `alike` has a row
 * and a column for each item.
 */
export function link<Item>(
  items: readonly Item[],
  alike: readonly Float64Array[],
  least: number,
): readonly (readonly Item[])[] {
  const groups: (Item[] | undefined)[] = items.map((item) => [item])
  // Sums over all pairs between two groups, so that joining two is adding two rows.
  const sums = alike.map((row) => row.slice())

  const average = (a: number, b: number) => sums[a]![b]! / (groups[a]!.length * groups[b]!.length)
  const nearestOf = (a: number): number => {
    let nearest = -1
    for (const [b, group] of groups.entries())
      if (b !== a && group !== undefined && (nearest < 0 || average(a, b) > average(a, nearest))) nearest = b
    return nearest
  }
  // Remembered per group: without it each join would look at all pairs again.
  const nearest = items.map((_, index) => nearestOf(index))

  for (;;) {
    let first = -1
    for (const [a, group] of groups.entries()) {
      if (group === undefined || nearest[a]! < 0) continue
      if (first < 0 || average(a, nearest[a]!) > average(first, nearest[first]!)) first = a
    }
    if (first < 0 || average(first, nearest[first]!) < least) return groups.filter((group) => group !== undefined)
    const second = nearest[first]!
    groups[first]!.push(...groups[second]!)
    groups[second] = undefined
    for (const [other, group] of groups.entries()) {
      if (group === undefined || other === first) continue
      sums[first]![other] = sums[other]![first] = sums[first]![other]! + sums[second]![other]!
    }
    // The average with a joined group lies between both parts: who was nearest to neither of them has lost nothing.
    for (const [a, group] of groups.entries())
      if (group !== undefined && (a === first || nearest[a] === first || nearest[a] === second))
        nearest[a] = nearestOf(a)
  }
}
