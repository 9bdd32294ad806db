import { describe, expect, it } from 'vitest';
import type { KeyValueStorage } from '../../src/storage/storage.js';

/**
 * What every {@link KeyValueStorage} must do. `open` makes a new and empty one. One that keeps
 * nothing takes every call and answers as if nothing had ever been stored.
 */
export function keyValueContract(
  name: string,
  open: () => KeyValueStorage,
  { keeps = true } = {},
): void {
  describe(`key-value storage: ${name}`, () => {
    if (!keeps) {
      it('takes every call and keeps nothing', async () => {
        const storage = open();
        await storage.set('a', '1');
        expect(await storage.setIfAbsent('a', '2')).toBe('2');
        expect(await storage.get('a')).toBeUndefined();
        await storage.remove('a');
      });
      return;
    }

    it('has nothing under a key that was never set', async () => {
      expect(await open().get('anonymous-id')).toBeUndefined();
    });

    it('gives back what was set, and the last of it', async () => {
      const storage = open();
      await storage.set('anonymous-id', 'one');
      await storage.set('anonymous-id', 'two machine');
      expect(await storage.get('anonymous-id')).toBe('two machine');
    });

    it('keeps keys apart', async () => {
      const storage = open();
      await storage.set('a', '1');
      await storage.set('b', '2');
      expect(await storage.get('a')).toBe('1');
    });

    it('stores a value only where there is none, and tells which one is there', async () => {
      const storage = open();
      expect(await storage.setIfAbsent('a', 'first')).toBe('first');
      expect(await storage.setIfAbsent('a', 'second')).toBe('first');
      expect(await storage.get('a')).toBe('first');
    });

    it('gives one value to all who store at the same time', async () => {
      const storage = open();
      const all = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => storage.setIfAbsent('a', `v${index}`)),
      );
      expect(new Set(all).size).toBe(1);
    });

    it('forgets what is removed, and minds nothing that is not there', async () => {
      const storage = open();
      await storage.set('a', '1');
      await storage.remove('a');
      await storage.remove('a');
      expect(await storage.get('a')).toBeUndefined();
      expect(await storage.setIfAbsent('a', '2')).toBe('2');
    });
  });
}
