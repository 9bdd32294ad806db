import { type Endpoint, isThisMachines } from '../../project/endpoint.js';
import type { Machine } from './machine-id.js';

/** What proofs are made from. */
export interface ProofSources {
  readonly project: string;
  /** The endpoint of the reports. One from the environment has another ID than all others. */
  readonly endpoint: Endpoint;
  readonly machine: Machine;
  readonly hash: (algorithm: 'sha256', text: string) => string;
}

/** Stands for this machine's collector, which may have another port in each run. */
const THIS_MACHINE = 'http://127.0.0.1';

/**
 * The proof that an ID belongs to this install: HMAC-SHA-256 over the collector's origin, a newline
 * and the project, as 64 hex digits. A collector that was shown it can prove nothing elsewhere.
 */
export function proofFor(
  secret: string,
  { endpoint, project, machine }: Omit<ProofSources, 'hash'>,
): string {
  const bytes = Array.from({ length: secret.length / 2 }, (_, at) =>
    Number.parseInt(secret.slice(2 * at, 2 * at + 2), 16),
  );
  return machine.hmacSha256(Uint8Array.from(bytes), `${originOf(endpoint)}\n${project}`);
}

/** The `owner` of reports: it tells one proof from others, and proves nothing. */
export const ownerOf = (proof: string, { hash }: Pick<ProofSources, 'hash'>): string =>
  hash('sha256', proof).slice(0, 32);

const originOf = (endpoint: Endpoint): string =>
  isThisMachines(endpoint) ? THIS_MACHINE : new URL(endpoint.url).origin;
