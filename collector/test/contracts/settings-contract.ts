import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DataFolder } from '../../src/data-folder.js';
import type { OpenedSettings, SettingsOptions } from '../../src/open-settings.js';
import { anyFolder } from '../../src/opened-folder.js';
import { type KeptCells } from '../../src/stats/cells-files.js';
import { windowsUpTo } from '../../src/stats/public-cells.js';
import { HOSTILE, SETTINGS_KINDS } from './settings-kinds.js';

/** Where settings are kept, for a test. */
export interface SettingsPlace {
  /** Opens them. They are closed after the test at the latest. */
  open(): Promise<OpenedSettings>;
  /** Lets nothing be written until it is called back. */
  breakWrites(): Promise<() => Promise<void>>;
}

const HOUR_MS = 3_600_000;

/** How settings are opened. Whatever goes wrong fails the test. */
export const settingsOptions = (folder: DataFolder): Omit<SettingsOptions, 'counts'> => ({
  ...{ folder, checkFolder: anyFolder, everyMs: HOUR_MS, now: () => new Date() },
  ...{ onSessionsFailure: fail, onUnused: fail, onFailure: fail, onRecovery: fail },
  onClock: () => undefined,
});

function fail(what?: unknown): never {
  throw new Error('This was not to happen.', { cause: what });
}

const LAST_DAY = 20_778;

const cellsOf = (changes: Partial<KeptCells> & { readonly lastDay?: number } = {}): KeptCells => {
  const { lastDay = LAST_DAY, ...others } = changes;
  const windows = windowsUpTo(lastDay);
  return {
    ...{ project: 'acme-cli', dimension: 'os', k: 10, cleanings: '' },
    cells: {
      ...{ lastDay, madeAt: new Date(lastDay * 86_400_000), windows, k: 10 },
      totals: windows.map((_, n) => n),
      groups: [{ group: HOSTILE.toWellFormed(), counts: Int32Array.from(windows, (_, n) => -n) }],
      isShort: windows.map((_, n) => n % 2 === 0),
    },
    ...others,
  };
};

const done = (target: string) => ({ action: 'PUT', target, outcome: 'done' as const });

