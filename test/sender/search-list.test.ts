import { describe, expect, it } from 'vitest';
import { namesToAsk } from '../../src/sender/resolve-name.js';

describe('namesToAsk', () => {
  it.each([
    ['a name without a search list', 'stats', '', ['stats']],
    [
      'one without a dot, last',
      'stats',
      'search a.dev b.dev',
      ['stats.a.dev', 'stats.b.dev', 'stats'],
    ],
    ['one with a dot, first', 'x.acme.dev', 'search a.dev', ['x.acme.dev', 'x.acme.dev.a.dev']],
    ['as many dots as ndots, first', 'x.y', 'search a\noptions ndots:1', ['x.y', 'x.y.a']],
    ['fewer dots than ndots, last', 'x.y', 'search a\noptions ndots:2', ['x.y.a', 'x.y']],
    ['a name with a dot at its end, only', 'stats.', 'search a.dev', ['stats.']],
    ['the last list of several', 'x', 'search a.dev\ndomain b.dev', ['x.b.dev', 'x']],
    ['no comment', 'x', '# search a.dev\n; domain b.dev\nsearch c.dev # all', ['x.c.dev', 'x']],
    ['no empty domain', 'x', 'search . a.dev.', ['x.a.dev', 'x']],
    ['other options', 'x.y', 'search a\noptions timeout:1 ndots:3 rotate', ['x.y.a', 'x.y']],
  ])('asks for %s', (_what, name, resolvConf, expected) => {
    expect(namesToAsk(name, resolvConf)).toEqual(expected);
  });

  it('is bounded, whatever the file says', () => {
    const domains = Array.from({ length: 1_000 }, (_, index) => `d${index}`).join(' ');
    expect(namesToAsk('x', `search ${domains}`)).toHaveLength(33);
    const many = `${'x.'.repeat(15)}x`;
    expect(namesToAsk(many, 'search a\noptions ndots:999999')[0]).toBe(many);
  });
});
