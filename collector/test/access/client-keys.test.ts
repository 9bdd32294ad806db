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
    ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6'],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002::'],
    // What one customer of a provider gets: 65 536 networks of 64 bits.
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1::', '2001:db8:1:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::1', '2001:db8:0:0:9::'],
    ['::1', '::2'],
    ['fe80::1%eth0', 'fe80::2'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::'],
  ])('is the same for the first 48 bits of IPv6: %s and %s', (one, other) => {
    const keyOf = createClientKeys(() => 0);
    expect(keyOf(one)).toBe(keyOf(other));
  });

  it.each([
    ['mapped', '::ffff:192.0.2.1'],
    ['mapped', '::FFFF:192.0.2.1'],
    ['mapped, in hex', '::ffff:c000:201'],
    ['mapped, without a gap', '0:0:0:0:0:ffff:c000:0201'],
    ['translated', '::ffff:0:192.0.2.1'],
    ['NAT64', '64:ff9b::192.0.2.1'],
    ['NAT64, in hex', '0064:FF9B::c000:201'],
    ['NAT64 of a network’s own', '64:ff9b:1::192.0.2.1'],
    ['6to4', '2002:c000:201::'],
    ['6to4, of another host', '2002:c000:0201:ffff:1:2:3:4'],
    ['Teredo', '2001:0:cb00:7101:8000:f227:3fff:fdfe'],
    ['Teredo, by another server', '2001::1:2:3:3fff:fdfe'],
  ])('is the IPv4 address that IPv6 embeds: %s, %s', (_, wrapped) => {
    const keyOf = createClientKeys(() => 0);
    expect(keyOf(wrapped)).toBe(keyOf('192.0.2.1'));
    expect(keyOf(wrapped)).not.toBe(keyOf('192.0.2.2'));
  });

  it.each([
    ['2001:db8:1::1', '2001:db8:2::1'],
    ['2001:db8:1::', '2001:db8::1'],
    ['192.0.2.1', '192.0.3.1'],
    ['192.0.2.1', '192.0.2.2'],
    ['2002:c000:201::', '2002:c000:202::'],
    ['64:ff9b::192.0.2.1', '64:ff9b::192.0.2.2'],
    ['::1', '1::'],
    ['unknown', ''],
  ])('differs between networks: %s and %s', (one, other) => {
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
