import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../../src/config-options.js';
import { languageOf } from '../../../web/language/language.js';
import { LANGUAGES } from '../../../web/language/language-tags.js';

const FLAGS: readonly string[] = Object.values(OPTIONS).flatMap(({ flag }) =>
  flag === undefined ? [] : `--${flag}`,
);

/** All words of a catalogue, those in the code of its functions too. */
const wordsOf = (texts: unknown): readonly string[] =>
  typeof texts === 'object' && texts !== null
    ? Object.values(texts).flatMap(wordsOf)
    : typeof texts === 'string' || typeof texts === 'function'
      ? [String(texts)]
      : [];

describe.each(LANGUAGES)('the texts of %s', (tag) => {
  it('name options of the collector that there are', () => {
    // People ask for their own data by the client's command, which has options of its own.
    const parts = Object.entries(languageOf(tag).texts).filter(([part]) => part !== 'yourData');
    const named = wordsOf(parts).flatMap((text) => text.match(/--[a-z][a-z-]*/g) ?? []);
    expect(named).toEqual(expect.arrayContaining(['--backup-dir', '--log-bytes-limit']));
    expect(named.filter((name) => !FLAGS.includes(name))).toEqual([]);
  });
});
