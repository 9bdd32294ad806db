import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from '../support/certificate.js';
import { deployFile } from '../support/deploy-file.js';
import { freePort } from '../../support/free-port.js';
import { startTool, type Tool } from '../support/start-tool.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';

export const SITE = 'stats.example.org';

export interface ProxySetting {
  readonly certificate: Certificate;
  /** The collector's host and port. */
  readonly upstream: string;
  /** Those of further collectors, for proxies that share requests out. */
  readonly others?: readonly string[];
  /** After which time, as the proxy writes it, it closes connections that nobody needs. */
  readonly idle?: string;
  readonly path?: string;
  /** A proxy in front of it, which it may believe. */
  readonly outerProxy?: string;
}

interface Prepared {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

/** What a configuration of a reader has around the file that is shipped. */
type Prepare = (folder: string, variables: Record<string, string>) => Prepared;

/** The real proxies, each with the file for it and with nothing else that concerns the collector. */
export const PROXIES = {
  nginx: (folder, variables) => {
    const template = readFileSync(deployFile('nginx/headcount.conf.template'));
    const names = Object.keys(variables).map((name) => `$${name}`);
    const env = { PATH: process.env['PATH'], ...variables };
    const site = execFileSync('envsubst', [names.join(' ')], { input: template, env });
    writeFileSync(join(folder, 'headcount.conf'), site);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const main = join(folder, 'nginx.conf');
    writeFileSync(
      main,
      `daemon off; user root; worker_processes 1; error_log stderr; pid ${folder}/nginx.pid;
events { worker_connections 512; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  include ${folder}/headcount.conf;
}
`,
    );
    return { command: 'nginx', args: ['-c', main, '-e', 'stderr'] };
  },
  caddy: (folder, variables) => {
    const main = join(folder, 'Caddyfile');
    writeFileSync(
      main,
      `{
  admin off
  auto_https disable_redirects
}
import ${deployFile('caddy/headcount.caddy')}
`,
    );
    const env = { HOME: folder, ...variables };
    return { command: 'caddy', args: ['run', '--config', main, '--adapter', 'caddyfile'], env };
  },
  haproxy: (folder, variables) => {
    const main = join(folder, 'haproxy.cfg');
    writeFileSync(main, 'global\n  maxconn 512\n  nbthread 1\n');
    const files = ['-f', main, '-f', deployFile('haproxy/headcount.cfg')];
    return { command: 'haproxy', args: ['-db', ...files], env: variables };
  },
  apache: (folder, variables) => {
    const main = join(folder, 'apache2.conf');
    const modules = [
      'mpm_event',
      'authz_core',
      'socache_shmcb',
      'ssl',
      'headers',
      'proxy',
      'http2',
    ];
    const loaded = [...modules, 'proxy_http'].map(
      (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
    );
    const defined = Object.entries(variables).map(([name, value]) => `Define ${name} ${value}`);
    writeFileSync(
      main,
      `${loaded.join('\n')}
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache2.pid
ErrorLog ${folder}/error.log
ServerName localhost
User www-data
Group www-data
ServerLimit 16
# No child ends while it has work: Apache ends those that seem too many, and their connections.
StartServers 2
MaxSpareThreads 400
Listen ${variables['HEADCOUNT_SITE_PORT']}
${defined.join('\n')}
Include ${deployFile('apache/headcount.conf')}
`,
    );
    return { command: 'apache2', args: ['-DFOREGROUND', '-f', main] };
  },
} as const satisfies Record<string, Prepare>;

export type ProxyName = keyof typeof PROXIES;

/** What the files have, in milliseconds; for nginx, what the manual recommends. */
export const DEFAULT_IDLE_MS: Readonly<Record<ProxyName, number>> = {
  ...{ nginx: 60_000, caddy: 60_000, haproxy: 5000, apache: 60_000 },
};

export const PROXY_NAMES = Object.keys(PROXIES) as ProxyName[];

type Upstreams = readonly [first: string, ...others: string[]];

/** How the proxies that share requests out between collectors are told of them. */
const BALANCERS = {
  nginx: (upstreams) => ({ HEADCOUNT_UPSTREAM: upstreams.join('; server ') }),
  caddy: (upstreams) => ({ HEADCOUNT_UPSTREAM: upstreams.join(' ') }),
  haproxy: ([first, ...others]) => ({
    HEADCOUNT_UPSTREAM: first,
    ...Object.fromEntries(others.map((other, n) => [`HEADCOUNT_UPSTREAM_${n + 2}`, other])),
  }),
} as const satisfies Partial<Record<ProxyName, (upstreams: Upstreams) => Record<string, string>>>;

export const BALANCER_NAMES = Object.keys(BALANCERS) as (keyof typeof BALANCERS)[];

const isBalancer = (name: ProxyName): name is keyof typeof BALANCERS => name in BALANCERS;

/** Starts a proxy on a free port. @returns Its port, and the folder that has its files. */
export async function startProxy(
  name: ProxyName,
  { certificate, upstream, others = [], idle, path = '/headcount', outerProxy }: ProxySetting,
  atEnd?: AtEnd,
): Promise<{ readonly port: number; readonly folder: string; readonly tool: Tool }> {
  const folder = temporaryFolder(atEnd);
  const port = await freePort();
  const prepare: Prepare = PROXIES[name];
  const {
    command,
    args,
    env = {},
  } = prepare(folder, {
    HEADCOUNT_SITE: SITE,
    HEADCOUNT_SITE_PORT: String(port),
    HEADCOUNT_SITE_CERT: name === 'haproxy' ? certificate.both : certificate.cert,
    HEADCOUNT_SITE_KEY: certificate.key,
    HEADCOUNT_PATH: path,
    ...(isBalancer(name)
      ? BALANCERS[name]([upstream, ...others])
      : { HEADCOUNT_UPSTREAM: upstream }),
    HEADCOUNT_UPSTREAM_IDLE: idle ?? `${DEFAULT_IDLE_MS[name]}ms`,
    ...(outerProxy !== undefined && { HEADCOUNT_OUTER_PROXIES: outerProxy }),
  });
  const tool = startTool(command, args, {
    env,
    cwd: folder,
    ...(atEnd && { atEnd }),
  });
  return { port, folder, tool };
}
