import { describe, expect, it } from 'vitest';
import { paint, printable, printerFor } from '../../src/cli/printer.js';

/** Everything that moves a cursor, hides or reorders text, or ends a line. */
const DANGEROUS = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 0x21 }, (_, at) => String.fromCharCode(0x7f + at)),
  ...'\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068',
  ...'\u2069\ufeff\ud800\u{e0041}',
];
// The cursor, the title of the window, a link, bidi, all at once.
const ATTACK = '\u001b[2J\u001b]0;x\u0007\u001b]8;;http://x\u001b\\\u009b31m\u202Egnp.exe\r\nok';

describe('printable()', () => {
  it('lets no dangerous character through', () => {
    for (const character of DANGEROUS) {
      expect(printable(`a${character}b`)).toMatch(/^a(\\u[0-9a-f]{4}){1,2}b$/);
    }
  });

  it('keeps all other texts', () => {
    for (const text of ['acme-cli', 'naïve 日本語 🙂', 'עברית', 'a\\u001b', '{"a":[1]}']) {
      expect(printable(text)).toBe(text);
    }
  });

  it('keeps the meaning of JSON', () => {
    const value = { text: `${ATTACK}\u0085\u{e0041}` };
    expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
  });
});

describe.each([true, false])('a printer of a terminal with colours: %s', (hasColour) => {
  it('adds its own colours only', () => {
    const said: string[] = [];
    const printer = printerFor({
      out: (text) => said.push(text),
      err: (text) => said.push(text),
      hasColour,
    });
    printer.out(ATTACK, ['a ', paint('bold', ATTACK), ATTACK]);
    printer.err(ATTACK);
    const safe = printable(ATTACK);
    const bold = hasColour ? `\u001b[1m${safe}\u001b[22m` : safe;
    expect(said).toEqual([`${safe}\na ${bold}${safe}`, safe]);
  });
});
