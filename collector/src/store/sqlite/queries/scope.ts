/**
 * The rows of the project in parameter 1, or all rows if it is NULL. With an `OR` instead of the
 * list, SQLite would not use its indices.
 */
export const IN_SCOPE = `project_id IN (SELECT id FROM projects WHERE ?1 IS NULL OR slug = ?1)`;

/** Projects that have counts. The dictionary also has those of which everything was taken out. */
export const HAS_COUNTS = `(
  EXISTS (
    SELECT 1 FROM totals WHERE project_id = projects.id AND n > 0
      AND total IN ('certain', 'likely', 'ephemeral', 'ci', 'reports')
  ) OR EXISTS (SELECT 1 FROM quality WHERE project_id = projects.id)
)`;
