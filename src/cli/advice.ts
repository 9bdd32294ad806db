import type { Status } from '../status.js';
import type { Diagnosis, Reachability } from '../user/answers.js';

type Done = Extract<Diagnosis, { done: true }>;

/**
 * What whoever does not want it so can do about telemetry that is off.
 *
 * @param name - what the user types before a command, such as `acme telemetry`
 */
export function consentAdvice(
  { mode, consent, reason }: Pick<Status, 'mode' | 'consent' | 'reason'>,
  name: string,
): string | undefined {
  if (mode === 'on') return undefined;
  if (reason === 'gone') return 'Update the program.';
  switch (consent.rule) {
    case 'environment':
      return `To have it on, take ${consent.source} out of the environment.`;
    case 'choice':
    case 'mode':
      return `To have it on: ${name} on`;
    case 'unreadable-choice':
      return `Say again what you want: ${name} on, or ${name} off`;
    case 'test-runner':
      return 'It is off in tests only.';
    case 'child':
    case 'code':
    case 'default':
      return undefined; // nothing that a user could change
  }
}

/** What to do about a collector that was not reached, by what the runtime says of it. */
export function reachAdvice(
  { cause }: Extract<Reachability, { reached: false }>,
  { isImplicit, proxy }: Pick<Done, 'isImplicit' | 'proxy'>,
): string {
  if (isImplicit) {
    return 'Nobody has named a collector: start one here by "npx headcount-collector", or name yours in HEADCOUNT_ENDPOINT.';
  }
  if (proxy?.address !== undefined) {
    return `Look whether the proxy ${proxy.address} (${proxy.variable}) lets it through; NO_PROXY names what needs none.`;
  }
  if (/^(ENOTFOUND|EAI_)/.test(cause)) return 'Look at the name in the address, and at your DNS.';
  if (/CERT|SELF_SIGNED|ISSUER|SIGNATURE|^ERR_TLS/.test(cause)) {
    return 'Its certificate is not trusted here: tell whoever runs it, or name your own authority in NODE_EXTRA_CA_CERTS.';
  }
  if (cause === 'ECONNREFUSED') return 'Nothing listens there: look at the address and its port.';
  return 'Look at the network, and whether it needs a proxy (HTTPS_PROXY). Reports wait until then.';
}
