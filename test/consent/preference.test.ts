import { describe, expect, it } from 'vitest';
import { createPreference } from '../../src/consent/choice.js';
import { fakePlatform, type FakePlatformOptions } from '../support/fake-platform.js';

const OWN = '/config/acme-cli/choice';
const ALL = '/config/_all/choice';
const OFF = '{"telemetry":"off","at":"2026-11-22T20:58:00.123Z","events":"0123"}';
const ON = OFF.replace('off', 'on');

function start(options: FakePlatformOptions = {}) {
  const platform = fakePlatform(options);
  const places = [OWN, ALL].map((source) => ({
    source,
    get: () => platform.files.read(source),
    set: (text: string) => platform.files.replace(source, text),
  }));
  return { platform, preference: createPreference(places, platform) };
}

const failing = (code: string) => (call: string) => {
  if (call === 'replace') throw Object.assign(new Error(`${code}: no`), { code });
};

describe('the saved choice', () => {
  it('is none where nothing is kept', () => {
    expect(start().preference.current()).toBeUndefined();
  });

  it('for this project comes before the one for all', () => {
    const both = start({ files: { [OWN]: ON, [ALL]: OFF } });
    expect(both.preference.current()).toEqual({ telemetry: 'on', source: OWN, events: '0123' });
    const one = start({ files: { [ALL]: OFF } });
    expect(one.preference.current()).toMatchObject({ telemetry: 'off', source: ALL });
  });

  it.each(['', 'off', '{}', '{"telemetry":"maybe"}', '{"telemetry":"off"', 'null', '\0\0\0'])(
    'that cannot be read (%j) is unreadable, and hides none behind it',
    (text) => {
      const { preference } = start({ files: { [OWN]: text, [ALL]: ON } });
      expect(preference.current()).toEqual({ telemetry: 'unreadable', source: OWN });
    },
  );

  it('is unreadable where the file may not be read', () => {
    const disk = (call: string) => {
      if (call === 'read') throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    expect(start({ disk }).preference.current()).toMatchObject({ telemetry: 'unreadable' });
  });

  it('is learned by a running program within a second, and looked up no more often', () => {
    let reads = 0;
    const { platform, preference } = start({ disk: (call) => (reads += Number(call === 'read')) });
    for (let count = 0; count < 100; count += 1) preference.current();
    expect(reads).toBe(2);
    platform.files.replace(OWN, OFF);
    platform.advance(1_000);
    expect(preference.current()).toMatchObject({ telemetry: 'off' });
  });

  it('is saved for this project with the time and the events it was made for', async () => {
    const { platform, preference } = start({ files: { [ALL]: ON } });
    expect(await preference.save('off', 'abcd')).toEqual({ ok: true, source: OWN });
    expect(JSON.parse(platform.disk.get(OWN) ?? '')).toEqual({
      telemetry: 'off',
      at: '2026-11-22T20:58:00.123Z',
      events: 'abcd',
    });
    expect(preference.current()).toMatchObject({ telemetry: 'off', events: 'abcd' });
  });

  it.each(['EROFS', 'ENOSPC', 'EACCES'])(
    'that cannot be saved (%s) tells the cause, and holds in this process',
    async (code) => {
      const { platform, preference } = start({ disk: failing(code) });
      expect(await preference.save('off', 'abcd')).toEqual({
        ok: false,
        source: OWN,
        error: `${code}: no`,
      });
      platform.advance(60_000);
      expect(preference.current()).toMatchObject({ telemetry: 'off' });
    },
  );

  it('that is not there when it is read back was not saved', async () => {
    const place = { source: 'a liar', get: () => undefined, set: () => undefined };
    const preference = createPreference([place], fakePlatform());
    expect(await preference.save('off', 'abcd')).toMatchObject({ ok: false });
    expect(preference.current()).toMatchObject({ telemetry: 'off' });
  });

  it('has nowhere to be saved without a home', async () => {
    const preference = createPreference([], fakePlatform());
    expect(await preference.save('off', 'abcd')).toMatchObject({
      ok: false,
      error: 'there is no home folder to keep it in',
    });
  });

  it('of a storage that answers later is pending until then', async () => {
    let resolve: (text: string) => void = () => undefined;
    const promise = new Promise<string>((found) => (resolve = found));
    const place = { source: 'a database', get: () => promise, set: () => undefined };
    const preference = createPreference([place], fakePlatform());
    expect(preference.current()).toBeUndefined();
    const pending = preference.pending();
    expect(pending).toBeDefined();
    resolve(OFF);
    await pending;
    expect(preference.pending()).toBeUndefined();
    expect(preference.current()).toMatchObject({ telemetry: 'off', source: 'a database' });
  });
});
