/** What one contender cost, as the median over all rounds. */
export interface Cost {
  readonly floor: number
  readonly ours: number
}

/** Microseconds of CPU (all threads, so that garbage collection counts) that `work` takes. */
export async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** Milliseconds on the wall that `work` takes. */
export async function wallOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Both contenders in turn, so that whatever else the machine does hits both; the first round only warms up. */
export async function compare(
  rounds: number,
  floor: () => Promise<number>,
  ours: () => Promise<number>,
): Promise<Cost> {
  const floors: number[] = []
  const all: number[] = []
  await floor()
  await ours()
  for (let round = 0; round < rounds; round++) {
    floors.push(await floor())
    all.push(await ours())
  }
  return { floor: median(floors), ours: median(all) }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
