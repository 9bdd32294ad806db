import { describe, expect, it } from 'vitest';
import { decodeEntry, encodeEntry, type JournalEntry } from '../../src/journal/journal-entry.js';

const entry: JournalEntry = {
  kind: 'report',
  receivedAt: 1,
  at: null,
  sentAt: 2,
  newestAt: null,
  zone: 'Asia/Kathmandu',
  project: 'acme',
  uid: Buffer.alloc(16, 7),
  ownerHash: Buffer.alloc(16, 8),
  reportKey: Buffer.alloc(16, 9),
  os: 'Linux',
  version: '1.0.0',
  facts: { arch: 'x64' },
  event: 'build',
  fields: { bundler: 'vite', warm: true, files: 3 },
  lostTotal: 0,
  ci: false,
  idSource: 'time',
  idPersisted: null,
  marks: ['values_cut'],
};

const deletion: JournalEntry = {
  kind: 'deletion',
  receivedAt: 1,
  project: 'acme',
  uid: Buffer.alloc(16, 7),
  ownerHash: Buffer.alloc(16, 8),
};

const refusals: JournalEntry = {
  kind: 'refusals',
  counts: [{ day: 20_000, project: null, code: 'not_json', n: 2 }],
};

describe('a journal entry', () => {
  it.each([
    entry,
    { ...entry, reportKey: null, ownerHash: null },
    deletion,
    { ...deletion, ownerHash: null },
    refusals,
  ])('comes back as it was written', (written) => {
    expect(decodeEntry(encodeEntry(written))).toEqual(written);
  });

  it('of a release without owners has none', () => {
    const report = entry.kind === 'report' && { ...entry, ownerHash: null };
    for (const written of [report || entry, { ...deletion, ownerHash: null }]) {
      const body = encodeEntry(written);
      expect(body).not.toContain('owner');
      expect(decodeEntry(body)).toMatchObject({ ownerHash: null });
    }
  });

  it('of a newer release is not read', () => {
    const newer = encodeEntry(entry).replace('"format":1', '"format":9');
    expect(() => decodeEntry(newer)).toThrow(/format 9/);
  });
});
