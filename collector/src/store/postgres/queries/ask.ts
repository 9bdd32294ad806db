import type { Counts } from '../../store.js';
import type { Connection } from '../connection.js';

/** Answers a question on a connection, which is held to one state if it takes several statements. */
export type Ask<Name extends keyof Counts> = (
  connection: Connection,
  question: Parameters<Counts[Name]>[0],
) => Promise<ReturnType<Counts[Name]>>;
