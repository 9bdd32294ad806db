/** The rows of the project that is parameter 1, or all where it is NULL. */
export const IN_SCOPE = `(?1 IS NULL OR project_id = (SELECT id FROM projects WHERE slug = ?1))`;
