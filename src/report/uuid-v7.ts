const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const DASH_BEFORE = new Set([4, 6, 8, 10]);

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
  let text = '';
  for (let at = 0; at < 16; at += 1) {
    if (DASH_BEFORE.has(at)) text += '-';
    text += HEX[view.getUint8(at)];
  }
  return text;
}
