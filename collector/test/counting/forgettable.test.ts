import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findForgettable } from '../../src/counting/forgettable.js';
import { type JournalReader, openJournalReader } from '../../src/journal/journal-reader.js';
import { openJournalWriter } from '../../src/journal/journal-writer.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MIB = 1024 ** 2;

/** A journal whose entries were received at moments, each of about a kilobyte. */
function journalOf(moments: readonly (number | undefined)[], forgotten = 0): JournalReader {
  const path = join(temporaryFolder(), 'journal.db');
  const writer = openJournalWriter({ path, maxBytes: 64 * MIB, openedAt: 0, pepperId: 'a' });
  const bodies = moments.map((receivedAt) =>
    JSON.stringify({ receivedAt, filling: 'x'.repeat(1000) }),
  );
  writer.commit({ bodies, forgetUpTo: 0 });
  writer.commit({ bodies: [], forgetUpTo: forgotten });
  const reader = openJournalReader(path);
  onTestFinished(() => {
    reader.close();
    writer.close();
  });
  return reader;
}

describe('what a journal may forget that it keeps for some time', () => {
  it('is what was received before, up to what is counted', () => {
    const journal = journalOf([10, 20, 20, 30, 40, 50], 1);
    const find = (before: number, upTo = 6) =>
      findForgettable(journal, { before, upTo, maxBytes: MIB });
    expect([5, 20, 21, 40, 100].map((before) => find(before))).toEqual([1, 1, 3, 4, 6]);
    expect(find(100, 2)).toBe(2);
    expect(find(100, 1)).toBe(1);
    expect(find(100, 0)).toBe(0);
  });

  it('keeps to the order of entries where some do not say when they came', () => {
    const journal = journalOf([10, undefined, 20, undefined, undefined, 30]);
    const find = (before: number) => findForgettable(journal, { before, upTo: 6, maxBytes: MIB });
    expect(find(15)).toBeGreaterThanOrEqual(1);
    expect(find(15)).toBeLessThanOrEqual(2);
    expect(find(25)).toBeGreaterThanOrEqual(3);
    expect(find(25)).toBeLessThanOrEqual(5);
  });

  it('gives way to new entries, a part at a time, where it takes too much room', () => {
    const journal = journalOf(Array.from({ length: 3200 }, () => 10));
    const find = (maxBytes: number) =>
      findForgettable(journal, { before: 0, upTo: 3200, maxBytes });
    expect(find(64 * MIB)).toBe(0);
    expect(find(MIB)).toBeGreaterThan(0);
    expect(find(MIB)).toBeLessThan(1600);
  });

  it('is nothing of an empty journal', () => {
    const options = { before: 100, upTo: 0, maxBytes: MIB };
    expect(findForgettable(journalOf([]), options)).toBe(0);
  });
});
