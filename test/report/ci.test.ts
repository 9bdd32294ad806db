import { describe, expect, it } from 'vitest';
import { detectCi } from '../../src/report/ci.js';

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
  });

  it('is null outside CI, and where CI is set to false', () => {
    expect(detectCi({})).toBeNull();
    expect(detectCi({ CI: 'false', GITHUB_ACTIONS: 'true' })).toBeNull();
    expect(detectCi({ CI: '' })).toBeNull();
  });
});
