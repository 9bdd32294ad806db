/** The byte of a UUID whose upper half tells its version. */
export const VERSION_BYTE = 6;
const VARIANT_BYTE = 8;
const TIME_BYTES = 6;

/** When a UUIDv7 was made, in milliseconds since 1970; `undefined` for any other key. */
export function timeOfKey(key: Buffer): number | undefined {
  const isUuid7 = key.readUInt8(VERSION_BYTE) >> 4 === 7 && key.readUInt8(VARIANT_BYTE) >> 6 === 2;
  return isUuid7 ? key.readUIntBE(0, TIME_BYTES) : undefined;
}
