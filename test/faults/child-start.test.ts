import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { compiled } from '../support/compiled.js';
import { eventually } from '../support/eventually.js';
import { type ExitChild, exitChildren } from '../support/exit-children.js';
import { silent, startFaultServer } from '../support/fault-server.js';
import { nodeRelease } from '../support/fault-tools.js';
import { packageWith } from '../support/package-with.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { selfSigned } from '../support/self-signed.js';
import { startSocksProxy } from '../support/socks-proxy.js';
import { tempFolder } from '../support/temp-folder.js';

const FILES = { 'cli.mjs': TRACK_ONCE };

/** The child of a program that ran so; it waits for a server that never answers. */
async function childOf(options: RunOptions): Promise<ExitChild> {
  const server = await startFaultServer(silent);
  const app = createTestApp(FILES);
  onTestFinished(() => exitChildren(app.home).forEach(({ pid }) => process.kill(pid, 'SIGKILL')));
  const env = { HEADCOUNT_ENDPOINT: server.address, ...options.env };
  expect(await app.run('cli.mjs', { ...options, env })).toMatchObject({ code: 0 });
  return eventually(() => exitChildren(app.home)[0], 'a sending child');
}

describe('the child runs as its host does', () => {
  it('with its flags of memory, compilers and certificates, and with no other', async () => {
    const { commandLine } = await childOf({
      nodeArgs: ['--no-opt', '--no-warnings', '--tls-cipher-list', 'DEFAULT', '--stack_size=900'],
      env: { NODE_OPTIONS: '--max-old-space-size=300 --title="a b" "--use-openssl-ca"' },
    });
    expect(commandLine.slice(1)).toEqual([
      ...['--max-old-space-size=300', '--use-openssl-ca', '--no-opt'],
      ...['--tls-cipher-list=DEFAULT', '--stack-size=900', '-'],
    ]);
  });

  it('without compilers, where no memory may become executable', async () => {
    const program = compiled(
      `#include <sys/prctl.h>
       #include <unistd.h>
       int main(int count, char **words) {
         if (prctl(65 /* PR_SET_MDWE */, 1, 0, 0, 0)) return 99;
         return execvp(words[1], words + 1);
       }`,
      'program',
    );
    const started = join(tempFolder('log'), 'started');
    const headcount = packageWith(
      `if (process.env.HEADCOUNT_CHILD)
         require('node:fs').appendFileSync(${JSON.stringify(started)}, process.execArgv.join());`,
    );
    const server = await startFaultServer();
    for (const how of [{ nodeArgs: ['--jitless'] }, { env: { NODE_OPTIONS: '--jitless' } }]) {
      writeFileSync(started, '');
      const app = createTestApp(FILES, { headcount });
      const run = await app.run('cli.mjs', {
        ...how,
        wrapper: [program],
        env: { HEADCOUNT_ENDPOINT: server.address, ...how.env },
      });
      expect(run).toMatchObject({ code: 0, stdout: 'done\n' });
      await eventually(() => readFileSync(started, 'utf8') === '--jitless', 'the start of a child');
    }
  });

  it.each([
    ['a folder', (folder: string) => folder],
    ['a relative folder', () => 'lib'],
    ['the working folder, as an empty entry', () => `/nowhere:`],
  ])('with libraries that only LD_LIBRARY_PATH finds: %s', async (name, value) => {
    const folder = tempFolder('node');
    const lib = join(folder, 'lib');
    mkdirSync(lib);
    const node = join(folder, 'node');
    copyFileSync(process.execPath, node);
    copyFileSync(compiled('int headcount_test;', 'library'), join(lib, 'libheadcount-test.so'));
    execFileSync('patchelf', ['--add-needed', 'libheadcount-test.so', node]);
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const run = await app.run('cli.mjs', {
      node,
      cwd: name.startsWith('the working') ? lib : folder,
      env: { HEADCOUNT_ENDPOINT: server.address, LD_LIBRARY_PATH: value(lib) },
    });
    expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
    await eventually(() => server.accepted().length === 1, 'the report');
  });
});

