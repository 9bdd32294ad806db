// @ts-check

/**
 * The events in a request's body, by an ID that tells one sent twice from two; in the form of each
 * contender. Where the form has no such ID, every event counts as a new one.
 *
 * @param {string} text
 * @param {number} next the number to give to the next event without an ID
 * @returns {string[]}
 */
export function eventsIn(text, next) {
  if (!text.startsWith('{')) return text.split('\n').map((_, index) => `#${next + index}`);
  const json = JSON.parse(text);
  /** @type {Record<string, unknown>[]} */
  const events = json.reports ?? json.batch ?? json.events ?? [json];
  return events.map((event, index) => idOf(event) ?? `#${next + index}`);
}

/** @param {Record<string, unknown>} event */
function idOf(event) {
  const id = event['report_id'] ?? event['uuid'] ?? event['messageId'] ?? event['insert_id'];
  const own = id ?? event['id'];
  return typeof own === 'string' ? own : undefined;
}
