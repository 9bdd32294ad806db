/**
 * A UUIDv7: 48 bits of milliseconds, then 74 random bits (RFC 9562, section 5.7). A collector can
 * read from it on which day the ID was made.
 *
 * @param random - 10 random bytes
 */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const time = nowMs.toString(16).padStart(12, '0');
  let hex = '';
  for (let at = 0; at < 10; at += 1) {
    const byte = random[at] ?? 0;
    // The highest bits of two bytes hold the version and the variant.
    const bits = at === 0 ? 0x70 | (byte & 0x0f) : at === 2 ? 0x80 | (byte & 0x3f) : byte;
    hex += (0x100 + bits).toString(16).slice(1);
  }
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
}
