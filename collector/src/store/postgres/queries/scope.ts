/** The rows of the project in parameter 1, or all rows if it is NULL. */
export const IN_SCOPE =
  'project_id IN (SELECT id FROM projects WHERE $1::text IS NULL OR slug = $1)';

/** Projects that have counts. The dictionary also has those of which everything was taken out. */
export const HAS_COUNTS = `(
  EXISTS (
    SELECT 1 FROM totals WHERE project_id = projects.id
      AND total IN ('certain', 'likely', 'ephemeral', 'ci', 'reports')
    GROUP BY total HAVING sum(n) > 0
  ) OR EXISTS (SELECT 1 FROM quality WHERE project_id = projects.id)
)`;
