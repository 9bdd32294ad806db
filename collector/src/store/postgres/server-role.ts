import pg from 'pg';

/** The history that a server goes on with. A standby that is promoted begins a new one of its system. */
export interface Timeline {
  /** What a primary and all its standbys have in common, since `initdb`. */
  readonly system: string;
  /** Higher with each promotion and each recovery to a moment. */
  readonly number: number;
}

/** What a server is. */
export interface ServerRole {
  /** Whether it takes writes. */
  readonly isPrimary: boolean;
  /** `undefined` for a standby, and where a service does not let its users ask. */
  readonly timeline: Timeline | undefined;
}

type Client = Pick<pg.ClientBase, 'query'>;

/** Asks a server what it is. */
export async function readRole(client: Client): Promise<ServerRole> {
  try {
    const [row] = (await client.query<RoleRow>(ROLE)).rows;
    if (row === undefined || row.isStandby) return { isPrimary: false, timeline: undefined };
    return {
      isPrimary: true,
      timeline: { system: row.system, number: Number.parseInt(row.number, 16) },
    };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const { rows } = await client.query<Pick<RoleRow, 'isStandby'>>(
      'SELECT pg_is_in_recovery() AS "isStandby"',
    );
    return { isPrimary: rows[0]?.isStandby === false, timeline: undefined };
  }
}

interface RoleRow {
  readonly isStandby: boolean;
  readonly system: string;
  /** Hexadecimal. */
  readonly number: string;
}

/** The file that is written now: `pg_control_checkpoint()` tells of a promotion only after a checkpoint. */
const ROLE = `
  SELECT pg_is_in_recovery() AS "isStandby",
    (SELECT system_identifier::text FROM pg_control_system()) AS system,
    CASE WHEN NOT pg_is_in_recovery()
      THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS number`;

/** Functions that a service has not, does not support, or keeps to itself. */
const isForbidden = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && /^(0A|42)/.test(error.code ?? '');