describe('the child connects as its host does', () => {
  it('through a preloaded library, which reads variables of its own', async () => {
    const direct = await startFaultServer();
    const wrapped = await startFaultServer();
    const library = compiled(
      `#include <dlfcn.h>
       #include <netinet/in.h>
       #include <stdlib.h>
       #include <sys/socket.h>
       int connect(int fd, const struct sockaddr *to, socklen_t size) {
         int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
         struct sockaddr_in *at = (struct sockaddr_in *)to;
         const char *port = getenv("REDIRECT_TO");
         if (port && to->sa_family == AF_INET && at->sin_port == htons(${direct.port}))
           at->sin_port = htons(atoi(port));
         return next(fd, to, size);
       }`,
      'library',
    );
    const app = createTestApp(FILES);
    for (const [nth, LD_PRELOAD] of [library, `./${basename(library)}`].entries()) {
      await app.run('cli.mjs', {
        cwd: dirname(library),
        env: {
          HEADCOUNT_ENDPOINT: direct.address,
          LD_PRELOAD,
          REDIRECT_TO: String(wrapped.port),
          REDIRECT_SECRET: 'secret',
        },
      });
      await eventually(() => wrapped.accepted().length === nth + 1, 'the report');
      await eventually(() => exitChildren(app.home).length === 0, 'the end of the child');
    }
    expect(direct.connections()).toBe(0);
  });

  it('through proxychains', async () => {
    const server = await startFaultServer();
    const proxy = await startSocksProxy();
    const config = join(tempFolder('proxychains'), 'proxychains.conf');
    writeFileSync(config, `strict_chain\n[ProxyList]\nsocks5 127.0.0.1 ${proxy.port}\n`);
    const app = createTestApp(FILES);
    for (const [nth, named] of [config, basename(config)].entries()) {
      const run = await app.run('cli.mjs', {
        cwd: dirname(config),
        wrapper: ['proxychains4', '-q', '-f', named],
        env: { HEADCOUNT_ENDPOINT: server.address },
      });
      expect(run).toMatchObject({ code: 0, stdout: 'done\n' });
      await eventually(() => server.accepted().length === nth + 1, 'the report');
      expect(proxy.connections()).toBe(nth + 1);
      expect(server.connections()).toBe(nth + 1);
    }
  });

  it('with no variable that a preloaded library does not read', async () => {
    const library = compiled('int headcount_test;', 'library');
    const child = await childOf({ env: { LD_PRELOAD: library, ACME_TOKEN: 'secret' } });
    expect(child.environment).toMatchObject({ LD_PRELOAD: library });
    expect(JSON.stringify(child.environment)).not.toContain('secret');
  });

  it('not at all, where a preloaded library is too large to be read', async () => {
    const server = await startFaultServer();
    const library = compiled(`const char large[${5 * 1024 * 1024}] = "x";`, 'library');
    const app = createTestApp(FILES);
    const env = {
      HEADCOUNT_ENDPOINT: server.address,
      HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: undefined,
    };
    await app.run('cli.mjs', { env: { ...env, LD_PRELOAD: library } });
    expect(exitChildren(app.home)).toEqual([]);
    await app.run('cli.mjs', { env });
    await eventually(() => server.accepted().length === 2, 'both reports');
  });
});

describe('the child trusts what its host trusts', () => {
  const flag = (name: string): RunOptions => ({ nodeArgs: [name] });
  const option = (name: string): RunOptions => ({ env: { NODE_OPTIONS: name } });
  it.each<[string, '20.18' | '22' | '24', RunOptions, string]>([
    ['NODE_EXTRA_CA_CERTS', '20.18', {}, 'NODE_EXTRA_CA_CERTS'],
    ['--use-openssl-ca', '20.18', flag('--use-openssl-ca'), 'SSL_CERT_FILE'],
    ['--use-openssl-ca of NODE_OPTIONS', '22', option('--use-openssl-ca'), 'SSL_CERT_FILE'],
    ['--use-system-ca', '24', flag('--use-system-ca'), 'SSL_CERT_FILE'],
    ['--use-system-ca of NODE_OPTIONS', '22', option('--use-system-ca'), 'SSL_CERT_FILE'],
    ['NODE_USE_SYSTEM_CA', '24', { env: { NODE_USE_SYSTEM_CA: '1' } }, 'SSL_CERT_FILE'],
  ])('by %s, on Node.js %s', async (_name, release, how, variable) => {
    const folder = tempFolder('tls');
    const identity = selfSigned(folder);
    const server = await startFaultServer(undefined, () => identity);
    const app = createTestApp(FILES);
    for (const [nth, file] of [join(folder, 'cert.pem'), 'cert.pem'].entries()) {
      await app.run('cli.mjs', {
        ...how,
        node: nodeRelease(release),
        cwd: folder,
        env: { HEADCOUNT_ENDPOINT: server.address, ...how.env, [variable]: file },
      });
      await eventually(() => server.accepted().length === nth + 1, `the report by ${file}`);
    }
  });
});
