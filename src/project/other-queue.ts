const MAX_READABLE_LENGTH = 60;

/**
 * The name of the folder for the reports of an address that is not plain. No other address has it,
 * as far as 64 bits can tell; if two had, they would share a folder, but no report.
 */
export function otherQueue(url: string): string {
  const readable = url.slice(url.indexOf('/') + 2).replace(/[^a-z0-9.-]+/g, '_');
  return `to-_${readable.slice(0, MAX_READABLE_LENGTH)}_${fnv1a(url)}`;
}

/** FNV-1a of 64 bits, as hex: the host does not load `node:crypto` for the name of a folder. */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
