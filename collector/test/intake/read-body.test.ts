import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createBodyReader } from '../../src/intake/read-body.js';

const bytes = (count: number): Buffer => Buffer.alloc(count, 'x');

describe('a reader of bodies', () => {
  it('reads a body to its end', async () => {
    const read = createBodyReader(100, 1000, 'too large');
    const stream = new PassThrough();
    const body = read(stream);
    stream.write('ab');
    stream.end('c');
    expect((await body).toString()).toBe('abc');
  });

  it('gives a body up that is too large, as soon as it is', async () => {
    const read = createBodyReader(100, 1000, 'too large');
    const stream = new PassThrough();
    const body = read(stream);
    stream.write(bytes(101));
    await expect(body).rejects.toMatchObject({ code: 'too_large', message: 'too large' });
    expect(stream.destroyed).toBe(false);
  });

  it('gives the largest up where all together are too large, and has room again', async () => {
    const read = createBodyReader(100, 200, 'too large');
    const streams = Array.from({ length: 4 }, () => new PassThrough());
    const bodies = streams.map(read);
    const sizes = [50, 90, 10, 60];
    for (const [n, size] of sizes.entries()) streams[n]?.write(bytes(size));
    await expect(bodies[1]).rejects.toMatchObject({ code: 'busy' });
    for (const n of [0, 2, 3]) streams[n]?.end('!');
    const lengths = await Promise.all([0, 2, 3].map(async (n) => (await bodies[n])?.length));
    expect(lengths).toEqual([51, 11, 61]);

    const more = Array.from({ length: 2 }, () => new PassThrough());
    const moreBodies = more.map(read);
    for (const stream of more) stream.end(bytes(100));
    expect((await Promise.all(moreBodies)).map(({ length }) => length)).toEqual([100, 100]);
  });

  it('ends where the client does', async () => {
    const read = createBodyReader(100, 150, 'too large');
    const stream = new PassThrough();
    const body = read(stream);
    stream.write(bytes(90));
    stream.destroy();
    await expect(body).rejects.toThrow();
    const next = new PassThrough();
    const nextBody = read(next);
    next.end(bytes(100));
    expect((await nextBody).length).toBe(100);
  });
});
