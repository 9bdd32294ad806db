import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/run-app.js';

const TESTS = `
import { test } from 'node:test';
import { get } from 'node:http';
import { startTestCollector } from 'headcount/testing';

const collector = await startTestCollector();
console.log('home=' + collector.home);

test('fails before its end', async () => {
  // A connection that stays open, as that of an app which the test has imported.
  await new Promise((resolve) => {
    const asked = get(collector.endpoint + '/health', (answer) => answer.resume().on('end', resolve));
    asked.on('socket', (socket) => socket.unref());
    globalThis.keeping = setInterval(() => {}, 1000);
  });
  clearInterval(globalThis.keeping);
  await collector.expectReported('render', {}, { withinMs: 300 });
  await collector.close();
});
`;

describe('a test of an app’s that fails before close()', () => {
  it('is red, and ends: the collector keeps no process alive, what is waited for does', async () => {
    const app = createTestApp({ 'red.test.mjs': TESTS });
    const { code, signal, stdout } = await app.run('red.test.mjs', {
      nodeArgs: ['--test'],
      killAfterMs: 20_000,
    });
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(stdout).toContain('render was not reported within 300 ms');
    const home = /home=(\S+)/.exec(stdout)?.[1];
    expect(home).toMatch(/headcount-test-home-/);
    expect(existsSync(home ?? '')).toBe(false);
  });
});
