import { createHash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const KEY_BYTES = 16;

/**
 * The key of deduplication, 16 bytes. A UUID is used as it is, which keeps UUIDv7 in the order of
 * time. Other texts are hashed together with the user, since they may not be unique.
 */
export function toReportKey(reportId: string, uid: Uint8Array): Buffer {
  if (UUID.test(reportId)) return Buffer.from(reportId.replaceAll('-', ''), 'hex');
  const key = createHash('sha256').update(uid).update(reportId).digest().subarray(0, KEY_BYTES);
  // A hash can look like a UUIDv7 by chance, and would seem to contain a time.
  if (timeOfKey(key) !== undefined)
    key.writeUInt8(key.readUInt8(VERSION_BYTE) | 0x80, VERSION_BYTE);
  return key;
}

/** The byte of a UUID whose upper half is its version. */
const VERSION_BYTE = 6;
const VARIANT_BYTE = 8;
const TIME_BYTES = 6;

/** When a UUIDv7 was made, in milliseconds since 1970; `undefined` for any other key. */
export function timeOfKey(key: Buffer): number | undefined {
  const isUuid7 = key.readUInt8(VERSION_BYTE) >> 4 === 7 && key.readUInt8(VARIANT_BYTE) >> 6 === 2;
  return isUuid7 ? key.readUIntBE(0, TIME_BYTES) : undefined;
}
