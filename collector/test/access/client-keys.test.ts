import { describe, expect, it } from 'vitest';
import { createClientKeys, isLoopback } from '../../src/access/client-keys.js';

describe('what stands for a client’s address', () => {
  it('is a hash under a salt of this process and this day', () => {
    let now = 0;
    const keyOf = createClientKeys(() => now);
    const key = keyOf('192.0.2.1');
    expect(key).toMatch(/^[\w+/]{22}$/);
    expect(keyOf('192.0.2.1')).toBe(key);
    expect(keyOf('192.0.2.2')).not.toBe(key);
    expect(createClientKeys(() => now)('192.0.2.1')).not.toBe(key);
    now = 24 * 60 * 60 * 1000;
    expect(keyOf('192.0.2.1')).not.toBe(key);
  });

  it.each([
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['192.0.2.1', '::FFFF:192.0.2.1'],
    ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6'],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002::'],
    ['2001:db8::1', '2001:db8:0:0:9::'],
    ['::1', '::2'],
    ['fe80::1%eth0', 'fe80::2'],
    ['64:ff9b::192.0.2.1', '64:ff9b::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::'],
  ])('is the same for one subscriber: %s and %s', (one, other) => {
    const keyOf = createClientKeys(() => 0);
    expect(keyOf(one)).toBe(keyOf(other));
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['192.0.2.1', '192.0.3.1'],
    ['::1', '1::'],
  ])('differs between subscribers: %s and %s', (one, other) => {
    const keyOf = createClientKeys(() => 0);
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it('knows this machine', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
      expect([address, isLoopback(address)]).toEqual([address, true]);
    }
    for (const address of ['128.0.0.1', '::2', '1.127.0.0', '']) {
      expect([address, isLoopback(address)]).toEqual([address, false]);
    }
  });
});
