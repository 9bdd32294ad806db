import { expect } from 'vitest';
import { type CollectorProcess, startProcess } from '../../support/start-process.js';
import { until } from '../../support/until.js';

const move = (data: string, store: string, direction = '--to'): Promise<CollectorProcess> =>
  startProcess(['move', direction, 'store', '--data', data], { HEADCOUNT_STORE: store });

/** Runs a move to its end. */
export async function moved(data: string, store: string, direction?: string) {
  const { ended, stdout, stderr } = await move(data, store, direction);
  return { code: await ended, stdout: stdout(), stderr: stderr() };
}

/** Runs a move that must succeed. @returns What it printed. */
export async function succeed(data: string, store: string, direction?: string): Promise<string> {
  const { code, stdout, stderr } = await moved(data, store, direction);
  expect(stderr).not.toContain('headcount-collector:');
  expect(code).toBe(0);
  return stdout;
}

/** Ends a move as it begins a step. */
export async function killAt(step: string, data: string, store: string, direction?: string) {
  const { child, ended, stderr } = await move(data, store, direction);
  await until(`the move is at ${step}`, () => stderr().includes(`${step}: `));
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}
