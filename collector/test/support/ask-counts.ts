import { withToken } from './admin-token.js';

/** The counts of people and of reports, over all projects. */
export async function ask(url: string): Promise<{ total_users: number; total_reports: number }> {
  const response = await fetch(`${url}/stats`, { headers: withToken() });
  const stats = (await response.json()) as { total_users: number; total_reports: number };
  return { total_users: stats.total_users, total_reports: stats.total_reports };
}
