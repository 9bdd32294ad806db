/**
 * A UUIDv7: 48 bits of milliseconds, then 74 random ones, so that a collector can tell the day an
 * ID was made on (RFC 9562, section 5.7).
 *
 * @param random - 10 random bytes
 */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(nowMs / 0x1_0000));
  view.setUint16(4, nowMs % 0x1_0000);
  bytes.set(random.subarray(0, 10), 6);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = (at: number): string => view.getBigUint64(at).toString(16).padStart(16, '0');
  return `${hex(0)}${hex(8)}`.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
