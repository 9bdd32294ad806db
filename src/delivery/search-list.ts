/** As many domains as Kubernetes allows: each may cost a question for one name. */
const MAX_DOMAINS = 32;
/** What more than that says, resolv.conf(5) takes as that. */
const MAX_NDOTS = 15;

/**
 * The names that one may stand for, in the order to ask for them, as resolv.conf(5) has it: one with
 * fewer dots than `ndots` is looked for in the domains of the search list first (a service of a
 * Kubernetes namespace), any other at first as it is. One that ends with a dot is that name only.
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
    // Of several such lines the last one holds.
    if (keyword === 'search' || keyword === 'domain') domains = values;
    if (keyword !== 'options') continue;
    const asked = values.flatMap((value) => /^ndots:(\d{1,9})$/.exec(value)?.[1] ?? []).at(-1);
    if (asked !== undefined) ndots = Math.min(Number(asked), MAX_NDOTS);
  }
  const absolute = domains.map((domain) => domain.replace(/\.$/, '')).filter(Boolean);
  return { domains: absolute.slice(0, MAX_DOMAINS), ndots };
}
