import { valueOf } from './body.ts'

const SEALED = [
  ...['run_id', 'root_run_id', 'root_no', 'parent_no', 'agent', 'status', 'owner', 'epoch', 'claimed_at', 'least_head'],
  ...['crash_streak', 'crashes', 'cancel_reason', 'reason', 'waits', 'created_at', 'settled_at', 'outcome_crc'],
]

/** What the columns of a row say, in one text. */
const sealOf = (row: string): string => SEALED.map((column) => `quote(${row}.${column})`).join(` || ' ' || `)

/** Whether a row says what its seal says. */
export const IS_WHOLE: string = `seal IS ${sealOf('runs')}`

/**
 * Has each row of `runs` say twice what it says, as SQLite does not see a flipped bit inside a value. Triggers see to that,
 * whoever writes; a row that is damaged stays so. Outcomes may be long, and have a checksum instead; those that were kept
 * before have none, and are not checked.
 */
export const RUN_SEALS: string = `
ALTER TABLE runs ADD COLUMN outcome_crc INTEGER;
ALTER TABLE runs ADD COLUMN seal TEXT;
UPDATE runs SET seal = ${sealOf('runs')};
CREATE TRIGGER runs_made AFTER INSERT ON runs
BEGIN
  UPDATE runs SET seal = ${sealOf('new')} WHERE run_no = new.run_no;
END;
CREATE TRIGGER runs_changed AFTER UPDATE OF ${SEALED.join(', ')} ON runs
WHEN old.seal IS ${sealOf('old')}
BEGIN
  UPDATE runs SET seal = ${sealOf('new')} WHERE run_no = new.run_no;
END;`

/** What is looked at in a row. */
export interface SealedRow {
  readonly status: string
  readonly outcome: string | null
  readonly outcome_crc: number | null
  readonly is_whole: number
}

/** What is damaged in a row itself; `undefined` when nothing is. */
export function damageOf({
  status,
  outcome: body,
  outcome_crc: crc,
  is_whole: isWhole,
}: SealedRow): Damage | undefined {
  if (isWhole !== 1) return 'row'
  if (status !== 'settled' || (body !== null && crc === null)) return undefined
  return body === null || crc === null || valueOf({ body, crc }) === undefined ? 'outcome' : undefined
}

export type Damage = 'row' | 'outcome'
