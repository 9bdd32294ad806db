import type { LookupFunction } from 'node:net';
import { NAME_NOT_FOUND } from '../delivery/protocol.js';

/** What name resolution takes from the platform. */
export interface Names {
  /** The system's hosts file, or an empty text. */
  readonly hostsFile: () => string;
  /** The system's resolv.conf, or an empty text. */
  readonly resolverFile: () => string;
  /** Asks the name servers by c-ares. */
  readonly resolve: (hostname: string, family: 4 | 6) => Promise<string[]>;
}

/**
 * A `lookup` for sockets that never calls getaddrinfo, because a pending getaddrinfo delays the
 * exit of the process by up to 10 s, even from an unref'd thread (ADR 0001). Reads the hosts file,
 * then asks the name servers. A name that neither resolves is left to the child.
 */
export function createLookup(names: Names): LookupFunction {
  return (hostname, options, callback) => {
    const wanted = options.family === 6 || options.family === 'IPv6' ? 6 : options.family;
    resolveName(hostname, names)
      .then((found) => {
        const fitting = found.filter(({ family }) => !wanted || family === wanted);
        const [first] = fitting;
        if (!first) throw new Error(`no address of ${hostname}`);
        if (options.all) callback(null, fitting);
        else callback(null, first.address, first.family);
      })
      .catch((cause: unknown) => {
        const error = new Error(`${hostname} was not found`, { cause });
        callback(Object.assign(error, { code: NAME_NOT_FOUND }), []);
      });
  };
}

interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

async function resolveName(hostname: string, names: Names): Promise<Address[]> {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const known = inHostsFile(name, names.hostsFile());
  if (known.length > 0) return known;
  if (name === 'localhost' || name.endsWith('.localhost')) {
    return [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]; // RFC 6761, section 6.3
  }
  for (const asked of namesToAsk(hostname, names.resolverFile())) {
    const answers = await Promise.allSettled([ask(asked, 4, names), ask(asked, 6, names)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    // A server that did not answer this question will not answer the next one.
    if (!answers.every(isDenied)) break;
  }
  return [];
}

async function ask(hostname: string, family: 4 | 6, names: Names): Promise<Address[]> {
  return (await names.resolve(hostname, family)).map((address) => ({ address, family }));
}

/** The codes by which a name server says that a name does not exist. */
const DENIALS = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL'];

function isDenied(answer: PromiseSettledResult<Address[]>): boolean {
  if (answer.status === 'fulfilled') return true;
  const { code } = answer.reason as { readonly code?: unknown };
  return DENIALS.includes(String(code));
}

function inHostsFile(name: string, text: string): Address[] {
  return text.split('\n').flatMap((line) => {
    const [address, ...hosts] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    if (!address || !hosts.includes(name)) return [];
    return [{ address, family: address.includes(':') ? (6 as const) : (4 as const) }];
  });
}

/** The limit of Kubernetes: each domain may cost a question. */
const MAX_DOMAINS = 32;
/** resolv.conf(5) caps larger values at this. */
const MAX_NDOTS = 15;

/**
 * The full names to ask for, in order, by the rules of resolv.conf(5). A name with fewer dots than
 * `ndots`, such as a service of a Kubernetes namespace, is first tried in each domain of the
 * search list; any other name is first tried as it is. A name that ends with a dot is complete.
 */
export function namesToAsk(hostname: string, resolvConf: string): string[] {
  if (hostname.endsWith('.')) return [hostname];
  const { domains, ndots } = parse(resolvConf);
  const inDomains = domains.map((domain) => `${hostname}.${domain}`);
  const isWhole = hostname.split('.').length > ndots;
  return isWhole ? [hostname, ...inDomains] : [...inDomains, hostname];
}

function parse(resolvConf: string): { readonly domains: string[]; readonly ndots: number } {
  let domains: string[] = [];
  let ndots = 1;
  for (const line of resolvConf.split('\n')) {
    const [keyword = '', ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    // The last of several such lines counts.
    if (keyword === 'search' || keyword === 'domain') domains = values;
    if (keyword !== 'options') continue;
    const asked = values.flatMap((value) => /^ndots:(\d{1,9})$/.exec(value)?.[1] ?? []).at(-1);
    if (asked !== undefined) ndots = Math.min(Number(asked), MAX_NDOTS);
  }
  const absolute = domains.map((domain) => domain.replace(/\.$/, '')).filter(Boolean);
  return { domains: absolute.slice(0, MAX_DOMAINS), ndots };
}
