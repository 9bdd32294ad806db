import { bucketLabels, type ManifestEvents } from 'headcount/wire';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../src/intake/read-event.js';

const events: ManifestEvents = {
  startup: { description: 'The program starts.', fields: {} },
  build: {
    description: 'A build ends.',
    fields: {
      bundler: { kind: 'enum', values: ['vite', 'webpack'] },
      duration: { kind: 'bucket', bounds: [100, 1000], values: bucketLabels([100, 1000]) },
      warm: { kind: 'boolean' },
      plugin: { kind: 'semver' },
      files: { kind: 'count', max: 500 },
    },
  },
};

const declared = {
  bundler: 'vite',
  duration: '100-1000',
  warm: false,
  plugin: '1.2.3',
  files: 0,
};

describe('the event of a project that declares its events', () => {
  it('is kept with the fields that are declared', () => {
    expect(readEvent({ event: 'build', fields: declared }, events)).toEqual({
      event: 'build',
      fields: declared,
      marks: [],
    });
    expect(readEvent({ event: 'startup' }, events)).toEqual({
      event: 'startup',
      fields: {},
      marks: [],
    });
  });

  it.each([
    ['bundler', 'esbuild'],
    ['bundler', 1],
    ['duration', 100],
    ['duration', '5'],
    ['warm', 'yes'],
    ['plugin', '1.2.3-ada'],
    ['files', 501],
    ['files', 0.5],
    ['files', null],
    ['bundler', { vite: true }],
  ])('loses a value that is not declared, and nothing else: %s %j', (name, value) => {
    const rest = Object.fromEntries(Object.entries(declared).filter(([key]) => key !== name));
    const read = readEvent({ event: 'build', fields: { ...declared, [name]: value } }, events);
    expect(read).toEqual({ event: 'build', fields: rest, marks: ['undeclared_values'] });
  });

  it.each(['mood', 'toString', 'constructor'])('loses a field that is not declared: %s', (name) => {
    const fields = { ...declared, [name]: 'x' };
    expect(readEvent({ event: 'build', fields }, events)).toEqual({
      event: 'build',
      fields: declared,
      marks: ['undeclared_fields'],
    });
  });

  it('is alive, without fields, whatever the manifest declares', () => {
    const alive = { event: 'alive', fields: {} };
    expect(readEvent({ event: 'alive' }, events)).toEqual({ ...alive, marks: [] });
    expect(readEvent({ event: 'alive', fields: { mood: 'x' } }, {})).toEqual({
      ...alive,
      marks: ['undeclared_fields'],
    });
  });

  it.each(['deploy', 'toString', '__proto__', '', 7, null])(
    'is left out with all its fields where it is not declared: %j',
    (event) => {
      expect(readEvent({ event, fields: declared }, events)).toEqual({
        event: null,
        fields: {},
        marks: ['undeclared_events'],
      });
    },
  );

  it('may be missing, as in reports of the first generation', () => {
    expect(readEvent({}, events)).toEqual({ event: null, fields: {}, marks: [] });
  });

  it('says each reason once', () => {
    const fields = { a: 1, b: 2, bundler: 'x', warm: 'y' };
    expect(readEvent({ event: 'build', fields }, events).marks).toEqual([
      'undeclared_fields',
      'undeclared_values',
    ]);
  });
});

describe('the event of a project that declares nothing', () => {
  it('is kept with whatever a client may send', () => {
    const fields = { bundler: 'esbuild', files: 12, warm: true };
    expect(readEvent({ event: 'build', fields }, undefined)).toEqual({
      event: 'build',
      fields,
      marks: [],
    });
  });

  it.each([
    [{ event: 'build', fields: { 'a b': 1, __proto__: 2, Upper: 3, ok: 4 } }, { ok: 4 }],
    [{ event: 'build', fields: { a: null, b: [], c: {}, d: '', ok: 4 } }, { ok: 4 }],
  ])('loses what no client sends: %j', (report, fields) => {
    expect(readEvent(report, undefined)).toEqual({
      event: 'build',
      fields,
      marks: ['unknown_fields'],
    });
  });

  it('is bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`f${n}`, n]));
    const read = readEvent({ event: 'build', fields: many }, undefined);
    expect(Object.keys(read.fields)).toHaveLength(64);
    expect(read.marks).toEqual(['unknown_fields']);
    const long = readEvent({ event: 'build', fields: { a: 'x'.repeat(1000) } }, undefined);
    expect(long).toEqual({ event: 'build', fields: { a: 'x'.repeat(64) }, marks: ['values_cut'] });
  });

  it.each([{ event: 7 }, { event: 'No name' }, { event: null, fields: 'text' }, { fields: [1] }])(
    'is none where it has no name: %j',
    (report) => {
      expect(readEvent(report, undefined)).toEqual({ event: null, fields: {}, marks: [] });
    },
  );
});
