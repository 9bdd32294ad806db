import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';
import { PORT_INSIDE } from './name-server.js';
import { tempFolder } from './temp-folder.js';

/** A network of the test's own, where a host is far away. */
export interface SlowNetwork {
  /** Runs a command inside. */
  readonly wrapper: readonly string[];
  /** Requests to the collector inside, which takes everything. */
  readonly requests: () => number;
}

/** The name of the host that is far away. */
export const FAR_HOST = 'far.headcount.test';

/**
 * A network in which {@link FAR_HOST} has an address of IPv4, with a round trip of so many
 * milliseconds, and one of IPv6, to which no route leads. The hosts file knows the name.
 */
export async function startSlowNetwork(roundTripMs: number): Promise<SlowNetwork> {
  const folder = tempFolder('slow');
  const [hosts, source, mirror, server] = ['hosts', 'mirror.c', 'mirror', 'server.mjs'].map(
    (file) => join(folder, file),
  ) as [string, string, string, string];
  writeFileSync(hosts, `10.77.0.2 ${FAR_HOST}\n2001:db8::2 ${FAR_HOST}\n`);
  writeFileSync(source, MIRROR);
  execFileSync('gcc', ['-O1', '-o', mirror, source]);
  writeFileSync(server, SERVER);
  const script = `ip link set lo up
    mount --bind "$1" /etc/hosts
    "$2" "$3" & until ip link show far >/dev/null 2>&1; do sleep 0.05; done
    ip addr add 10.77.0.1/24 dev far && ip link set far up
    exec "$4" "$5"`;
  const args = [hosts, mirror, String(roundTripMs / 2), process.execPath, server];
  const holder = spawn('unshare', ['--net', '--mount', 'sh', '-euc', script, 'sh', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  onTestFinished(() => void process.kill(-(holder.pid ?? 0), 'SIGKILL')); // the mirror too
  let said = '';
  holder.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await eventually(() => said.includes('listening'), 'the collector inside');
  return {
    wrapper: ['nsenter', '--target', String(holder.pid), '--net', '--mount', '--'],
    requests: () => said.split('\n').filter((line) => line === 'request').length,
  };
}

const SERVER = `
  import { createServer } from 'node:http';
  import { writeSync } from 'node:fs';
  createServer((request, response) => {
    request.resume().on('end', () => { writeSync(1, 'request\\n'); response.writeHead(202).end('{}'); });
  }).listen(${PORT_INSIDE}, '10.77.0.1', () => writeSync(1, 'listening\\n'));`;

/**
 * Sends each packet back after a time, with its addresses swapped: so a connection to 10.77.0.2
 * comes back to this machine, from there. The sums in the packet stay right.
 */
const MIRROR = `
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static struct { long long due; int size; unsigned char bytes[2048]; } queue[1024];

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int main(int count, char **args) {
  int delay = atoi(args[1]);
  struct ifreq wanted;
  memset(&wanted, 0, sizeof wanted);
  strcpy(wanted.ifr_name, "far");
  wanted.ifr_flags = IFF_TUN | IFF_NO_PI;
  int tun = open("/dev/net/tun", O_RDWR);
  if (tun < 0 || ioctl(tun, TUNSETIFF, &wanted) < 0) return 1;
  unsigned int first = 0, next = 0;
  for (;;) {
    long long now = now_ms();
    for (; first != next && queue[first % 1024].due <= now; first++)
      write(tun, queue[first % 1024].bytes, queue[first % 1024].size);
    int wait = first == next ? 1000 : (int)(queue[first % 1024].due - now);
    struct pollfd polled = { tun, POLLIN, 0 };
    if (poll(&polled, 1, wait) <= 0) continue;
    unsigned char *bytes = queue[next % 1024].bytes;
    int size = read(tun, bytes, 2048);
    if (size < 20 || bytes[0] >> 4 != 4) continue;
    unsigned char source[4];
    memcpy(source, bytes + 12, 4);
    memcpy(bytes + 12, bytes + 16, 4);
    memcpy(bytes + 16, source, 4);
    queue[next % 1024].size = size;
    queue[next % 1024].due = now_ms() + delay;
    next++;
  }
}
`;
