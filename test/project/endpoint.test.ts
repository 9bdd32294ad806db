import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../../src/project/parse-endpoint.js';

describe('parseEndpoint', () => {
  it.each([
    ['https://stats.acme.dev', 'https://stats.acme.dev/v1/reports', 'batch'],
    ['https://stats.acme.dev/', 'https://stats.acme.dev/v1/reports', 'batch'],
    ['http://127.0.0.1:8081', 'http://127.0.0.1:8081/v1/reports', 'batch'],
    ['https://acme.dev/stats/v1/reports', 'https://acme.dev/stats/v1/reports', 'batch'],
    ['http://localhost:8081/statistics', 'http://localhost:8081/statistics', 'single'],
    ['http://[::1]:8081/?action=statistics', 'http://[::1]:8081/?action=statistics', 'single'],
  ])('posts the reports of %s to %s, form %s', (text, url, form) => {
    expect(parseEndpoint(text)).toEqual({ url, form, implicit: false });
  });

  it('refuses plain http to another machine, unless that is allowed', () => {
    expect(parseEndpoint('http://stats.acme.dev')).toBe('insecure');
    expect(parseEndpoint('http://127.0.0.1.acme.dev')).toBe('insecure');
    expect(parseEndpoint('http://stats.acme.dev', { allowInsecure: true })).toMatchObject({
      url: 'http://stats.acme.dev/v1/reports',
    });
  });

  it('refuses a user name and a password, which nobody would send', () => {
    expect(parseEndpoint('https://ada:secret@stats.acme.dev')).toBe('credentials');
    expect(parseEndpoint('https://ada@stats.acme.dev')).toBe('credentials');
    expect(parseEndpoint('http://:secret@127.0.0.1:8081')).toBe('credentials');
  });

  it('tells what is no address of a collector', () => {
    expect(parseEndpoint('stats.acme.dev')).toBe('not-a-url');
    expect(parseEndpoint('')).toBe('not-a-url');
    expect(parseEndpoint('file:///etc/passwd')).toBe('not-http');
  });
});
