import type { ActivityBits } from '../../rules/activity-bits.js';

/** The columns that hold the activity of a user. */
export interface ActivityColumns {
  /** Activity on the last 64 days. */
  readonly bits: bigint;
  /** Activity on the days before. The newest is the lowest bit of the last byte. */
  readonly older: Buffer | null;
}

/** Days of activity in the column `bits`. */
const BITS = 64;

/** The column `bits` of an activity. */
export const encodeBits = (bits: ActivityBits): bigint => BigInt.asIntN(BITS, bits);

/** The activity that a row holds. */
export function decodeActivity({ bits, older }: ActivityColumns): ActivityBits {
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
