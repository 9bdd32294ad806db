/**
 * The rows of the project in parameter 1, or all rows if it is NULL. With an `OR` instead of the
 * list, SQLite would not use its indices.
 */
export const IN_SCOPE = `project_id IN (SELECT id FROM projects WHERE ?1 IS NULL OR slug = ?1)`;
