import {
  type Applied,
  type BudgetEntry,
  type BudgetStore,
  changedCounts,
  type Counter,
  type Counts,
  type Grant,
  type KeptCharge,
} from '@executus/budget'
import { StoreError } from '@executus/core/store-error'

import type { TableAccess } from '../table-access.ts'
import { readCharge, readCounts, readGrants, SWEEPS, writeCharge, writeCounts, writeGrant } from './budget-rows.ts'

/** Each method is one transaction: a limit is looked at in the same one that takes. */
export class SqliteBudget implements BudgetStore {
  readonly #tables: TableAccess

  constructor(tables: TableAccess) {
    this.#tables = tables
  }

  count(counters: readonly Counter[]): Promise<readonly Counts[]> {
    return this.#tables.read(() => counters.map((counter) => readCounts(this.#tables, counter)))
  }

  find(runId: string): Promise<KeptCharge | undefined> {
    return this.#tables.read(() => readCharge(this.#tables, runId))
  }

  apply(entry: BudgetEntry): Promise<Applied> {
    const { runId, expectEpoch, changes } = entry
    return this.#tables.write(() => {
      if ((readCharge(this.#tables, runId)?.epoch ?? 0) !== expectEpoch)
        throw new StoreError('fenced', `The charge of ${runId} was changed by somebody else`)
      const before = changes.map(({ counter }) => readCounts(this.#tables, counter))
      const after = changes.flatMap((change, index) => changedCounts(before[index]!, change) ?? [])
      if (after.length < changes.length) return { ok: false, counts: before }
      for (const [index, { counter }] of changes.entries()) writeCounts(this.#tables, counter, after[index]!)
      const epoch = expectEpoch + 1
      writeCharge(this.#tables, entry, epoch)
      return { ok: true, epoch, counts: after }
    })
  }

  addGrant(grant: Grant): Promise<boolean> {
    return this.#tables.writeOne(() => writeGrant(this.#tables, grant))
  }

  grants(accounts: readonly string[], nowMs: number): Promise<readonly Grant[]> {
    return this.#tables.read(() => readGrants(this.#tables, accounts, nowMs))
  }

  sweep({ beforeMs, limit }: { readonly beforeMs: number; readonly limit: number }): Promise<number> {
    return this.#tables.write(() =>
      SWEEPS.reduce((sum, sql) => sum + Number(this.#tables.prepare(sql).run(beforeMs, limit).changes), 0),
    )
  }

  close(): Promise<void> {
    return this.#tables.close()
  }
}
