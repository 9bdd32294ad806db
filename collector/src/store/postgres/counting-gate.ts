import type { Connection } from './connection.js';

/**
 * Lets nodes count side by side, but for what changes rows of many users or values: closings of
 * days, erasures and cleanings. These wait until all others have ended, and keep them out.
 */
export async function enterGate(connection: Connection, isAlone: boolean): Promise<void> {
  await connection.run(`LOCK TABLE counting_gate IN ${isAlone ? 'EXCLUSIVE' : 'ROW SHARE'} MODE`);
}
