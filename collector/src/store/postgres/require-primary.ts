import type pg from 'pg';
import { refuseOld } from './known-timelines.js';
import { NotPrimaryError } from './not-primary-error.js';
import { readRole, type Timeline } from './server-role.js';
import type { StoreAddress } from './store-address.js';

/** The name of a server for people. */
export const nameOf = ({ host, port }: Pick<pg.Client, 'host' | 'port'>): string =>
  `${host}:${port}`;

/**
 * Asks a server for its timeline if it is the primary of a store.
 *
 * @throws If it is a standby, or the primary of an older timeline.
 */
export async function requirePrimary(
  client: Pick<pg.Client, 'query' | 'host' | 'port'>,
  { timelines }: Pick<StoreAddress, 'timelines'>,
): Promise<Timeline | undefined> {
  const { isPrimary, timeline } = await readRole(client);
  if (!isPrimary) throw new NotPrimaryError(client);
  refuseOld(timelines, timeline, nameOf(client));
  return timeline;
}