/** What settings do, wherever they are kept. */
export function settingsContract(makePlace: () => Promise<SettingsPlace>): void {
  describe.each(SETTINGS_KINDS)('$kind', (of) => {
    const valuesOf = (texts: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, of.value(name, text)]));

    it('are as they were put, changed and removed, and stay so when they are opened again', async () => {
      const place = await makePlace();
      const settings = await place.open();
      for (const name of of.names) await of.put(settings, name, 'before');
      const [first = '', second = '', ...others] = of.names;
      await of.put(settings, second, HOSTILE);
      await of.remove(settings, first);
      await of.remove(settings, first);
      const expected = valuesOf({
        ...{ [second]: HOSTILE },
        ...Object.fromEntries(others.map((name) => [name, 'before'])),
      });
      expect(of.all(settings)).toEqual(expected);
      await settings.close();
      expect(of.all(await place.open())).toEqual(expected);
    });

    it('lose no change of many at once, and take long texts', async () => {
      const place = await makePlace();
      const settings = await place.open();
      const long = 'x\u{1F511}'.repeat(100_000);
      await Promise.all(of.names.map((name) => of.put(settings, name, long)));
      await Promise.all([
        of.remove(settings, of.names[0] ?? ''),
        of.put(settings, of.names[1] ?? '', 'after'),
      ]);
      const expected = valuesOf(
        Object.fromEntries(of.names.slice(1).map((name, n) => [name, n === 0 ? 'after' : long])),
      );
      // A difference would fill the screen.
      expect(isDeepStrictEqual(of.all(settings), expected)).toBe(true);
      await settings.close();
      expect(isDeepStrictEqual(of.all(await place.open()), expected)).toBe(true);
    });

    it('are as before where a change cannot be written, and change afterwards', async () => {
      const place = await makePlace();
      const settings = await place.open();
      const [name = '', other = ''] = of.names;
      await of.put(settings, name, 'before');
      const mend = await place.breakWrites();
      await expect(of.put(settings, name, 'failed')).rejects.toThrow();
      await expect(of.remove(settings, name)).rejects.toThrow();
      await expect(of.put(settings, other, 'failed')).rejects.toThrow();
      await mend();
      const before = valuesOf({ [name]: 'before' });
      if (of.outlivesDisk === undefined) expect(of.all(settings)).toEqual(before);
      const again = await place.open();
      expect(of.all(again)).toEqual(before);
      await again.close();
      await of.put(settings, name, 'after');
      expect(of.all(settings)[name]).toEqual(of.value(name, 'after'));
    });
  });

  describe('the audit log', () => {
    const who = { id: 'id', name: HOSTILE };
    const targetsOf = async ({ audit }: OpenedSettings, limit = 100, before?: number) => {
      const { entries, next } = await audit.page(limit, before);
      return { targets: entries.map(({ target }) => target), next };
    };

    it('has what was done, newest first and by pages, and when it is opened again', async () => {
      const place = await makePlace();
      const settings = await place.open();
      expect(await targetsOf(settings)).toEqual({ targets: [], next: null });
      for (const target of ['one', HOSTILE, 'three']) {
        await settings.audit.record(who, { ...done(target), details: { text: HOSTILE } });
      }
      await settings.close();
      const again = await place.open();
      const all = { targets: ['three', HOSTILE, 'one'], next: null };
      expect(await targetsOf(again)).toEqual(all);
      const { entries } = await again.audit.page(1);
      expect(entries).toMatchObject([{ who: HOSTILE, token: 'id', details: { text: HOSTILE } }]);
      const first = await targetsOf(again, 2);
      expect(first.targets).toEqual(['three', HOSTILE]);
      await again.audit.record(who, done('later'));
      expect(await targetsOf(again, 2, first.next ?? 0)).toEqual({ targets: ['one'], next: null });
      expect((await targetsOf(again, 100, Number.MAX_SAFE_INTEGER)).targets[0]).toBe('later');
    });

    it('loses nothing of what two record at once, and cuts what is long', async () => {
      const place = await makePlace();
      const [one, other] = [await place.open(), await place.open()];
      const targets = Array.from({ length: 20 }, (_, n) => `${n} `.padEnd(600, '\u{1F511}'));
      await Promise.all(
        targets.map((target, n) => (n % 2 === 0 ? one : other).audit.record(who, done(target))),
      );
      for (const settings of [one, other]) {
        const told = await targetsOf(settings);
        expect(told.targets.sort()).toEqual(targets.map((text) => text.slice(0, 512)).sort());
      }
    });

    it('has nothing of what could not be written, and goes on', async () => {
      const place = await makePlace();
      const { audit } = await place.open();
      const mend = await place.breakWrites();
      await expect(audit.record(who, done('failed'))).rejects.toThrow();
      await mend();
      await audit.record(who, done('after'));
      expect((await audit.page(10)).entries).toMatchObject([{ target: 'after' }]);
    });
  });

  describe('what the public was shown', () => {
    it('is what was written last of a day, also when it is opened again', async () => {
      const place = await makePlace();
      const settings = await place.open();
      const all = [
        cellsOf(),
        cellsOf({ dimension: 'version' }),
        cellsOf({ project: 'a\0b"' }),
        cellsOf({ project: '__proto__', dimension: 'field:x:__proto__' }),
      ];
      for (const kept of all) expect(await settings.cells.write(kept)).toEqual(kept.cells);
      const later = cellsOf({ lastDay: LAST_DAY + 1 });
      expect(await settings.cells.write(later)).toEqual(later.cells);
      await settings.close();
      const { cells } = await place.open();
      expect(await cells.read('acme-cli', 'os', LAST_DAY + 1)).toEqual(later);
      for (const kept of all.slice(1)) {
        expect(await cells.read(kept.project, kept.dimension, LAST_DAY)).toEqual(kept);
      }
      expect(await cells.read('none', 'os', LAST_DAY)).toBeUndefined();
    });

    it('is not written in part', async () => {
      const place = await makePlace();
      const { cells } = await place.open();
      const mend = await place.breakWrites();
      await expect(cells.write(cellsOf())).rejects.toThrow();
      await mend();
      expect(await cells.read('acme-cli', 'os', LAST_DAY)).toBeUndefined();
      expect(await cells.write(cellsOf())).toEqual(cellsOf().cells);
    });
  });
}
