import { describe, expect, it } from 'vitest';
import vendors from 'ci-info/vendors.json' with { type: 'json' };
import { detectCi } from '../../src/report/ci.js';
import { mayBeCi } from '../../src/report/facts.js';

describe('detectCi', () => {
  it.each([
    [{ GITHUB_ACTIONS: 'true', CI: 'true' }, 'github-actions'],
    [{ GITLAB_CI: 'true' }, 'gitlab-ci'],
    [{ TRAVIS: 'true' }, 'travis-ci'],
    [{ JENKINS_URL: 'http://x', BUILD_ID: '7' }, 'jenkins'],
    [{ CI_NAME: 'codeship' }, 'codeship'], // a variable with a certain value
    [{ NODE: '/app/.heroku/node/bin/node' }, 'heroku'], // one that includes a text
    [{ NOW_BUILDER: '1' }, 'vercel'], // one of several
    [{ CI: 'true' }, 'unknown'],
    [{ BUILD_NUMBER: '12' }, 'unknown'],
  ])('recognizes %j as %s', (env, vendor) => {
    expect(detectCi(env)).toBe(vendor);
    expect(mayBeCi(env)).toBe(true); // else it would never be asked
  });

  it('has a hint for every condition of the table', () => {
    for (const { env } of vendors) {
      for (const condition of [env].flat() as unknown[]) {
        const variables =
          typeof condition === 'string'
            ? { [condition]: 'x' }
            : 'any' in (condition as object)
              ? { [(condition as { any: string[] }).any[0] ?? '']: 'x' }
              : 'includes' in (condition as object)
                ? {
                    [(condition as { env: string }).env]: (condition as { includes: string })
                      .includes,
                  }
                : (condition as Record<string, string>);
        expect([variables, mayBeCi(variables)]).toEqual([variables, true]);
      }
    }
    expect(mayBeCi({ HOME: '/home/ada', NODE: '/usr/bin/node' })).toBe(false);
  });

  it('is null outside CI, and where CI is set to false', () => {
    expect(detectCi({})).toBeNull();
    expect(detectCi({ CI: 'false', GITHUB_ACTIONS: 'true' })).toBeNull();
    expect(detectCi({ CI: '' })).toBeNull();
  });
});
