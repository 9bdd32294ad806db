import type { IdSource } from 'headcount/wire';
import type { ActivityBits } from '../../rules/activity-bits.js';
import type { UserState } from '../../rules/user-state.js';
import type { ValueRun } from '../../rules/value-runs.js';
import type { Database } from '../../sqlite/database.js';
import type { Resolve } from './given-up-table.js';
import { decodeSaid, encodeSaid } from './said-column.js';
import { VarintReader, VarintWriter } from './varints.js';

/** The table of users, one row each. Use it inside a transaction. */
export interface UsersTable {
  find(projectId: number, uid: Uint8Array): UserState<number> | undefined;
  write(projectId: number, uid: Uint8Array, user: UserState<number>): void;
  /** Erases a user, if it exists. */
  erase(projectId: number, uid: Uint8Array): void;
}

/** A row with integers as `bigint`. */
export interface UserRow {
  readonly first_seen: bigint;
  readonly last_seen: bigint;
  readonly first_day: bigint;
  readonly last_day: bigint;
  /** Activity on the last 64 days. */
  readonly bits: bigint;
  /** Activity on the days before. The newest is the lowest bit of the last byte. */
  readonly older: Buffer | null;
  readonly runs: Buffer;
  /** Rows of releases before it was kept have none. */
  readonly said?: Buffer;
  readonly os_id: bigint;
  readonly version_id: bigint;
  readonly reports: bigint;
  readonly lost: bigint;
  readonly ci: bigint;
  readonly id_source: IdSource | null;
  readonly id_persisted: bigint | null;
  readonly owner_hash: Buffer | null;
}

/** Days of activity in the column `bits`. */
const BITS = 64;

/** Creates the access to the table on the writing connection. */
export function createUsersTable(db: Database, resolve: Resolve): UsersTable {
  const find = db.prepare<UserRow>(
    `SELECT first_seen, last_seen, first_day, last_day, bits, older, runs, said, os_id, version_id,
       reports, lost, ci, id_source, id_persisted, owner_hash
     FROM users WHERE project_id = ? AND uid = ?`,
    { bigints: true },
  );
  const write = db.prepare(
    `INSERT OR REPLACE INTO users(
       project_id, uid, first_seen, last_seen, first_day, last_day, bits, older, runs, said,
       os_id, version_id, reports, lost, ci, id_source, id_persisted, owner_hash
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const erase = db.prepare('DELETE FROM users WHERE project_id = ? AND uid = ?');

  return {
    find: (projectId, uid) => {
      const row = find.get([projectId, uid]);
      return row && fromRow(row, resolve);
    },
    erase: (projectId, uid) => void erase.run([projectId, uid]),
    write: (projectId, uid, user) => {
      write.run([
        projectId,
        uid,
        user.firstSeen,
        user.lastSeen,
        user.firstDay,
        user.lastDay,
        BigInt.asIntN(BITS, user.bits),
        encodeOlder(user.bits),
        encodeRuns(user.runs, user.lastDay),
        encodeSaid(user.said, user.lastDay),
        user.os,
        user.version,
        user.reports,
        user.lost,
        Number(user.ci),
        user.idSource,
        user.idPersisted === null ? null : Number(user.idPersisted),
        user.ownerHash,
      ]);
    },
  };
}

const NOTHING_SAID = Buffer.alloc(0);

/** The state that a row holds. */
export function fromRow(row: UserRow, resolve: Resolve = (id) => id): UserState<number> {
  const lastDay = Number(row.last_day);
  return {
    firstSeen: Number(row.first_seen),
    lastSeen: Number(row.last_seen),
    firstDay: Number(row.first_day),
    lastDay,
    bits: decodeActivity(row),
    runs: decodeRuns(row.runs, lastDay, resolve),
    said: decodeSaid(row.said ?? NOTHING_SAID, lastDay, resolve),
    os: resolve(Number(row.os_id)),
    version: resolve(Number(row.version_id)),
    reports: Number(row.reports),
    lost: Number(row.lost),
    ci: row.ci === 1n,
    idSource: row.id_source,
    idPersisted: row.id_persisted === null ? null : row.id_persisted === 1n,
    ownerHash: row.owner_hash,
  };
}

/** The activity that a row holds. */
export function decodeActivity({ bits, older }: Pick<UserRow, 'bits' | 'older'>): ActivityBits {
  const newest = BigInt.asUintN(BITS, bits);
  if (older === null) return newest;
  return (BigInt(`0x${older.toString('hex')}`) << BigInt(BITS)) | newest;
}

/** The column `older` of an activity. */
export function encodeOlder(bits: ActivityBits): Buffer | null {
  const older = bits >> BigInt(BITS);
  if (older === 0n) return null;
  const digits = older.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}

/** One for all rows, since each is written whole. */
const runsWriter = new VarintWriter();

/**
 * Encodes runs, newest first. Each has the days between its end and the last day, a bit for each
 * dimension that differs from the run before, and the IDs of these values. All numbers are unsigned
 * LEB128.
 */
export function encodeRuns(runs: readonly ValueRun<number>[], lastDay: number): Buffer {
  const write = (number: number): void => runsWriter.write(number);
  let newer: readonly number[] = [];
  for (const run of runs.toReversed()) {
    write(lastDay - run.lastDay);
    write(
      run.values.reduce((bits, value, at) => (value === newer[at] ? bits : bits | (1 << at)), 0),
    );
    for (const [at, value] of run.values.entries()) if (value !== newer[at]) write(value);
    newer = run.values;
  }
  return runsWriter.take();
}

/** Reads what {@link encodeRuns} wrote. */
export function decodeRuns(
  blob: Uint8Array,
  lastDay: number,
  resolve: Resolve = (id) => id,
): ValueRun<number>[] {
  const runs: ValueRun<number>[] = [];
  let values: number[] = [];
  readRuns(blob, {
    run: (daysBefore) => {
      values = [...values];
      runs.push({ lastDay: lastDay - daysBefore, values });
    },
    value: (index, valueId) => {
      values[index] = resolve(valueId);
    },
  });
  return runs.reverse();
}

/** Tells each value of a dimension's place that {@link encodeRuns} wrote, newest first. */
export const eachRunValue = (
  blob: Uint8Array,
  value: (index: number, valueId: number) => void,
): void => readRuns(blob, { run: () => undefined, value });

/**
 * One of a user's newest values, from the start of what {@link encodeRuns} wrote in a part of a buffer.
 * It makes nothing, since a question reads a million of them.
 *
 * @returns 0 if it is not there, `undefined` if it does not end in the part.
 */
export function readNewestValue(
  bytes: Uint8Array,
  start: number,
  end: number,
  index: number,
): number | undefined {
  let at = start;
  let number = 0;
  // The days since the last day, which values there are, and the values up to this one.
  for (let place = -2; place <= index; place++) {
    number = 0;
    for (let factor = 1; ; factor *= 128) {
      if (at === end) return undefined;
      const byte = bytes[at++] ?? 0;
      number += (byte & 127) * factor;
      if (byte < 128) break;
    }
    if (place === -1 && number >> index === 0) return 0;
  }
  return number;
}

interface RunVisitor {
  run(daysBefore: number): void;
  /** A value that is another than in the run after it. */
  value(index: number, valueId: number): void;
}

function readRuns(blob: Uint8Array, visitor: RunVisitor): void {
  const reader = new VarintReader(blob);
  while (!reader.isAtEnd) {
    visitor.run(reader.read());
    for (let bits = reader.read(), index = 0; bits > 0; bits >>= 1, index++) {
      if (bits & 1) visitor.value(index, reader.read());
    }
  }
}
