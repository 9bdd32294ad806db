import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  bucketLabels,
  declaredField,
  type Field,
  isAllowedValue,
  type Manifest,
  manifestSchema,
} from '../../src/wire.js';

const manifest: Manifest = {
  manifest_version: 1,
  project: 'acme-cli',
  report: { 'info.os': 'The system’s name.' },
  events: {
    startup: { description: 'The program was started.', fields: {} },
    build: {
      description: 'A build was finished.',
      fields: {
        bundler: { kind: 'enum', values: ['vite', 'webpack'], description: 'What built it.' },
        cached: { kind: 'boolean' },
        durationMs: { kind: 'bucket', bounds: [100, 1_000], values: bucketLabels([100, 1_000]) },
        bundlerVersion: { kind: 'semver' },
        pages: { kind: 'count', max: 500 },
      },
    },
  },
};
const isManifest = new Ajv2020({ strict: true, allErrors: true }).compile(manifestSchema);

/** The manifest with one place changed. */
function changed(change: (copy: never) => void): unknown {
  const copy = structuredClone(manifest);
  change(copy as never); // each case knows what it changes
  return copy;
}

describe('the schema of a manifest', () => {
  it('takes every kind of field', () => {
    expect(isManifest(manifest) || isManifest.errors).toBe(true);
  });

  it.each<[string, (copy: never) => void]>([
    ['another version', (copy: { manifest_version: number }) => (copy.manifest_version = 2)],
    ['something beside', (copy: { host: string }) => (copy.host = 'x')],
    [
      'an event’s name in capitals',
      (copy: { events: object }) =>
        Object.assign(copy.events, { Build: { description: 'x', fields: {} } }),
    ],
    [
      'an event without a description',
      (copy: { events: object }) => Object.assign(copy.events, { deploy: { fields: {} } }),
    ],
    ...(
      [
        ['free text', { kind: 'text' }],
        ['an enumeration of nothing', { kind: 'enum', values: [] }],
        ['an enumeration of numbers', { kind: 'enum', values: [1] }],
        ['a bucket with a bound below 1', { kind: 'bucket', bounds: [0], values: ['<0', '>=0'] }],
        ['a count without an end', { kind: 'count' }],
        ['a boolean with values', { kind: 'boolean', values: ['yes'] }],
      ] as const
    ).map(
      ([name, field]) =>
        [
          name,
          (copy: { events: { build: { fields: object } } }) =>
            Object.assign(copy.events.build.fields, { other: field }),
        ] as [string, (copy: never) => void],
    ),
  ])('refuses %s', (_name, change) => {
    expect(isManifest(changed(change))).toBe(false);
  });
});

describe('isAllowedValue()', () => {
  const { bundler, cached, durationMs, bundlerVersion, pages } = manifest.events['build']
    ?.fields as Record<string, Field>;

  it.each<[Field | undefined, readonly unknown[], readonly unknown[]]>([
    [bundler, ['vite', 'webpack'], ['rollup', 'VITE', '', 'toString', 0, null, ['vite']]],
    [cached, [true, false], ['true', 1, 0, null, undefined]],
    [durationMs, ['<100', '100-1000', '>=1000'], [812, '812', '100–1000', '', '<1000']],
    [
      bundlerVersion,
      ['5.4.2', '0.0.0', '2026.11.22', '1.0.0-beta', '1.0.0-beta.4', '4.0.0-rc1'],
      ['5.4', 'v5.4.2', '5.4.2+ada', '5.4.2-ada', '1.0.0-beta.ada', '1.0.0\n', '1.2.3.4', 5],
    ],
    [pages, [0, 17, 500], [501, -1, 1.5, NaN, Infinity, '17', 10n]],
    [{ kind: 'text' } as never, [], ['anything', 1, true]],
  ])('of %o', (field, allowed, refused) => {
    if (!field) throw new Error('not declared');
    expect(allowed.filter((value) => !isAllowedValue(field, value))).toEqual([]);
    expect(refused.filter((value) => isAllowedValue(field, value))).toEqual([]);
  });
});

describe('declaredField()', () => {
  it('finds what was declared, and nothing that every object has', () => {
    expect(declaredField(manifest.events, 'build', 'cached')).toEqual({ kind: 'boolean' });
    expect(declaredField(manifest.events, 'build', 'constructor')).toBeUndefined();
    expect(declaredField(manifest.events, 'constructor', 'name')).toBeUndefined();
    expect(declaredField(manifest.events, 'startup', 'cached')).toBeUndefined();
  });
});
