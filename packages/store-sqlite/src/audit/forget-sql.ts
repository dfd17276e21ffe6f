/** Deletes a run and all below it. */
export const FORGET_SQL = `
  WITH RECURSIVE below(id) AS (
    SELECT ?
    UNION
    SELECT run_id FROM below JOIN audit_runs ON parent_run_id = below.id
  )
  DELETE FROM audit_runs WHERE run_id IN (SELECT id FROM below)`

/** The newest run of each tree, or, of several of one moment, the one that was made last. */
export const SILENT_SQL = `
  SELECT root_run_id AS root FROM audit_runs AS old
  WHERE updated_at < ? AND NOT EXISTS (
    SELECT 1 FROM audit_runs AS newer
    WHERE newer.root_run_id = old.root_run_id AND (newer.updated_at, newer.run_no) > (old.updated_at, old.run_no))
  ORDER BY updated_at LIMIT ?`
