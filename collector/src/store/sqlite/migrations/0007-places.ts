/**
 * The values that gave their places up, and the `other` that their users count under; the newest
 * day of receipt of each project. What users claim to have lost is believed within bounds.
 */
export const places = `
  CREATE TABLE given_up(
    value_id INTEGER PRIMARY KEY,
    other_id INTEGER NOT NULL
  );
  ALTER TABLE projects ADD COLUMN newest_day INTEGER;
  UPDATE projects SET newest_day = (
    SELECT max(day) FROM quality WHERE project_id = projects.id AND kind = 'accepted'
  );
  UPDATE totals SET n = coalesce((
    SELECT sum(min(lost, max(100, 10 * reports))) FROM users
    WHERE users.project_id = totals.project_id
  ), 0) WHERE total = 'lost';
  INSERT INTO totals(project_id, total, n)
  SELECT project_id, 'lost_cut', sum(lost - min(lost, max(100, 10 * reports))) FROM users
  GROUP BY project_id;
`;
