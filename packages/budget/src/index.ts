// Bound what callers may take.
export { type BudgetBook, createBudget, type GrantOptions, type Remaining } from './create-budget.ts'
export type { BudgetOptions, BudgetWarning, BudgetWho, ModelCallListener } from './budget-options.ts'
export type { BudgetAmounts, BudgetLimit, BudgetUnit } from './limit.ts'
export type { BudgetWindow } from './window.ts'

// Keep it somewhere, or write a store for it.
export { type MemoryBudgetStore, memoryBudgetStore, type MemoryBudgetStoreOptions } from './memory-store.ts'
export {
  type Applied,
  type BudgetEntry,
  type BudgetStore,
  changedCounts,
  type Charge,
  type ChargeLine,
  type Counter,
  type CounterChange,
  type Counts,
  type Grant,
  type KeptCharge,
  type PricedUsage,
} from './budget-store.ts'
export type { Amounts } from './amounts.ts'
