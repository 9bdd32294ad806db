import { request } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { post } from '../support/load.js';
import { peakMegabytes } from '../support/memory.js';
import { fullReport } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const INFLATED_BYTES = 100_000_000;

const BOMBS = 200;

/** What three of the bombs would take; inflated all at once, even to their limit, they take 1000. */
const MAX_GROWTH_MEGABYTES = 300;

function throwBomb(url: string, encoding: string, bomb: Buffer): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sending.on('error', reject);
    sending.end(bomb);
  });
}

describe.runIf(process.platform === 'linux')('many bombs at once', () => {
  const zeros = Buffer.alloc(INFLATED_BYTES);
  const widest = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 1,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    },
  };

  it.each([
    ['gzip', gzipSync(zeros)],
    ['br', brotliCompressSync(zeros, widest)],
  ])('take little memory, and others are served meanwhile: %s', async (encoding, bomb) => {
    const args = ['--port', '0', '--log-level', 'warn', '--data', temporaryFolder()];
    const collector = await startProcess(args);
    const url = `${await collector.url()}/v1/reports`;
    const before = peakMegabytes(collector.child.pid);
    const answers = Array.from({ length: BOMBS }, () => throwBomb(url, encoding, bomb));
    expect(await post(url, fullReport())).toBe(202);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([413]));
    const peak = peakMegabytes(collector.child.pid);
    expect(peak).toBeLessThan(before + MAX_GROWTH_MEGABYTES);
  });
});
