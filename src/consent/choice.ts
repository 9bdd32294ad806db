import type { Choice } from './decide.js';

/** The key of the user's choice. */
export const CHOICE_KEY = 'choice';

/** A choice as it is kept: what was chosen, when, and of which events. */
export const formatChoice = (telemetry: 'on' | 'off', nowMs: number, events: string): string =>
  JSON.stringify({ telemetry, at: new Date(nowMs).toISOString(), events });

/** Reads a choice. Anything but a choice counts as one that cannot be read. */
export function parseChoice(text: unknown, source: string): Choice | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return unreadable(source);
  try {
    const json = JSON.parse(text) as { telemetry?: unknown; events?: unknown } | null;
    const { telemetry, events } = json ?? {};
    if (telemetry === 'on' || telemetry === 'off') {
      return { telemetry, source, ...(typeof events === 'string' && { events }) };
    }
  } catch {
    return unreadable(source); // half-written, or something else's
  }
  return unreadable(source);
}

/** What counts as a choice where one is kept and nobody can tell which. */
export const unreadable = (source: string): Choice => ({ telemetry: 'unreadable', source });
