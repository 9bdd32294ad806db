import type { HostPaths } from '../exit/host-paths.js';

/** The flags of Node.js and V8 that decide whether and how a Node starts and connects. */
const DECIDING: ReadonlySet<string> = new Set([
  // Certificates and OpenSSL
  ...['use-bundled-ca', 'use-openssl-ca', 'use-system-ca', 'openssl-config'],
  ...['openssl-legacy-provider', 'openssl-shared-config', 'enable-fips', 'force-fips'],
  ...['tls-cipher-list', 'tls-max-v1.2', 'tls-max-v1.3', 'tls-min-v1.0', 'tls-min-v1.1'],
  ...['tls-min-v1.2', 'tls-min-v1.3', 'secure-heap', 'secure-heap-min'],
  // Memory and threads
  ...['max-old-space-size', 'max-old-space-size-percentage', 'initial-old-space-size'],
  ...['max-semi-space-size', 'min-semi-space-size', 'semi-space-growth-factor'],
  ...['max-heap-size', 'initial-heap-size', 'huge-max-old-generation-size'],
  ...['optimize-for-size', 'lite-mode', 'stack-size', 'single-threaded', 'single-threaded-gc'],
  ...['v8-pool-size', 'disable-wasm-trap-handler'],
  // Compilers
  ...['jitless', 'opt', 'turbofan', 'maglev', 'sparkplug', 'always-sparkplug', 'liftoff'],
  ...['expose-wasm', 'wasm-jitless', 'regexp-interpret-all', 'write-protect-code-memory'],
  // Connections
  ...['network-family-autoselection', 'enable-network-family-autoselection'],
  ...['network-family-autoselection-attempt-timeout', 'dns-result-order', 'icu-data-dir'],
]);
/** Those whose value may be the next argument. V8 has none. */
const MAY_PRECEDE_VALUE: ReadonlySet<string> = new Set([
  ...['openssl-config', 'tls-cipher-list', 'secure-heap', 'secure-heap-min', 'v8-pool-size'],
  ...['max-old-space-size-percentage', 'network-family-autoselection-attempt-timeout'],
  ...['dns-result-order', 'icu-data-dir'],
]);
const PATHS = ['openssl-config', 'icu-data-dir'];

/** The flags that the child takes over from its parent, in the order in which Node reads them. */
export function childFlags(
  execArgv: readonly string[],
  nodeOptions: string,
  { full }: Pick<HostPaths, 'full'>,
): string[] {
  return [splitNodeOptions(nodeOptions), execArgv].flatMap((all) =>
    all.flatMap((argument, at) => {
      const [, spelled = '', inside] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
      const flag = spelled.replaceAll('_', '-');
      if (!DECIDING.has(flag.replace(/^no-?/, ''))) return [];
      const value = inside ?? (MAY_PRECEDE_VALUE.has(flag) ? all[at + 1] : undefined);
      if (value === undefined) return [`--${flag}`];
      return [`--${flag}=${PATHS.includes(flag) ? full(value) : value}`];
    }),
  );
}

/** As Node reads `NODE_OPTIONS`: blanks separate, quotes join, a backslash escapes in quotes. */
export function splitNodeOptions(text: string): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let isNew = true;
  for (let at = 0; at < text.length; at += 1) {
    let character = text.charAt(at);
    if (character === '"') {
      isQuoted = !isQuoted;
      continue;
    }
    if (character === ' ' && !isQuoted) {
      isNew = true;
      continue;
    }
    if (character === '\\' && isQuoted) character = text.charAt((at += 1));
    if (isNew) parts.push('');
    isNew = false;
    parts[parts.length - 1] += character;
  }
  return parts;
}
