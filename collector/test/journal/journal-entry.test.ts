import { describe, expect, it } from 'vitest';
import { decodeEntry, encodeEntry, type JournalEntry } from '../../src/journal/journal-entry.js';

const entry: JournalEntry = {
  receivedAt: 1,
  at: null,
  sentAt: 2,
  project: 'acme',
  uid: Buffer.alloc(16, 7),
  reportKey: Buffer.alloc(16, 9),
  os: 'Linux',
  version: '1.0.0',
  ci: false,
  idSource: 'time',
  idPersisted: null,
  marks: ['values_cut'],
};

describe('a journal entry', () => {
  it.each([entry, { ...entry, reportKey: null }])('comes back as it was written', (written) => {
    expect(decodeEntry(encodeEntry(written))).toMatchObject(written);
  });

  it('of a newer release is not read', () => {
    const newer = encodeEntry(entry).replace('"format":1', '"format":2');
    expect(() => decodeEntry(newer)).toThrow(/format 2/);
  });
});
