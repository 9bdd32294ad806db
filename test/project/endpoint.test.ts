import { describe, expect, it } from 'vitest';
import { plainEndpoint } from '../../src/project/endpoint.js';
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

  it.each(['localhost', '127.0.0.1', '127.9.8.7', '127.1', '[::1]', 'LOCALHOST'])(
    'takes %s for this machine',
    (host) => {
      expect(parseEndpoint(`http://${host}:8081`)).toMatchObject({ form: 'batch' });
    },
  );

  it.each([
    ...['x.localhost', 'localhost.', 'localhost.acme.dev', 'xlocalhost', '128.0.0.1', '0.0.0.0'],
    ...['[::]', '[::ffff:127.0.0.1]', '[::2]', '127.0.0.1.nip.io', '10.0.0.1'],
  ])('takes %s for another machine, to which only https leads', (host) => {
    expect(parseEndpoint(`http://${host}:8081`)).toBe('insecure');
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

describe('plainEndpoint', () => {
  it.each(['https://stats.acme.dev', 'https://a-1.b2.acme.dev', 'http://127.0.0.1:8081'])(
    'knows %s without making a URL of it',
    (text) => {
      expect(plainEndpoint(text, false)).toEqual(parseEndpoint(text));
    },
  );

  it.each([
    'https://1.2.3.4',
    'https://acme.0x7f',
    'https://ACME.dev',
    'https://acme.dev.',
    'https://acme..dev',
    'https://acme.dev:443',
    'https://acme.dev/',
    'https://ada@acme.dev',
    'https://xn--bcher-kva.example',
    'http://127.0.0.1:80',
    'http://127.0.0.1:080',
    'http://127.0.0.1:65536',
    'http://127.0.0.1:8081/',
    'http://acme.dev',
  ])('leaves %s to the URL', (text) => {
    expect(plainEndpoint(text, false)).toBeUndefined();
  });

  it('never differs from the URL, whatever it takes for plain', () => {
    const characters = [...'az09.-:/@%Aé_[]'];
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    let plain = 0;
    for (let run = 0; run < 20_000; run += 1) {
      const start = ['https://', 'http://127.0.0.1:', 'https://a.'][random(3)] ?? '';
      const rest = Array.from({ length: 1 + random(6) }, () => characters[random(15)]).join('');
      const found = plainEndpoint(start + rest, false);
      if (!found) continue;
      plain += 1;
      expect([start + rest, found]).toEqual([start + rest, parseEndpoint(start + rest)]);
    }
    expect(plain).toBeGreaterThan(200);
  });
});
