import { describe, expect, it } from 'vitest';
import { eventsHash, type Field, type ManifestEvents, reportSchema } from '../../src/wire.js';

const hashOf = (events: ManifestEvents) => eventsHash(events);
const withFields = (fields: Record<string, Field>, description = 'A build was finished.') => ({
  build: { description, fields },
});
const bundler: Field = { kind: 'enum', values: ['vite', 'webpack'] };
const pages: Field = { kind: 'count', max: 500 };
const base = hashOf(withFields({ bundler, pages }));

describe('eventsHash()', () => {
  it('is the same for the same meaning', () => {
    expect(base).toMatch(/^[0-9a-f]{16}$/);
    expect(hashOf(withFields({ pages, bundler }))).toBe(base);
    expect(
      hashOf(withFields({ bundler: { ...bundler, values: ['webpack', 'vite'] }, pages })),
    ).toBe(base);
    expect(hashOf(withFields({ bundler: { ...bundler, description: 'What.' }, pages }))).toBe(base);
    expect(hashOf(withFields({ bundler, pages }, 'A build has ended.'))).toBe(base);
  });

  it.each<[string, ManifestEvents]>([
    ['a field more', withFields({ bundler, pages, cached: { kind: 'boolean' } })],
    ['a value more', withFields({ bundler: { kind: 'enum', values: ['vite', 'webpack', 'x'] } })],
    ['a greater count', withFields({ bundler, pages: { kind: 'count', max: 501 } })],
    ['another kind', withFields({ bundler, pages: { kind: 'semver' } })],
    ['finer ranges', withFields({ bundler, pages: { kind: 'bucket', bounds: [9], values: [] } })],
    ['an event more', { ...withFields({ bundler, pages }), up: { description: '', fields: {} } }],
    ['another event', { up: withFields({ bundler, pages }).build }],
  ])('differs for %s', (_name, events) => {
    expect(hashOf(events)).not.toBe(base);
  });

  // Whoever adds a fact raises REPORT_FACTS_VERSION, and then writes the new facts and hash here.
  it('differs when reports say more of everybody', () => {
    const { properties } = reportSchema as {
      properties: { info: { properties: Record<string, unknown> } };
    };
    expect({
      facts: [...Object.keys(properties), ...Object.keys(properties.info.properties)].join(' '),
      hash: hashOf({}),
    }).toEqual({
      facts:
        'report_id anonymous_id owner timestamp project event lost_total info fields os os_version ' +
        'arch version runtime runtime_version id_source id_persisted ci container wsl agent channel level',
      hash: 'c3be43cfdf3b68d5',
    });
  });
});
