import { markOf } from '../mark-of.js';
import { asStoreError } from './as-store-error.js';
import { NO_DAY } from './no-day.js';
import type { HeldState } from './state-source.js';
import type { WritingConnection } from './writing-connection.js';

/** What a replica must have to have all that a node has written. */
export interface NodeMark {
  /** The mark of the last transaction that was committed. */
  readonly last: number;
  /**
   * The first mark on this connection. A replica whose mark is lower has not followed the server that
   * is written to now, whatever it has.
   */
  readonly first: number;
}

/** Marks the transactions of a node that write. */
export interface NodeMarking {
  /** Like that of the connection, with a mark that grows. */
  readonly transaction: WritingConnection['transaction'];
  readonly mark: NodeMark;
}

/** From one connection to the next a mark jumps to the moment, so that no two servers share one. */
const MARK = `
  INSERT INTO positions(journal_id, position, applied_at, newest_day) VALUES ($1, $2, 0, ${NO_DAY})
  ON CONFLICT (journal_id) DO UPDATE
    SET position = greatest(positions.position + 1, excluded.position)
  RETURNING position`;

/** Creates the marks of a node. */
export function createNodeMarking(
  { connection, transaction, openedAt }: WritingConnection,
  node: string,
): NodeMarking {
  let mark: NodeMark = { last: 0, first: 0 };
  let markedAt = NaN;
  return {
    transaction: async (work) => {
      const { result, position } = await transaction(async (isAlone) => ({
        result: await work(isAlone),
        position:
          (await connection.get<{ position: number }>(MARK, [markOf(node), openedAt()]))
            ?.position ?? 0,
      }));
      mark = { last: position, first: markedAt === openedAt() ? mark.first : position };
      markedAt = openedAt();
      return result;
    },
    get mark() {
      return mark;
    },
  };
}

/** The mark of a node that a state has; 0 without one. */
export async function readMark(held: HeldState, node: string): Promise<number> {
  try {
    const row = await held.connection.get<{ position: number }>(
      'SELECT position FROM positions WHERE journal_id = $1',
      [markOf(node)],
    );
    return row?.position ?? 0;
  } catch (error) {
    await held.end().catch(() => undefined); // it is asked no further
    throw asStoreError(error, true);
  }
}
