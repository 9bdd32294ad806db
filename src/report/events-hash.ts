/**
 * A short name for a set of declared events: another one when an event or a field is added,
 * removed or changed. Tells changes, keeps no secret; the order of declaration does not matter.
 */
export function eventsHash(events: Readonly<Record<string, unknown>>): string {
  const text = canonical(events);
  // FNV-1a twice (http://www.isthe.com/chongo/tech/comp/fnv/): node:crypto would cost the program
  // more at each start than the rest of a notice.
  const half = (seed: number): string => {
    let hash = seed;
    for (let at = 0; at < text.length; at += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
    return (hash >>> 0).toString(16).padStart(8, '0');
  };
  return half(0x811c9dc5) + half(0x01234567);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join()}}`;
}
