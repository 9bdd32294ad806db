import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';
import { tempFolder } from './temp-folder.js';

/** A network of the test's own, with a name server. */
export interface NamesNetwork {
  /** Runs a command inside. */
  readonly wrapper: readonly string[];
  /** The names the server was asked for, in the order of the questions. */
  readonly asked: () => readonly string[];
  /** A JSON file with the names that are known. */
  readonly knownFile: string;
  /** Requests to the collector inside, which takes everything. */
  readonly requests: () => number;
}

/** Where the collector inside listens. */
export const PORT_INSIDE = 8081;

/** See {@link NamesNetwork}. `known` lead to the collector inside; without them the server says nothing. */
export async function startNames({
  resolvConf = '',
  known,
}: {
  readonly resolvConf?: string;
  readonly known?: readonly string[];
} = {}): Promise<NamesNetwork> {
  const folder = tempFolder('names');
  const resolv = join(folder, 'resolv.conf');
  const server = join(folder, 'server.mjs');
  writeFileSync(resolv, `nameserver 127.0.0.53\n${resolvConf}`);
  const knownFile = join(folder, 'known.json');
  writeFileSync(knownFile, JSON.stringify(known ?? null));
  writeFileSync(server, serverCode(knownFile));
  const script = `ip link set lo up && mount --bind "$1" /etc/resolv.conf && exec "$2" "$3"`;
  const holder = spawn(
    'unshare',
    ['--net', '--mount', 'sh', '-c', script, 'sh', resolv, process.execPath, server],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void holder.kill('SIGKILL'));
  let said = '';
  holder.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const lines = (): string[] => said.split('\n').slice(0, -1);
  await eventually(() => lines().includes('bound'), 'the name server');
  // unshare and sh have become the server by exec: its pid is the child's.
  return {
    wrapper: ['nsenter', '--target', String(holder.pid), '--net', '--mount', '--'],
    knownFile,
    asked: () => lines().flatMap((line) => /^asked (.*)/.exec(line)?.[1] ?? []),
    requests: () => lines().filter((line) => line === 'request').length,
  };
}

/** Answers as RFC 1035 has it: an address of IPv4, no address of IPv6, or no such name. */
const serverCode = (knownFile: string): string => `
  import { createSocket } from 'node:dgram';
  import { readFileSync } from 'node:fs';
  import { createServer } from 'node:http';
  const say = (text) => process.stdout.write(text + '\\n');
  const server = createSocket('udp4').on('message', (question, from) => {
    const labels = [];
    let at = 12;
    while (question[at] > 0) labels.push(String(question.subarray(at + 1, (at += question[at] + 1))));
    const name = labels.join('.').toLowerCase();
    say('asked ' + name);
    const known = JSON.parse(readFileSync(${JSON.stringify(knownFile)}, 'utf8'));
    if (!known) return;
    const isKnown = known.includes(name);
    const isFound = isKnown && question[at + 2] === 1;
    const header = Buffer.from([question[0], question[1], 0x81, isKnown ? 0x80 : 0x83, 0, 1, 0, isFound ? 1 : 0, 0, 0, 0, 0]);
    const address = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    const parts = [header, question.subarray(12, at + 5), ...(isFound ? [address] : [])];
    server.send(Buffer.concat(parts), from.port, from.address);
  });
  createServer((request, response) => {
    request.resume().on('end', () => { say('request'); response.writeHead(202).end('{}'); });
  }).listen(${PORT_INSIDE}, '127.0.0.1', () => server.bind(53, '127.0.0.53', () => say('bound')));`;
