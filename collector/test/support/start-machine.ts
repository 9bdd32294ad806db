import { execFileSync, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { until } from './until.js';

/** Another machine, as far as the network goes. As root on Linux. */
export interface Machine {
  /** The command that runs another on it. */
  readonly wrapper: readonly string[];
  /** The addresses of both ends of the line by which the machine is asked. */
  readonly ask: Line;
  /** Those of the line by which it asks, which can be cut. */
  readonly way: Line;
  /** Cuts the way without a word, or mends it. */
  readonly setWay: (state: 'up' | 'down') => void;
}

interface Line {
  readonly here: string;
  readonly there: string;
}

/**
 * Starts a machine with two lines to this one. It is gone after the test.
 *
 * @param name - Two letters, which no other machine has at the same time.
 * @param net - The first two numbers of its addresses, likewise.
 */
export async function startMachine(name: string, net: string): Promise<Machine> {
  const holder = spawn('unshare', ['--net', 'sleep', '600'], { stdio: 'ignore' });
  const pid = String(holder.pid);
  const wrapper = ['nsenter', '--target', pid, '--net', '--'];
  const run = (command: string, ...args: string[]): void => {
    execFileSync(command, args, { stdio: 'pipe' });
  };
  const inside = (...command: string[]): void => run('nsenter', ...wrapper.slice(1), ...command);
  onTestFinished(() => {
    // The lines go with their other end.
    for (const line of ['ask', 'way']) run('sh', '-c', `ip link del ${name}${line} || true`);
    holder.kill('SIGKILL');
  });
  const own = (): string => execFileSync('readlink', ['/proc/self/ns/net']).toString();
  await until('it has its own network', () => {
    return execFileSync('readlink', [`/proc/${pid}/ns/net`]).toString() !== own();
  });
  const lay = (line: 'ask' | 'way', number: number): Line => {
    const [near, far] = [`${name}${line}`, `${name}${line}b`];
    const [here, there] = [`${net}.${number}.1`, `${net}.${number}.2`];
    run('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', pid);
    run('ip', 'addr', 'add', `${here}/24`, 'dev', near);
    run('ip', 'link', 'set', near, 'up');
    inside('ip', 'addr', 'add', `${there}/24`, 'dev', far);
    inside('ip', 'link', 'set', far, 'up');
    return { here, there };
  };
  return {
    ...{ wrapper, ask: lay('ask', 98), way: lay('way', 99) },
    setWay: (state) => run('ip', 'link', 'set', `${name}way`, state),
  };
}
