import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp, runNode } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const ATTACK = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202Egnp\u2028\u0000\r';
/** No line that a command prints has more of these than its end. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** All files of a home folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

/** Puts the attack into every text of a JSON value. */
function attacked(value: unknown): unknown {
  if (typeof value === 'string') return value + ATTACK;
  if (Array.isArray(value)) return value.map(attacked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, attacked(each)]));
}

describe('no command prints a control character', () => {
  it('of a collector, or of a file', async () => {
    const data = { [`key${ATTACK}`]: ATTACK, list: [ATTACK] };
    const recorder = await startHttpRecorder(({ method, url }) => {
      if (method === 'POST') return {};
      const body = method === 'DELETE' || url.includes('users') ? JSON.stringify(data) : ATTACK;
      return { status: 200, body, headers: { date: 'x', server: 'y' } };
    });
    onTestFinished(() => recorder.close());
    const app = createTestApp({ 'cli.mjs': `import { track } from 'headcount'; track();` });
    const env = { HEADCOUNT_ENDPOINT: recorder.address };
    await app.run('cli.mjs', { env });
    await eventually(() => recorder.reports().length === 1, 'the report');
    const last = (): string | undefined =>
      filesIn(app.home).find((file) => file.endsWith('last-request.json'));
    await eventually(() => last() !== undefined, 'the copy of what was sent');
    const seen: [string, string][] = [];
    const commands = [
      ...['status', 'show', 'show --json', 'doctor', 'doctor --json', 'export', 'status --json'],
      ...[`x${ATTACK}`, `status --x${ATTACK}`, 'forget', 'forget', 'forget --json'],
    ];
    const run = async (args: string[]): Promise<void> => {
      const { stdout, stderr } = await runNode(BIN, app.home, {
        args: args.map((arg) => arg.replaceAll('\0', '')), // no argument may have one
        env,
      });
      for (const line of `${stdout}\n${stderr}`.split('\n')) {
        if (CONTROL.test(line)) seen.push([args.join(' '), line]);
      }
      expect(stdout + stderr).not.toBe('');
    };
    const poison = (): void => {
      for (const file of filesIn(app.home)) {
        if (/app\.json$|delivery$|deletion-receipt$/.test(file)) {
          const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
          const { project } = json; // else the program is not known
          const changed = {
            ...(attacked(json) as object),
            ...(project !== undefined && { project }),
          };
          writeFileSync(file, JSON.stringify(changed));
        }
        if (file.endsWith('last-request.json')) writeFileSync(file, ATTACK);
      }
    };
    for (const command of commands) {
      await run([...command.split(' '), '--project', 'acme-cli']);
      poison();
    }
    await run(['show', '--project', `acme${ATTACK}`]);
    await run(['status']);
    await run(['status', '--json']);
    await run(['on', '--project', 'acme-cli']);
    expect(seen).toEqual([]);
  }, 60_000);
});
