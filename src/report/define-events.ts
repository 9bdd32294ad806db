import type { EventDeclarations } from './declared-events.js';
import { resolveEvents } from './resolve-events.js';

/**
 * Declares an app's events in a file of their own: for `createHeadcount({ events })`, and for
 * `npx headcount manifest`, which writes down from them what is collected.
 *
 * @returns what it was given
 * @throws HeadcountError naming the place, such as `events.build.fields.bundler`
 * @example
 * export const events = defineEvents({
 *   build: {
 *     description: 'A build was finished.',
 *     fields: { bundler: ['vite', 'webpack'], pages: count({ max: 500 }) },
 *     timed: true,
 *   },
 * });
 */
export function defineEvents<const Events extends EventDeclarations>(events: Events): Events {
  resolveEvents(events);
  return events;
}
