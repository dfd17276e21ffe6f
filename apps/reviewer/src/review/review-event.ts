import type { Cell, CellOutcome, Cost } from './review.ts'

/** What happens in a review, for a grid, for lines and for `--events jsonl`. */
export type ReviewEvent =
  | { readonly type: 'plan'; readonly cells: readonly Cell[]; readonly files: number; readonly skipped: number }
  | { readonly type: 'cell-start'; readonly cell: Cell }
  | {
      readonly type: 'cell-end'
      readonly outcome: CellOutcome
      readonly done: number
      readonly total: number
      readonly costUsd: Cost
    }
  | { readonly type: 'refute-start'; readonly clusters: number }
  | {
      readonly type: 'refute-end'
      readonly done: number
      readonly total: number
      readonly verdict: 'confirmed' | 'refuted' | 'unverified'
    }
  | { readonly type: 'stopping'; readonly why: 'interrupted' | 'max-cost' }
