/**
 * The rows of the project that is parameter 1, or all where it is NULL. As a list of numbers, not as
 * an `OR`, which would keep SQLite from its indices.
 */
export const IN_SCOPE = `project_id IN (SELECT id FROM projects WHERE ?1 IS NULL OR slug = ?1)`;
