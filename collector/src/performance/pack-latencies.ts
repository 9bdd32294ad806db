import { LATENCY_BUCKETS, type Latencies, noLatencies } from './latencies.js';

/** A byte for the bucket, and four for its count. */
const ENTRY_BYTES = 5;

const MOST = 0xffff_ffff;

/** Writes the counts of the buckets that have any: a minute has few of them. */
export function packLatencies(counts: Latencies): Uint8Array {
  const used = [...counts.entries()].filter(([, n]) => n > 0);
  const bytes = Buffer.alloc(used.length * ENTRY_BYTES);
  for (const [at, [bucket, n]] of used.entries()) {
    bytes.writeUInt8(bucket, at * ENTRY_BYTES);
    bytes.writeUInt32LE(Math.min(n, MOST), at * ENTRY_BYTES + 1);
  }
  return bytes;
}

/** Reads what {@link packLatencies} has written. Buckets of another release are left out. */
export function unpackLatencies(packed: Uint8Array): Latencies {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const counts = noLatencies();
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const bucket = bytes.readUInt8(at);
    if (bucket < LATENCY_BUCKETS) counts[bucket] = bytes.readUInt32LE(at + 1);
  }
  return counts;
}
