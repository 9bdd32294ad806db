// With a zone: the first generation's local times say nothing of the instant.
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?$/;

/**
 * Reads a client's timestamp.
 *
 * @returns Milliseconds since 1970; `'local'` for a time without a zone; `'unreadable'`.
 */
export function readInstant(text: string): number | 'local' | 'unreadable' {
  if (LOCAL_TIME.test(text)) return 'local';
  if (!INSTANT.test(text)) return 'unreadable';
  const at = Date.parse(text.toUpperCase().replace(',', '.'));
  return Number.isNaN(at) ? 'unreadable' : at;
}
