import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** A body that brings nothing for so long is no longer waited for, in milliseconds. */
const SILENCE_MS = 1000;

/**
 * Reads a body to its end and forgets it: a proxy that still sends one loses an answer that comes
 * before. It gives up after `mostBytes`, or when nothing comes for a second.
 */
export async function discardBody(payload: Readable, mostBytes: number): Promise<void> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), SILENCE_MS);
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > mostBytes) giveUp.abort();
    else timer.refresh();
  };
  payload.on('data', onData);
  try {
    await finished(payload, { writable: false, signal: giveUp.signal });
  } catch {
    // Whether it was given up or has failed, nobody needs it.
  } finally {
    clearTimeout(timer);
    payload.off('data', onData).resume();
  }
}
