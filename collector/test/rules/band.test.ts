import { describe, expect, it } from 'vitest';
import { bandOf } from '../../src/rules/band.js';

describe('bandOf', () => {
  it.each([
    ['machine', true, 'certain'],
    ['machine', false, 'certain'],
    ['given', true, 'certain'],
    ['time', true, 'likely'],
    ['time', false, 'ephemeral'],
    ['copied', true, 'likely'],
    ['copied', false, 'ephemeral'],
    [null, null, 'likely'],
  ] as const)('of an ID made from %s, kept: %s, is %s', (idSource, idPersisted, band) => {
    expect(bandOf({ ci: false, idSource, idPersisted })).toBe(band);
  });

  it('of a build farm is ci, whatever its ID', () => {
    expect(bandOf({ ci: true, idSource: 'time', idPersisted: false })).toBe('ci');
    expect(bandOf({ ci: false, idSource: 'ci', idPersisted: true })).toBe('ci');
  });
});
